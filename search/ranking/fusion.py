"""Fusion: the scores of several legs made one.

A convex combination of min-max normalised scores (Bruch, Gai and Ingber 2022, arXiv 2210.11934), which beats
reciprocal rank fusion in and out of domain, and here on TIME, SciFact and NeuS (docs/quality.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from search.article import ArticleId
from search.ranking.candidates import Candidates, Leg, Scores
from search.result import Hit

CANDIDATES = 200  # that each leg is asked for

LegScores = Mapping[str, Mapping[ArticleId, float]]


def pooled(legs: Mapping[str, Sequence[Hit]]) -> tuple[Candidates, LegScores]:
    """The candidates of all legs, and what each leg gave them.

    >>> candidates, scores = pooled({"lexical": [Hit("a", 9.0, 0)], "semantic": [Hit("b", 0.8, 0), Hit("a", 0.4, 0)]})
    >>> candidates.ids, scores["semantic"]
    (['a', 'b'], {'b': 0.8, 'a': 0.4})
    """
    candidates = Candidates.of(hit for hits in legs.values() for hit in hits)
    return candidates, {name: {hit.id: hit.score for hit in hits} for name, hits in legs.items()}


def fuse(candidates: Candidates, legs: LegScores, weights: Mapping[str, float]) -> Candidates:
    """The candidates scored by all legs: score = Σ weight × normalised score, where a leg that lacks one adds 0.

    Of a leg the best 200 count, and a candidate that is in none of them is left out. Of these the best counts 1 and
    the worst 0; where all are equal, each counts 1.

    >>> legs = {"lexical": {"a": 9.0, "b": 5.0, "c": 1.0}, "semantic": {"b": 0.8, "d": 0.4}}
    >>> fused = fuse(Candidates.of(Hit(id_, 0.0, 0) for id_ in "abcd"), legs, {"lexical": 0.5, "semantic": 0.5})
    >>> [(hit.id, hit.score) for hit in fused.hits()]
    [('b', 0.75), ('a', 0.5), ('c', 0.0), ('d', 0.0)]
    """
    columns = {name: _best(candidates, scores) for name, scores in legs.items()}
    is_in_any = np.any([~np.isnan(column) for column in columns.values()], axis=0)
    left = candidates.chosen(is_in_any)
    fused = {
        name: Leg(column[is_in_any], min_max(column[is_in_any]), weights[name]) for name, column in columns.items()
    }
    total = np.zeros(len(left))
    for leg in fused.values():
        total += leg.weight * np.nan_to_num(leg.normalised)
    return replace(left, scores=total, legs=fused)


def _best(candidates: Candidates, scores: Mapping[ArticleId, float]) -> Scores:
    """The scores of the best 200 of the candidates, NaN for the others."""
    column = candidates.column(scores)
    column[candidates.order(column)[CANDIDATES:]] = np.nan
    return column


def min_max(scores: Scores) -> Scores:
    """The scores stretched over 0 to 1; equal ones are all 1, and NaN stays.

    >>> min_max(np.array([3.0, 2.0, np.nan, 1.0])).tolist(), min_max(np.array([5.0])).tolist()
    ([1.0, 0.5, nan, 0.0], [1.0])
    """
    worst, best = np.fmin.reduce(scores, initial=np.inf), np.fmax.reduce(scores, initial=-np.inf)
    if not worst < best:
        return np.where(np.isnan(scores), np.nan, 1.0)
    return np.asarray((scores - worst) / (best - worst))
