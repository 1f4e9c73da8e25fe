import math

import pytest

from indexer.evaluating.judgments import JudgedQuery
from indexer.evaluating.measuring import RELATED, SEARCH, measured

QUERIES = [
    JudgedQuery("first", "storm", {"a": 1}),
    JudgedQuery("second", "ferry", {"a": 2, "b": 1}),
    JudgedQuery("nothing", "fog", {"c": 1}),
]
ANSWERS = {"first": ["a", "x"], "second": ["x", "b", "a"], "nothing": []}


def test_measures_are_those_of_the_textbooks() -> None:
    values = measured(QUERIES, lambda query: ANSWERS[query.id], SEARCH)
    ideal = 2 + 1 / math.log2(3)
    second = (1 / math.log2(3) + 2 / 2) / ideal  # Järvelin and Kekäläinen 2002, gain linear as trec_eval has it
    assert list(SEARCH) == ["nDCG@10", "MRR@10", "recall@100"]
    assert values.tolist() == [[1, 1, 1], [pytest.approx(second), 0.5, 1], [0, 0, 0]]


def test_related_articles_are_judged_as_deep_as_they_go() -> None:
    assert list(RELATED) == ["nDCG@10", "MRR@10", "recall@50"]


def test_progress_is_told_query_by_query() -> None:
    told: list[int] = []
    measured(QUERIES, lambda query: [], SEARCH, told.append)
    assert told == [1, 2, 3]
