"""How vector searches are compared."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.vectors import QUERIES, Row, best_at_goal, between, compared, held_out, made
from indexer.ledger import Ledger
from search.embedding.embedder import unit
from tests.builders import article

ROWS: list[Row] = [
    ("one", 16, 0.96, 0.1, 0.2),
    ("one", 32, 0.99, 0.4, 0.6),
    ("one", 64, 0.995, 0.3, 0.6),
    ("other", 16, 0.90, 0.1, 0.2),
    ("other", 32, 0.91, 0.2, 0.4),
]


def test_of_the_efforts_that_reach_the_goal_the_fastest_counts() -> None:
    assert best_at_goal(ROWS, "one") == ("one", 64, 0.995, 0.3, 0.6)


def test_where_none_reaches_it_the_one_that_finds_most_counts_and_there_is_no_time_at_the_goal() -> None:
    assert (best_at_goal(ROWS, "other"), between(ROWS, "other")) == (("other", 32, 0.91, 0.2, 0.4), None)


def test_the_time_at_the_goal_lies_between_the_efforts_on_both_sides_of_it() -> None:
    assert between(ROWS[:2], "one") == pytest.approx(0.1 * 4 ** (2 / 3), abs=1e-3)


def test_vectors_and_queries_of_a_ledger_are_apart_and_at_most_as_many_as_asked_for(tmp_path: Path) -> None:
    every = unit(np.random.default_rng(3).normal(size=(QUERIES + 50, 8)).astype(np.float32))
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        ledger.keep_vectors("m", ((article(str(at), f"title {at}"), row[None, :]) for at, row in enumerate(every)))
    vectors, queries = held_out(tmp_path / "ledger.sqlite3", 30)
    together = np.concatenate([vectors, queries])
    assert (vectors.shape, queries.shape, len(np.unique(together, axis=0))) == ((30, 8), (QUERIES, 8), QUERIES + 30)


def test_our_own_graph_finds_nearly_all_by_the_same_measure(tmp_path: Path) -> None:
    every = unit(np.random.default_rng(4).normal(size=(1_100, 16)).astype(np.float32))
    peer = made("broadsheet")
    peer.build(every[:1_000], tmp_path / "index")
    peer.open(tmp_path / "index")
    rows = compared({"broadsheet": peer}, every[:1_000], every[1_000:])
    assert [(name, effort) for name, effort, *_ in rows] == [("broadsheet", effort) for effort in peer.efforts]
    assert rows[-1][2] > 0.98
