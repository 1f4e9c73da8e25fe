from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from indexer.events.seen import DIGEST_BYTES, Seen


def digest(key: object) -> bytes:
    return blake2b(str(key).encode(), digest_size=DIGEST_BYTES).digest()


def test_a_key_is_admitted_so_often_and_no_oftener() -> None:
    seen = Seen(64)
    assert [seen.admits(digest("a"), 3) for _ in range(5)] == [True, True, True, False, False]
    assert seen.admits(digest("b"), 3)


@given(st.lists(st.integers(0, 50), max_size=200), st.integers(1, 4))
def test_no_key_is_admitted_too_often_however_small_the_sketch(keys: list[int], most: int) -> None:
    seen = Seen(16)
    admitted = [key for key in keys if seen.admits(digest(key), most)]
    assert all(admitted.count(key) <= most for key in keys)


def test_a_sketch_is_full_when_as_much_was_counted_as_a_row_has_cells() -> None:
    seen = Seen(4)
    full = []
    for _ in range(4):
        full.append(seen.is_full)
        assert seen.admits(digest("a"), 9)
    assert (full, seen.is_full) == ([False] * 4, True)


def test_few_keys_are_taken_for_others() -> None:
    seen = Seen(2**12)
    new = [seen.admits(digest(key), 1) for key in range(1_000)]  # as a million in a sketch of the size used
    assert new.count(False) < 10


def test_a_key_is_held_once_it_was_counted() -> None:
    seen = Seen(2**12)
    assert seen.admits(digest("a"), 1)
    assert (seen.holds(digest("a")), seen.holds(digest("b"))) == (True, False)
