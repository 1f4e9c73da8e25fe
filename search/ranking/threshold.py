"""Whether anything answers at all: the nearest articles of an archive are always some, however far.

The evidence for an article is the cosine of its nearest passage and the share of the query's words that it holds. One
article must reach the floor, and the floor is the archive's own: among N articles the nearest to a text that none
answers lies, by chance alone, about as many deviations of the cosine away as the largest of N draws does (extreme
values of the normal distribution: Gumbel 1958), so that a large archive asks for more than a small one. A query may be
short of it by as much as it is about what the archive is about: near the centre of its articles, where they are dense.
"""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from search.embedding.embedder import Vector
from search.engines.engine import Likeness
from search.ranking.candidates import Scores
from search.result import Hit

SEMANTIC_FLOOR = 0.15  # a cosine below it is no likeness: nDCG@10 with and without it: docs/quality.md
ANSWER_MARGIN = 0.12  # above the floor, that a query must reach: fitted on half of the queries, docs/ranking.md
TOPICALITY_WEIGHT = 0.2  # of the archive's own topic, beside a cosine of 1: fitted with it
LEAST_MEAN = 0.05  # cosine of two articles: in a more varied archive nothing is on topic by it
COVERAGE_WEIGHT = 0.3  # of all the query's words beside a cosine of 1: docs/ranking.md
FEWEST_DRAWS = 100  # however few the articles: a site of ten is as strict as one of a hundred
DEVIATIONS = 0.1, 0.13  # between which it is taken to be: those of a few articles on one topic say little
ALL_WORDS = 0.999  # an article with every word of a query is always an answer


def above_floor(hits: Sequence[Hit], floor: float = SEMANTIC_FLOOR) -> list[Hit]:
    """The hits whose cosine is at least the floor, in their order.

    >>> [hit.id for hit in above_floor([Hit("near", 0.4, 0), Hit("edge", 0.15, 0), Hit("far", 0.1, 0)])]
    ['near', 'edge']
    """
    return [hit for hit in hits if hit.score >= floor]


def evidence_floor(likeness: Likeness, fewest: int = FEWEST_DRAWS) -> float:
    """The evidence that chance gives in an archive to the article nearest to anything; of `fewest` articles or more.

    >>> import numpy as np
    >>> round(evidence_floor(Likeness(1_000, mean=0.1, deviation=0.1, centre=np.zeros(384))), 3)
    0.309
    """
    draws = max(likeness.articles, fewest)
    return min(max(likeness.deviation, DEVIATIONS[0]), DEVIATIONS[1]) * NormalDist().inv_cdf(1 - 1 / draws)


def answer_floor(likeness: Likeness, query: Vector, *, is_heard: bool) -> float:
    """The evidence that an answer to a query must have in an archive.

    `is_heard` says whether the archive has any of its words: only then does it help to be near the archive's topic,
    since what is no language at all is near it too, by chance.
    """
    topicality = min(max(float(likeness.centre @ query) / max(likeness.mean, LEAST_MEAN), 0.0), 1.0)
    return evidence_floor(likeness) + ANSWER_MARGIN - (TOPICALITY_WEIGHT * topicality if is_heard else 0.0)


def evidence(cosines: Scores, coverage: Scores) -> Scores:
    """How much speaks for articles: the cosine of its nearest passage, and the share of the words that it holds."""
    return cosines + COVERAGE_WEIGHT * coverage


def undecided(cosines: Scores, floor: float) -> NDArray[np.bool_]:
    """For which articles it hangs on their words whether they reach the floor.

    >>> undecided(np.array([0.6, 0.4, 0.1]), floor=0.5).tolist()
    [False, True, False]
    """
    return (cosines < floor) & (evidence(cosines, np.ones_like(cosines)) >= floor)


def is_answered(cosines: Scores, coverage: Scores, floor: float) -> bool:
    """Whether one of the articles has evidence enough, or every word of the query.

    >>> is_answered(np.array([0.4]), np.array([0.5]), 0.5), is_answered(np.array([0.4, 0]), np.array([0, 0.5]), 0.5)
    (True, False)
    """
    return bool(np.any((coverage >= ALL_WORDS) | (evidence(cosines, coverage) >= floor)))
