"""What each query's answers are worth, by the measures of the field."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ir_measures
import numpy as np
from ir_measures import MRR, R, nDCG
from numpy.typing import NDArray

from indexer.evaluating.answering import DEPTH, Answer
from indexer.evaluating.judgments import JudgedQuery
from search.request import MOST_RELATED

Values = NDArray[np.float64]  # one row a query, one column a measure

RANKING: Mapping[str, Any] = {"nDCG@10": nDCG @ 10}
SEARCH: Mapping[str, Any] = {**RANKING, "MRR@10": MRR @ 10, f"recall@{DEPTH}": R @ DEPTH}
RELATED: Mapping[str, Any] = {**RANKING, "MRR@10": MRR @ 10, f"recall@{MOST_RELATED}": R @ MOST_RELATED}


def measured(
    queries: Sequence[JudgedQuery],
    answer: Answer,
    measures: Mapping[str, Any],
    advance: Callable[[int], None] = lambda done: None,
) -> Values:
    """Every query's worth, 0 to 1, by each measure; `advance` is told how many queries are answered."""
    run = {}
    for done, query in enumerate(queries, start=1):
        run[query.id] = {id_: -float(place) for place, id_ in enumerate(answer(query))}
        advance(done)
    truth = {query.id: dict(query.grades) for query in queries}
    row_of = {query.id: row for row, query in enumerate(queries)}
    column_of = {measure: column for column, measure in enumerate(measures.values())}
    values = np.zeros((len(queries), len(measures)))
    for metric in ir_measures.iter_calc(list(column_of), truth, run):
        values[row_of[metric.query_id], column_of[metric.measure]] = metric.value
    return values
