from datetime import timedelta

from tests.web.newsroom import NOON
from web.cache import JSON, LARGEST_ANSWER, LONGEST_AGE, OVERHEAD, AnswerCache, Entry, Kept

SECOND = timedelta(seconds=1)


def entry(body: bytes = b"", state: object = 1) -> Entry:
    return Entry(Kept("/", "text/html", body, "e"), state, NOON)


def test_an_answer_is_right_in_its_state_for_a_minute() -> None:
    kept = entry(state=("000001", frozenset({"a"})))
    assert kept.is_right(("000001", frozenset({"a"})), NOON)
    assert kept.is_right(("000001", frozenset({"a"})), NOON + LONGEST_AGE - SECOND)
    assert not kept.is_right(("000001", frozenset({"a"})), NOON + LONGEST_AGE)
    assert not kept.is_right(("000001", frozenset({"a"})), NOON - SECOND)
    assert not kept.is_right(("000001", frozenset()), NOON)


def test_the_last_answer_to_a_request_is_kept() -> None:
    cache = AnswerCache()
    assert cache.find(("/",)) is None
    for number in (1, 2):
        cache.keep(("/",), entry(state=number))
    assert cache.find(("/",)) == entry(state=2)
    assert len(cache) == 1


def test_what_was_least_lately_asked_goes_first_when_there_is_no_room() -> None:
    cache = AnswerCache(most_bytes=2 * (OVERHEAD + 2))
    for path in ("/a", "/b"):
        cache.keep((path,), entry())
    cache.find(("/a",))
    cache.keep(("/c",), entry())
    assert [cache.find((path,)) is not None for path in ("/a", "/b", "/c")] == [True, False, True]


def test_an_answer_in_place_of_another_takes_its_room() -> None:
    cache = AnswerCache(most_bytes=2 * (OVERHEAD + 2))
    for _ in range(5):
        cache.keep(("/a",), entry())
    cache.keep(("/b",), entry())
    assert len(cache) == 2


def test_an_answer_or_an_address_that_is_too_large_is_not_kept() -> None:
    cache = AnswerCache()
    cache.keep(("/",), entry(b"x" * LARGEST_ANSWER))
    cache.keep(("/" * LARGEST_ANSWER,), entry())
    assert len(cache) == 0


def test_json_is_told_with_the_time_it_took_and_nothing_to_who_has_the_same() -> None:
    kept = Kept("/", JSON, b'{"hits":[]', "abc")
    status, headers, body = kept.told(None, 0.0)
    assert (status, dict(headers)["Content-Type"], int(dict(headers)["Content-Length"])) == (200, JSON, len(body))
    assert body.startswith(b'{"hits":[],"took_ms":')
    assert body.endswith(b"}\n")
    for held in ('W/"abc"', '"abc"', '"x", W/"abc"', "*"):
        assert kept.told(held, 0.0)[::2] == (304, b""), held
    for held in ('W/"abd"', "abd", '"', ""):
        assert kept.told(held, 0.0)[0] == 200, held
