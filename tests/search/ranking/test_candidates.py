import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.candidates import NO_CANDIDATES, Candidates
from search.result import Hit, Ranked, in_order

hits = st.lists(
    st.builds(Hit, st.text(max_size=3), st.floats(-2, 2, allow_nan=False), st.integers(-5, 5)),
    unique_by=lambda hit: hit.id,
)


@given(hits)
def test_candidates_come_in_the_total_order_whatever_order_they_came_in(found: list[Hit]) -> None:
    candidates = Candidates.of(found)
    assert candidates.hits() == sorted(found, key=in_order)
    assert candidates.best(2) == sorted(found, key=in_order)[:2]


@given(hits, st.floats(0.1, 2))
def test_factors_multiply_scores_and_are_told_with_them(found: list[Hit], factor: float) -> None:
    column = np.array([factor if id_ < "m" else np.nan for id_ in sorted(hit.id for hit in found)])
    times = Candidates.of(found).times("editorial", column)
    expected = [
        Ranked(hit._replace(score=hit.score * factor), {}, {"editorial": factor}) if hit.id < "m" else Ranked(hit, {})
        for hit in found
    ]
    assert times.ranked(times.hits()) == sorted(expected, key=lambda each: in_order(each.hit))


def test_what_is_known_of_candidates_is_a_column_in_order_of_their_ids() -> None:
    candidates = Candidates.of([Hit("b", 0.0, 0), Hit("a", 0.0, 0)])
    assert candidates.column({"b": 2.0, "z": 1.0}, 0.0).tolist() == [0.0, 2.0]
    assert np.isnan(candidates.column({})).all()


def test_those_that_a_mask_allows_are_left() -> None:
    candidates = Candidates.of([Hit("b", 0.5, 1), Hit("a", 0.2, 2)])
    assert candidates.chosen(np.array([False, True])).hits() == [Hit("b", 0.5, 1)]


def test_what_is_pinned_without_having_matched_has_no_parts() -> None:
    assert NO_CANDIDATES.ranked([Hit("z", 0.0, 0)], {"z": ["y"]}, {"z"}) == [
        Ranked(Hit("z", 0.0, 0), {}, {}, ("y",), is_pinned=True)
    ]
    assert (len(NO_CANDIDATES), NO_CANDIDATES.hits()) == (0, [])
