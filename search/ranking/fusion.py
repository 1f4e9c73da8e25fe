"""Fusion: the lists of several legs made one.

A convex combination of min-max normalised scores (Bruch, Gai and Ingber 2022, arXiv 2210.11934), which beats
reciprocal rank fusion in and out of domain, and here on TIME, SciFact and NeuS (docs/quality.md).
"""

from collections.abc import Mapping, Sequence

from search.article import ArticleId
from search.result import Hit, Part, Ranked, in_order

CANDIDATES = 200  # that each leg is asked for


def fuse(legs: Mapping[str, Sequence[Hit]], weights: Mapping[str, float]) -> list[Ranked]:
    """The candidates of all legs, best first: score = Σ weight × normalised score, where a leg that lacks one adds 0.

    Within a leg its best candidate counts 1 and its worst 0; where all are equal, each counts 1.

    >>> lexical = [Hit("a", 9.0, 0), Hit("b", 5.0, 0), Hit("c", 1.0, 0)]
    >>> semantic = [Hit("b", 0.8, 0), Hit("d", 0.4, 0)]
    >>> fused = fuse({"lexical": lexical, "semantic": semantic}, {"lexical": 0.5, "semantic": 0.5})
    >>> [(ranked.hit.id, ranked.hit.score) for ranked in fused]
    [('b', 0.75), ('a', 0.5), ('c', 0.0), ('d', 0.0)]
    """
    parts: dict[ArticleId, dict[str, Part]] = {}
    published: dict[ArticleId, int] = {}
    for leg, hits in legs.items():
        for rank, (hit, normalised) in enumerate(zip(hits, min_max([h.score for h in hits]), strict=True), start=1):
            parts.setdefault(hit.id, {})[leg] = Part(rank, hit.score, normalised, weights[leg])
            published[hit.id] = hit.published
    fused = [
        Ranked(Hit(id_, sum(part.weight * part.normalised for part in of_legs.values()), published[id_]), of_legs)
        for id_, of_legs in parts.items()
    ]
    return sorted(fused, key=lambda ranked: in_order(ranked.hit))


def by_score(candidates: Sequence[Hit], scores: Mapping[ArticleId, float]) -> list[Hit]:
    """The best 200 of those of the candidates that have a score, by it.

    >>> by_score([Hit("a", 0.0, 5), Hit("b", 0.0, 5), Hit("c", 0.0, 5)], {"b": 2.0, "a": 1.0})
    [Hit(id='b', score=2.0, published=5), Hit(id='a', score=1.0, published=5)]
    """
    hits = [Hit(hit.id, scores[hit.id], hit.published) for hit in candidates if hit.id in scores]
    return sorted(hits, key=in_order)[:CANDIDATES]


def min_max(scores: Sequence[float]) -> list[float]:
    """The scores stretched over 0 to 1; equal ones are all 1.

    >>> min_max([3.0, 2.0, 1.0]), min_max([5.0])
    ([1.0, 0.5, 0.0], [1.0])
    """
    if not scores:
        return []
    worst, best = min(scores), max(scores)
    if best == worst:
        return [1.0] * len(scores)
    return [(score - worst) / (best - worst) for score in scores]
