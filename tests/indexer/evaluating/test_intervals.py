import numpy as np
import pytest

from indexer.evaluating.intervals import estimates
from search.errors import InvalidValue


def test_an_interval_of_a_mean_is_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(1).normal(0.6, 0.2, size=(400, 1))
    (estimate,) = estimates(values)
    margin = 1.96 * float(values.std()) / 20
    assert estimate.mean == pytest.approx(float(values.mean()))
    assert estimate.low == pytest.approx(estimate.mean - margin, abs=margin / 10)
    assert estimate.high == pytest.approx(estimate.mean + margin, abs=margin / 10)


def test_a_paired_difference_is_known_far_better_than_its_parts() -> None:
    hard = np.random.default_rng(1).random((200, 1))
    before, after, gain = estimates(np.hstack([hard, hard + 0.01, np.full_like(hard, 0.01)]))
    assert before.high > after.low
    assert [gain.low, gain.high] == pytest.approx([0.01, 0.01])


def test_one_seed_gives_one_interval_and_another_nearly_the_same() -> None:
    values = np.random.default_rng(1).random((100, 2))
    assert estimates(values, seed=7) == estimates(values, seed=7)
    assert estimates(values, seed=7) != estimates(values, seed=8)
    assert estimates(values, seed=7)[0].low == pytest.approx(estimates(values, seed=8)[0].low, abs=0.002)


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_queries_have_no_interval(count: int) -> None:
    with pytest.raises(InvalidValue, match=f"judged queries is {count}, allowed: at least 2"):
        estimates(np.zeros((count, 1)))
