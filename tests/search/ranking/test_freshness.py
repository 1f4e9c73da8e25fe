from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.freshness import aged, freshness
from search.result import UNKNOWN_TIME

DAY = timedelta(days=1)
DAY_MICROSECONDS = 86_400_000_000


@pytest.mark.parametrize(("days", "expected"), [(0, 1.0), (1, 0.5), (3, 0.125), (-1, 0.5)])
def test_freshness_halves_with_every_half_life_before_and_after(days: int, expected: float) -> None:
    assert freshness(100 * DAY_MICROSECONDS, (100 + days) * DAY_MICROSECONDS, DAY) == expected


def test_an_article_of_unknown_date_is_old() -> None:
    assert freshness(UNKNOWN_TIME, 0, DAY) == 0.0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_age_takes_at_most_its_weight_and_never_adds(score: float, fresh: float, weight: float) -> None:
    assert score * (1 - weight) - 1e-9 <= aged(score, fresh, weight) <= score + 1e-9
