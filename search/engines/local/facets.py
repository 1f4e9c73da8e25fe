"""Facets: how many of some articles carry each value of each field, counted by labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, get_args

import numpy as np

from search.article import Article, ArticleId
from search.engines.local.columns import Columns, Mask
from search.engines.local.filters import label, named
from search.engines.local.names import newest
from search.result import FacetCount, FacetField, Facets

Articles: TypeAlias = Mapping[ArticleId, Article]


@dataclass(frozen=True, slots=True)
class Carried:
    """A value, as `facet_key` writes it, how many articles carry it, and the number of the newest of them."""

    key: str
    count: int
    newest: int


class FacetCounter:
    """Counts in the columns of one generation; which label is of which field is found out once."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        field_of = [name.partition(":")[0] for name in columns.labels]
        self._codes = {
            field: np.array([code for code, own in enumerate(field_of) if own == field], dtype=np.int64)
            for field in get_args(FacetField)
        }

    def facets(self, among: Mask, limit: int, read: Callable[[Sequence[ArticleId]], Articles]) -> Facets:
        """What `Reader.facets` tells: values are spelt by the articles that `read` gives."""
        found, ids = self.count(among, limit), self._columns.ids
        carriers = read(list({ids[each.newest] for values in found.values() for each in values}))
        return {
            field: [FacetCount(named(carriers[ids[each.newest]], field, each.key), each.count) for each in values]
            for field, values in found.items()
        }

    def count(self, among: Mask, limit: int) -> dict[FacetField, list[Carried]]:
        """Of each field the `limit` values that most of the articles carry, equals in order of their keys."""
        columns = self._columns
        counts = np.bincount(columns.codes_of(np.flatnonzero(among)), minlength=len(columns.labels))
        found: dict[FacetField, list[Carried]] = {}
        for field, codes in self._codes.items():
            carried = codes[counts[codes] > 0]
            if len(carried) > limit:
                carried = carried[counts[carried] >= np.partition(counts[carried], -limit)[-limit]]
            prefix = len(label(field, ""))
            keyed = [(columns.labels[code][prefix:], int(counts[code])) for code in carried.tolist()]
            keyed.sort(key=lambda each: (-each[1], each[0]))
            found[field] = [Carried(key, count, self._newest(field, key, among)) for key, count in keyed[:limit]]
        return found

    def _newest(self, field: FacetField, key: str, among: Mask) -> int:
        numbers = self._columns.carriers[label(field, key)]
        return newest(self._columns, numbers[among[numbers]])
