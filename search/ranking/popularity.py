"""Popularity: how little it takes from an article's score that few read it, at most a stated share.

The logarithm of what is counted, as evidence that no query asks for (Craswell, Robertson, Zaragoza and Taylor 2005,
"Relevance weighting for query independent evidence"): from one reader to ten is as much as from ten to a hundred.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from search.article import ArticleId
from search.ranking.candidates import Candidates, Scores

POPULARITY_WEIGHT = 0.05  # the share of a score that being read by nobody takes; small: no judgment here can measure it
FULL_VIEWS = 100.0  # that the most read article is taken to have at least: a few readers decide nothing

# How popular each of these articles is, 0 to 1, at a time; those that nobody reads are left out.
Popularity: TypeAlias = Callable[[Sequence[ArticleId], datetime], Mapping[ArticleId, float]]


def unread(ids: Sequence[ArticleId], now: datetime) -> Mapping[ArticleId, float]:
    """The popularity where no reader is counted."""
    return {}


def popularities(views: Mapping[ArticleId, float]) -> dict[ArticleId, float]:
    """How popular articles are, in [0, 1], from their faded views: log(1 + views) / log(1 + those of the most read).

    >>> popularities({"a": 999.0, "b": 0.0}), round(popularities({"a": 1.0})["a"], 2)
    ({'a': 1.0, 'b': 0.0}, 0.15)
    """
    full = math.log1p(max([FULL_VIEWS, *views.values()]))
    return {id_: math.log1p(count) / full for id_, count in views.items()}


def favoured(popular: Scores, weight: float) -> Scores:
    """What is left of a score, where being read by nobody takes the share `weight`, 0 to 1.

    >>> import numpy as np
    >>> favoured(np.array([1.0, 0.0]), weight=0.2).tolist()
    [1.0, 0.8]
    """
    return 1 - weight * (1 - popular)


def read(candidates: Candidates, popular: Mapping[ArticleId, float]) -> Candidates:
    """The candidates, each score less what little being read takes from it; where none was read, as they are."""
    if not popular:
        return candidates
    return candidates.times("popularity", favoured(candidates.column(popular, 0.0), POPULARITY_WEIGHT))
