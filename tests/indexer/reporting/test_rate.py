import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.reporting.rate import Rate, grouped


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


GROUPS = st.lists(st.integers(0, 50).flatmap(lambda of: st.builds(Rate, st.integers(0, of), st.just(of))))


@given(GROUPS)
def test_groups_count_together_and_are_never_surer_than_if_all_were_independent(groups: list[Rate]) -> None:
    rate = grouped(groups)
    assert (rate.count, rate.of) == (sum(each.count for each in groups), sum(each.of for each in groups))
    assert rate.effective is not None
    assert 0 <= rate.effective <= rate.of
    low, high = rate.interval
    narrow_low, narrow_high = Rate(rate.count, rate.of).interval
    assert low <= narrow_low + 1e-9
    assert narrow_high - 1e-9 <= high


def test_groups_that_are_unlike_each_other_say_less_than_groups_that_are_alike() -> None:
    alike = grouped([Rate(7, 10)] * 20)
    apart = grouped([Rate(10, 10)] * 14 + [Rate(0, 10)] * 6)
    assert alike.effective == 200
    assert apart.effective == pytest.approx(18, abs=0.1)  # 20 groups, less what the jackknife adds
    assert grouped([Rate(70, 100)]).effective == 1
