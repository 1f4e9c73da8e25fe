import numpy as np
import pytest

from indexer.follow import Progress
from indexer.training import Bags, bagged, trained
from search.embedding.embedder import Vectors, unit
from search.embedding.static import Table

PRIOR = unit(np.random.default_rng(1).standard_normal((6, 3)))
PAIRS = 4
FEATURES = [np.array(rows, dtype=np.int64) for rows in ([0], [1, 2, 7], [3, 4, 8], [5, 5, 9])]
TARGETS = unit(np.random.default_rng(0).standard_normal((4, 3))).astype(np.float16)


def learnt(rounds: int, seed: int = 1, progress: Progress = lambda done, total: None) -> tuple[Table, list[float]]:
    return trained(bagged(FEATURES), TARGETS, PRIOR, PAIRS, rounds, seed, progress)


def summed(table: Table) -> Vectors:
    return unit(np.stack([table[rows].sum(axis=0) for rows in FEATURES]))


def test_bags_give_the_rows_of_any_texts_in_any_order() -> None:
    bags = bagged(FEATURES)
    assert isinstance(bags, Bags)
    rows, begins = bags.of(np.array([3, 0, 1]))
    assert (rows.tolist(), begins.tolist()) == ([5, 5, 9, 0, 1, 2, 7], [0, 3, 4])


def test_the_sums_of_rows_come_to_point_where_the_targets_do() -> None:
    told: list[tuple[int, int]] = []
    table, losses = trained(
        bagged(FEATURES), TARGETS, PRIOR, PAIRS, 400, 1, lambda done, total: told.append((done, total))
    )
    assert np.sum(summed(table) * TARGETS, axis=1) == pytest.approx(np.ones(4), abs=0.02)
    assert (len(losses), losses[-1] < 0.02 < losses[0]) == (400, True)
    assert told[-1] == (1_600, 1_600)


def test_a_pair_that_was_never_seen_says_nothing() -> None:
    table, _ = learnt(2)
    assert table[6].tolist() == [0, 0, 0]
    assert np.all(table[7:] != 0)


def test_the_same_seed_gives_the_same_table() -> None:
    once, again, other = (
        trained(bagged(FEATURES), TARGETS, PRIOR, PAIRS, 3, seed, lambda done, total: None)[0].tolist()
        for seed in (1, 1, 2)
    )
    assert once == again != other
