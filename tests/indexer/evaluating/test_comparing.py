import numpy as np
import pytest

from indexer.evaluating.comparing import compare, evaluated
from indexer.evaluating.intervals import Estimate
from indexer.evaluating.judgments import JudgedQuery
from indexer.evaluating.measuring import RANKING
from search.errors import InvalidValue


def test_gains_are_the_reference_minus_the_others() -> None:
    ones, halves = np.ones((5, 1)), np.full((5, 1), 0.5)
    comparison = compare({"plain": halves, "hybrid": ones}, ["nDCG@10"], "hybrid")
    assert comparison.rows == {
        "plain": {"nDCG@10": Estimate(0.5, 0.5, 0.5)},
        "hybrid": {"nDCG@10": Estimate(1.0, 1.0, 1.0)},
    }
    assert comparison.gains == {"plain": {"nDCG@10": Estimate(0.5, 0.5, 0.5)}}


def test_every_way_answers_every_query_and_progress_counts_them_all() -> None:
    queries = [JudgedQuery(id_, id_, {id_: 1}) for id_ in "ab"]
    told: list[tuple[int, int]] = []
    ways = {"nothing": lambda query: [], "hybrid": lambda query: [query.id]}
    comparison = evaluated(queries, ways, RANKING, lambda done, total: told.append((done, total)))
    assert comparison.gains["nothing"]["nDCG@10"] == Estimate(1.0, 1.0, 1.0)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_one_query_is_refused_before_it_is_asked() -> None:
    with pytest.raises(InvalidValue, match="judged queries is 1, allowed: at least 2"):
        evaluated([JudgedQuery("a", "a", {"a": 1})], {"hybrid": lambda query: pytest.fail("asked")}, RANKING)
