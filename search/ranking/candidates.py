"""Candidates: what may answer, in columns, so that ranking is arithmetic on whole columns and no loop over articles."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from search.article import ArticleId
from search.result import Hit, Part, Ranked

Scores = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg's share in the scores: weight × normalised; NaN for a candidate that the leg lacks."""

    scores: Scores
    normalised: Scores
    weight: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """Articles in order of id, when each was published, in microseconds since 1970, and its score.

    A score is the sum of the shares of the legs, times the factors; a factor that is NaN is none.
    """

    ids: Sequence[ArticleId]
    published: NDArray[np.int64]
    scores: Scores
    legs: Mapping[str, Leg] = field(default_factory=dict)
    factors: Mapping[str, Scores] = field(default_factory=dict)

    @classmethod
    def of(cls, hits: Iterable[Hit]) -> "Candidates":
        """The articles of the hits, each with the score of its last one.

        >>> [hit.id for hit in Candidates.of([Hit("b", 1.0, 0), Hit("a", 1.0, 0), Hit("c", 2.0, 0)]).hits()]
        ['c', 'a', 'b']
        """
        distinct = {hit.id: hit for hit in hits}
        ids = sorted(distinct)
        ordered = [distinct[id_] for id_ in ids]
        published = np.array([hit.published for hit in ordered], dtype=np.int64)
        return cls(ids, published, np.array([hit.score for hit in ordered], dtype=np.float64))

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, values: Mapping[ArticleId, float], default: float = np.nan) -> Scores:
        """What is known of each candidate, in their order."""
        return np.array([values.get(id_, default) for id_ in self.ids], dtype=np.float64)

    def order(self, scores: Scores | None = None) -> Places:
        """The places of the candidates in the total order: best first, then newest, then by id; NaN comes last.

        By their own scores if no others are given.
        """
        return np.lexsort((-self.published, -(self.scores if scores is None else scores)))  # stable: equals stay by id

    def hits(self) -> list[Hit]:
        """The candidates in the total order."""
        return self._hits(self.order())

    def best(self, count: int) -> list[Hit]:
        """The first `count` of them."""
        return self._hits(self.order()[:count])

    def chosen(self, mask: NDArray[np.bool_]) -> "Candidates":
        """Those for which the mask is true, with nothing but their scores."""
        if mask.all():
            return Candidates(self.ids, self.published, self.scores)
        ids = [self.ids[place] for place in np.flatnonzero(mask).tolist()]
        return Candidates(ids, self.published[mask], self.scores[mask])

    def times(self, name: str, factor: Scores) -> "Candidates":
        """The candidates with their scores multiplied, where the factor is not NaN; it is remembered by its name.

        >>> halved = Candidates.of([Hit("a", 0.5, 0), Hit("b", 0.5, 0)]).times("freshness", np.array([0.5, np.nan]))
        >>> [(each.hit.score, each.factors) for each in halved.ranked(halved.hits())]
        [(0.5, {}), (0.25, {'freshness': 0.5})]
        """
        scores = np.where(np.isnan(factor), self.scores, self.scores * factor)
        return replace(self, scores=scores, factors={**self.factors, name: factor})

    def ranked(
        self,
        hits: Sequence[Hit],
        versions: Mapping[ArticleId, Sequence[ArticleId]] = MappingProxyType({}),
        pinned: Collection[ArticleId] = (),
    ) -> list[Ranked]:
        """The hits with how their scores came about; one that is no candidate has no parts."""
        ranks = {name: np.argsort(self.order(leg.scores)) + 1 for name, leg in self.legs.items()}

        def explained(hit: Hit) -> Ranked:
            place = bisect_left(self.ids, hit.id)
            is_known = place < len(self.ids) and self.ids[place] == hit.id
            parts = {name: _part(leg, ranks[name], place) for name, leg in self.legs.items() if is_known}
            return Ranked(
                hit,
                {name: part for name, part in parts.items() if part},
                {name: float(f[place]) for name, f in self.factors.items() if is_known and not np.isnan(f[place])},
                tuple(versions.get(hit.id, ())),
                hit.id in pinned,
            )

        return [explained(hit) for hit in hits]

    def _hits(self, places: Places) -> list[Hit]:
        ids, scores, published = self.ids, self.scores[places].tolist(), self.published[places].tolist()
        return [Hit(ids[n], score, at) for n, score, at in zip(places.tolist(), scores, published, strict=True)]


def _part(leg: Leg, ranks: Places, place: int) -> Part | None:
    if np.isnan(leg.scores[place]):
        return None
    return Part(int(ranks[place]), float(leg.scores[place]), float(leg.normalised[place]), leg.weight)


NO_CANDIDATES = Candidates.of(())
