import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.embedding.embedder import Vector
from search.ranking.interests import MOST_INTERESTS, interests_of, turns


def unit(*values: float) -> Vector:
    vector = np.array(values, dtype=np.float32)
    return vector / np.float32(np.linalg.norm(vector))


FOOTBALL, COOKING, OPERA = (1, 0, 0), (0, 1, 0), (0, 0, 1)


def test_several_interests_stay_several_and_what_is_alike_is_one() -> None:
    leads = [unit(*each) for each in (FOOTBALL, COOKING, (0.9, 0.1, 0.1), (0.1, 0.9, 0))]
    assert sorted(tuple(each.reads) for each in interests_of(leads)) == [(0, 2), (1, 3)]


def test_an_interest_looks_from_among_its_reads_and_not_from_between_two_interests() -> None:
    for interest in interests_of([unit(*FOOTBALL), unit(*COOKING)]):
        assert max(interest.vector.tolist()) == 1.0


def test_what_was_read_last_weighs_most() -> None:
    leads = [unit(*each) for each in (FOOTBALL, COOKING, OPERA)]
    assert [each.reads for each in interests_of(leads)] == [(2,), (1,), (0,)]


def test_many_reads_weigh_more_than_one_that_is_newer() -> None:
    leads = [unit(*each) for each in (FOOTBALL, FOOTBALL, FOOTBALL, COOKING)]
    assert [each.reads for each in interests_of(leads)] == [(0, 1, 2), (3,)]


def test_who_has_read_nothing_has_no_interest() -> None:
    assert interests_of([]) == []


def test_two_reads_that_say_the_opposite_are_two_interests() -> None:
    assert len(interests_of([unit(1, 0), unit(-1, 0)])) == 2


@given(st.lists(st.lists(st.floats(-1, 1).filter(lambda x: abs(x) > 1e-3), min_size=4, max_size=4), max_size=30))
def test_every_read_is_of_one_interest_at_most_and_vectors_are_of_unit_length(values: list[list[float]]) -> None:
    found = interests_of([unit(*each) for each in values])
    reads = [place for each in found for place in each.reads]
    assert len(reads) == len(set(reads))
    assert len(found) <= MOST_INTERESTS
    assert len(reads) == len(values) or len(found) == MOST_INTERESTS
    assert all(abs(float(np.linalg.norm(each.vector)) - 1) < 1e-3 for each in found)
    weights = [each.weight for each in found]
    assert weights == sorted(weights, reverse=True)


def test_turns_are_dealt_in_proportion_and_the_least_has_one() -> None:
    given_, dealt = [0, 0, 0], []
    for _ in range(10):
        turn = turns([6.0, 3.0, 1.0], given_)[0]
        given_[turn] += 1
        dealt.append(turn)
    assert (given_, dealt[0]) == ([6, 3, 1], 0)
