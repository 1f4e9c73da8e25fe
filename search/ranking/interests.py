"""Interests: what somebody has read, in groups of what is alike, so that several interests stay several.

PinnerSage (Pal et al. 2020, arXiv 2007.03634): a reader is no one mean, which lies between football and cooking and
near neither, but groups by Ward's method, which ends where the next merger would cost too much. What was read lately
weighs more. Places in a list are dealt out by the divisors of Webster and Sainte-Laguë, as seats are to parties: in
proportion, and the least of several interests has its turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.embedding.embedder import Vector, Vectors

MOST_APART = 0.8  # what a merger may cost: two reads of this cosine distance are one interest (benchmarks.foryou)
MOST_INTERESTS = 6  # the weightiest: each is one look into the index
READS_HALF_LIFE = 40  # reads after which one counts half

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interest:
    """Reads that are alike: their places among all, in order; the vector that looks for more; and what it weighs."""

    reads: Sequence[int]
    vector: Vector
    weight: float


def interests_of(leads: Sequence[Vector]) -> list[Interest]:
    """The interests of somebody who read articles with these unit vectors, the last one last; the weightiest first.

    >>> one, other = interests_of([np.array(each, dtype=np.float32) for each in ([1, 0], [0, 1], [1, 0])])
    >>> one.reads, other.reads, one.vector.tolist()
    ((0, 2), (1,), [1.0, 0.0])
    """
    if not leads:
        return []
    vectors = np.stack(leads)
    weights = 0.5 ** (np.arange(len(vectors))[::-1] / READS_HALF_LIFE)
    found = []
    for reads in _groups(vectors):
        centre = weights[reads] @ vectors[reads]
        vector = (centre / max(float(np.linalg.norm(centre)), 1e-9)).astype(np.float32)
        found.append(Interest(tuple(reads), vector, float(weights[reads].sum())))
    return sorted(found, key=lambda each: (-each.weight, each.reads))[:MOST_INTERESTS]


def _groups(vectors: Vectors) -> list[list[int]]:
    """Ward's groups, by the recurrence of Lance and Williams 1967: what a merger adds to the squares within groups."""
    groups = [[place] for place in range(len(vectors))]
    costs = 1 - vectors.astype(np.float64) @ vectors.T  # half the square of the distance of unit vectors
    np.fill_diagonal(costs, np.inf)
    sizes = np.ones(len(vectors))
    while len(vectors) > 1:
        one, other = sorted(divmod(int(costs.argmin()), len(costs)))
        cost = costs[one, other]
        if cost > MOST_APART:
            break
        merged = (sizes[one] + sizes) * costs[one] + (sizes[other] + sizes) * costs[other] - sizes * cost
        costs[one] = costs[:, one] = merged / (sizes[one] + sizes[other] + sizes)
        costs[other] = costs[:, other] = costs[one, one] = np.inf
        sizes[one] += sizes[other]
        groups[one], groups[other] = sorted(groups[one] + groups[other]), []
    return [group for group in groups if group]


def turns(weights: Sequence[float], given: Sequence[int]) -> list[int]:
    """Whose turn is next, by what each weighs and how often it had one: all of them, the next one first.

    >>> turns([3.0, 2.0], given=[1, 0]), turns([3.0, 2.0], given=[1, 1])
    ([1, 0], [0, 1])
    """
    return sorted(range(len(weights)), key=lambda place: (-weights[place] / (2 * given[place] + 1), place))
