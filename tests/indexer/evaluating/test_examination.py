from collections.abc import Sequence
from random import Random

import pytest

from indexer.evaluating.counting import Cell
from indexer.evaluating.examination import LEAST, examination
from tests.indexer.evaluating.simulated import confounded

FLAT, STEEP = [1.0] * 10, [position**-1.4 for position in range(1, 11)]


@pytest.mark.parametrize(("patience", "seed"), [(FLAT, 1), (STEEP, 2)])
def test_patience_is_learnt_though_the_best_articles_stand_last(patience: Sequence[float], seed: int) -> None:
    log = confounded(patience, [0.5 - 0.045 * number for number in range(10)], Random(seed))
    assert examination(log) == pytest.approx(patience, rel=0.25, abs=0.03)


def test_it_takes_a_log_that_moves_articles_to_learn_anything() -> None:
    still = [Cell("rain", f"a{at}", at, 1_000, 500) for at in range(1, 5)]
    assert examination(still) == [1.0, 0.5, 0.3333, 0.25]
    assert examination([]) == []


def test_positions_that_no_article_moved_to_follow_the_curve_and_those_in_between_lean_on_it() -> None:
    moved = [Cell("rain", "a", 1, 9_000, 900), Cell("rain", "a", 2, 9_000, 900)]
    few = [Cell("snow", "b", 1, 10, 1), Cell("snow", "b", 3, 10, 1)]
    first, second, third, fourth = examination([*moved, *few, Cell("rain", "c", 4, 10, 1)])
    assert (first, second) == pytest.approx((1, 1), abs=0.02)
    assert 0.34 < third < 1
    assert fourth < third


def test_no_position_counts_for_more_than_the_first_or_less_than_a_twentieth() -> None:
    log = [Cell("rain", "a", 1, 9_000, 900), Cell("rain", "a", 2, 9_000, 1_800), Cell("rain", "a", 3, 90_000, 9)]
    assert examination(log) == [1.0, 1.0, LEAST]
