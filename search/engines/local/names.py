"""The names of sections and tags in the order of the alphabet, so that those that begin alike lie side by side."""

from bisect import bisect_left

import numpy as np

from search.engines.local.columns import Columns, Mask, Numbers
from search.text.analysis import Analyzer

AFTER_ALL = "\U0010ffff"  # sorts after whatever a name goes on with


class Names:
    """The names of one field and who carries them; built once for a generation, in memory with its size."""

    def __init__(self, columns: Columns, field: str, analyzer: Analyzer) -> None:
        self._columns = columns
        keys = [name.removeprefix(field + ":") for name in columns.carriers if name.startswith(field + ":")]
        entries = sorted((analyzer.unaccented(key), key) for key in keys)
        carriers = [columns.carriers[f"{field}:{key}"] for _, key in entries]
        self._folded = [folded for folded, _ in entries]
        self._keys = [key for _, key in entries]
        self._edges = np.cumsum([0, *(len(numbers) for numbers in carriers)])
        self._numbers: Numbers = np.concatenate(carriers) if carriers else np.empty(0, dtype=np.int32)

    def starting(self, beginning: str, allowed: Mask, limit: int) -> list[tuple[str, int]]:
        """The keys of the names that most allowed articles carry, and the number of the newest of these articles.

        `beginning` is without accents, as the analyzer has it.
        """
        first, end = bisect_left(self._folded, beginning), bisect_left(self._folded, beginning + AFTER_ALL)
        if first == end:
            return []
        edges = self._edges[first : end + 1]
        carried = allowed[self._numbers[edges[0] : edges[-1]]]
        counts = np.add.reduceat(carried.astype(np.int32), edges[:-1] - edges[0])
        best = np.argsort(-counts, kind="stable")[:limit]
        return [(self._keys[first + place], self._newest(first + place, allowed)) for place in best if counts[place]]

    def _newest(self, place: int, allowed: Mask) -> int:
        numbers = self._numbers[self._edges[place] : self._edges[place + 1]]
        return newest(self._columns, numbers[allowed[numbers]])


def newest(columns: Columns, numbers: Numbers) -> int:
    """The number of the newest of some articles, of equals that of the first id. There is one at least."""
    published = columns.published[numbers]
    equals = numbers[published == published.max()].tolist()
    return int(min(equals, key=lambda number: columns.ids[number]))
