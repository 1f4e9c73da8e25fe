import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.reporting.rate import Rate


@pytest.mark.parametrize(  # Newcombe 1998, "Two-sided confidence intervals", table I, method 3
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_the_literature(count: int, of: int, low: float, high: float) -> None:
    assert Rate(count, of).interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(count: int, of: int) -> None:
    rate = Rate(count, of)
    low, high = rate.interval
    assert 0 <= low <= rate.share + 1e-12
    assert rate.share - 1e-12 <= high <= 1


@given(st.integers(1, 1_000), st.data())
def test_what_holds_of_a_share_holds_of_the_rest(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    low, high = Rate(of - count, of).interval
    assert Rate(count, of).interval == pytest.approx((1 - high, 1 - low))


def test_of_nothing_nothing_is_known_and_more_than_all_is_all() -> None:
    assert (Rate(0, 0).share, Rate(0, 0).interval) == (0.0, (0.0, 1.0))
    assert Rate(7, 5) == Rate(5, 5)
