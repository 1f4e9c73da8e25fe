"""Versions: wire copies and reprints of one text, told by their leads.

Near-duplicates by the cosine of embeddings, as SemDeDup has it (Abbas et al. 2023, arXiv 2303.09540), within days of
each other: a column that runs each year under one headline is no version of last year's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from search.article import ArticleId
from search.embedding.embedder import Vector
from search.result import Hit, Ranked

VERSION_COSINE = 0.95  # of two leads that say the same in the same words
VERSION_AGE = timedelta(days=3)  # between two versions at most

_VERSION_MICROSECONDS = VERSION_AGE // timedelta(microseconds=1)


def are_versions(one: Hit, other: Hit, cosine: float) -> bool:
    """Whether two articles are one text: near in time and nearly the same; two undated ones are near in time.

    >>> are_versions(Hit("a", 1, 0), Hit("b", 1, 86_400_000_000), cosine=0.97)
    True
    """
    return cosine >= VERSION_COSINE and abs(one.published - other.published) <= _VERSION_MICROSECONDS


def folded(ranked: Sequence[Ranked], leads: Mapping[ArticleId, Vector]) -> list[Ranked]:
    """The list without the versions of what stands before them; each keeps the ids of its own.

    A version of a version is one too: a wire story drifts from one take to the next.
    """
    if not ranked:
        return []
    rows = np.stack([leads[each.hit.id] for each in ranked])
    pairs = np.argwhere(np.triu(rows @ rows.T >= VERSION_COSINE, k=1)).tolist()  # in order, and few
    first_of = list(range(len(ranked)))
    for place, later in pairs:
        if are_versions(ranked[place].hit, ranked[later].hit, VERSION_COSINE):
            first, other = sorted((first_of[place], first_of[later]))
            first_of = [first if each == other else each for each in first_of]
    versions: dict[int, list[ArticleId]] = {}
    for place, first in enumerate(first_of):
        if first != place:
            versions.setdefault(first, []).append(ranked[place].hit.id)
    return [
        replace(each, versions=tuple(versions[place])) if place in versions else each
        for place, each in enumerate(ranked)
        if first_of[place] == place
    ]
