"""What an exact search finds: BM25 and cosine over everything, no index of anybody's, fused in two ways."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.hybrid_peer import Vector, Vectors, best_of, reciprocal_ranks
from search.ranking.fusion import min_max

K1, B = 1.2, 0.75  # of BM25, Robertson and Zaragoza 2009: what Lucene and tantivy take

Scored = tuple[list[int], list[float]]  # rows and scores, best first


class Bm25:
    """Scores texts, each given as its terms, one after the other."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        self._postings: dict[str, tuple[array[int], array[int]]] = {}
        lengths = []
        for row, terms in enumerate(texts):
            lengths.append(len(terms))
            for term, count in Counter(terms).items():
                rows, counts = self._postings.setdefault(term, (array("i"), array("i")))
                rows.append(row)
                counts.append(count)
        self._lengths = np.array(lengths) / max(1.0, float(np.mean(lengths)))

    def best(self, terms: Sequence[str], limit: int) -> Scored:
        """The best rows that hold any of the terms."""
        scores = np.zeros(len(self._lengths))
        for term in dict.fromkeys(terms):
            if term in self._postings:
                rows, counts = (np.array(each) for each in self._postings[term])
                idf = math.log(1 + (len(scores) - len(rows) + 0.5) / (len(rows) + 0.5))
                scores[rows] += idf * counts * (K1 + 1) / (counts + K1 * (1 - B + B * self._lengths[rows]))
        return _best(scores, min(limit, int(np.count_nonzero(scores))))


def nearest(vectors: Vectors, vector: Vector, limit: int) -> Scored:
    """The best rows by cosine."""
    return _best(vectors @ vector, min(limit, len(vectors)))


def by_reciprocal_ranks(legs: Sequence[Scored]) -> list[int]:
    """Both legs by their ranks alone, as the rivals fuse them."""
    return reciprocal_ranks([rows for rows, _ in legs])


def by_min_max(legs: Sequence[Scored]) -> list[int]:
    """Both legs by their scores, each stretched over 0 to 1, as a search here fuses them.

    >>> by_min_max([([1, 2, 3], [9.0, 5.0, 1.0]), ([2, 4], [0.8, 0.4])])
    [2, 1, 3, 4]
    """
    scores: dict[int, float] = {}
    for rows, own in legs:
        for row, score in zip(rows, min_max(np.array(own)).tolist(), strict=True):
            scores[row] = scores.get(row, 0.0) + score
    return best_of(scores)


def _best(scores: NDArray[np.floating], limit: int) -> Scored:
    if limit == 0:
        return [], []
    best = np.argpartition(-scores, limit - 1)[:limit]
    best = best[np.lexsort((best, -scores[best]))]
    return best.tolist(), scores[best].tolist()
