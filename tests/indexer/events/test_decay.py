from datetime import timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.events.decay import HALF_LIFE, NO_HEAT, amount, heat_of, joined
from tests.builders import NOW, utc

offsets = st.lists(st.integers(0, 400), min_size=1, max_size=30)


@given(offsets, st.randoms())
def test_a_faded_sum_is_the_sum_of_faded_events_in_whatever_order_they_come(days: list[int], lot: object) -> None:
    times = [NOW - timedelta(days=each) for each in days]
    expected = sum(0.5 ** ((NOW - time) / HALF_LIFE) for time in times)
    lot.shuffle(times)  # type: ignore[attr-defined]
    *_, heat = accumulate(map(heat_of, times), joined, initial=NO_HEAT)
    assert amount(heat, NOW) == pytest.approx(expected, rel=1e-9)
    assert amount(heat, NOW + HALF_LIFE) == pytest.approx(expected / 2, rel=1e-9)


def test_of_two_sums_the_hotter_is_the_larger_at_any_time_and_no_number_overflows() -> None:
    old, new = joined(heat_of(NOW), heat_of(NOW)), heat_of(NOW + 2 * HALF_LIFE)
    assert new > old
    assert amount(new, NOW + 2 * HALF_LIFE) > amount(old, NOW + 2 * HALF_LIFE)
    assert 0 < amount(heat_of(utc(2199, 1, 1)), utc(2200, 1, 1)) < 1e-12
    assert amount(heat_of(utc(1970, 1, 1)), utc(2200, 1, 1)) == amount(NO_HEAT, NOW) == 0
