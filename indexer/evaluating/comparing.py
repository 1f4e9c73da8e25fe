"""Several ways to answer the same queries, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.evaluating.answering import HYBRID, Answer
from indexer.evaluating.intervals import Estimate, checked_count, estimates
from indexer.evaluating.judgments import JudgedQuery
from indexer.evaluating.measuring import Values, measured
from indexer.follow import Progress

ByMeasure = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`rows`: every way's estimates. `gains`: what the reference gains over every other way, query by query."""

    reference: str
    rows: Mapping[str, ByMeasure]
    gains: Mapping[str, ByMeasure]


def evaluated(
    queries: Sequence[JudgedQuery],
    ways: Mapping[str, Answer],
    measures: Mapping[str, Any],
    progress: Progress = lambda done, total: None,
) -> Comparison:
    """What every way to answer the queries is worth, and what the hybrid gains over each."""
    checked_count(queries)
    values: dict[str, Values] = {}
    for name, answer in ways.items():
        before, total = len(values) * len(queries), len(ways) * len(queries)
        values[name] = measured(queries, answer, measures, lambda done: progress(before + done, total))  # noqa: B023
    return compare(values, list(measures), HYBRID)


def compare(values: Mapping[str, Values], measures: Sequence[str], reference: str) -> Comparison:
    """The estimates of every way and of its paired difference from the reference, all from the same resamples."""
    others = [name for name in values if name != reference]
    columns = [*values.values(), *(values[reference] - values[name] for name in others)]
    found = estimates(np.hstack(columns))
    width = len(measures)
    tables = [dict(zip(measures, found[at : at + width], strict=True)) for at in range(0, len(found), width)]
    return Comparison(
        reference,
        dict(zip(values, tables[: len(values)], strict=True)),
        dict(zip(others, tables[len(values) :], strict=True)),
    )
