"""Hubness: some articles are near to everything, and so stand under every text.

In many dimensions a few points are among the nearest of very many others (Radovanović, Nanopoulos and Ivanović 2010).
Cross-domain similarity local scaling takes from a cosine how near the candidate's own neighbours are to it (Conneau et
al. 2018, arXiv 1710.04087, section 2.3): who is near to all is a weak answer to each.
"""

import numpy as np
from numpy.typing import NDArray

from search.embedding.embedder import Vectors

NEIGHBOURS = 3  # of a candidate among the candidates: 1 to 50 compared, docs/ranking.md
HUBNESS_WEIGHT = 0.7  # of their mean cosine


def hubness(leads: Vectors) -> NDArray[np.float32]:
    """How near the nearest others are to each candidate: the mean cosine of three of them, 0 where there are no others.

    >>> hubness(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])).tolist()
    [0.5, 0.5, 0.0]
    """
    count = min(NEIGHBOURS, len(leads) - 1)
    if count < 1:
        return np.zeros(len(leads), dtype=np.float32)
    cosines = leads @ leads.T
    np.fill_diagonal(cosines, -np.inf)
    nearest = np.partition(cosines, -count, axis=1)[:, -count:]
    means: NDArray[np.float32] = nearest.mean(axis=1)
    return means
