"""Titles as they are typed: every beginning of every word of a title is a term of the lexical index.

That makes a beginning as cheap as a word; regular expressions and lists of the words that begin so take longer:
docs/performance.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b

from search.engines.local.columns import RECENT, Columns
from search.request import Filters
from search.result import EPOCH, UNKNOWN_TIME, Hit
from search.text.analysis import Analyzer

WHOLE = "."  # after a term that is a word to its end: no word holds one
FIRST_DEPTH = 256  # titles looked at first; more where they are each other's like, or of one moment
DEEPER = 4  # times as many at every further look

Fetch = Callable[[Sequence[str], Sequence[str], Filters, int], list[tuple[int, int]]]


class TitleTerms:
    """What the index keeps of a title."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._of_word = lru_cache(maxsize=100_000)(_terms_of_word)

    def terms(self, title: str) -> str:
        """Every beginning of every word, and every word as a whole, with spaces between."""
        return " ".join(self._of_word(word) for word in dict.fromkeys(self._analyzer.unstemmed.analyze(title)))

    def gist(self, title: str) -> int:
        """A number of 64 bits that near-identical titles share."""
        return int.from_bytes(blake2b(self._analyzer.gist(title).encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class Titles:
    """Finds titles in one generation.

    `fetch` gives numbers and gists of the newest articles, so many, whose titles have all of the first terms and lack
    one of the second; `articles_with` says in how many titles a term is.
    """

    columns: Columns
    fetch: Fetch
    articles_with: Callable[[str], int]

    def match(self, words: Sequence[str], filters: Filters, limit: int) -> list[Hit]:
        """The best titles for analysed words, of which the last may be begun only."""
        *earlier, last = words
        whole = [word + WHOLE for word in earlier]
        found = self._newest([*whole, last], [], filters, limit)
        hits = [self._hit(number, 1.0) for number in found.values()]
        if whole and len(hits) < limit:
            others = self._newest(words, whole, filters, limit, frozenset(found))
            hits += [self._hit(number, 0.0) for number in others.values()]
        return hits[:limit]

    def _newest(
        self,
        having: Sequence[str],
        lacking: Sequence[str],
        filters: Filters,
        limit: int,
        seen: frozenset[int] = frozenset(),
    ) -> dict[int, int]:
        """The newest `limit` numbers by gist, newest first, one of each gist that is not seen yet."""
        found: dict[int, int] = {}
        for within in self._windows(having, filters):
            depth, is_all = FIRST_DEPTH, False
            while not is_all and len(found) < limit:
                rows = self.fetch(having, lacking, within, depth)
                is_all = len(rows) < depth
                found = self._first_of_each(rows, seen, is_all=is_all)
                depth *= DEEPER
            if len(found) >= limit:
                break
        return dict(list(found.items())[:limit])

    def _first_of_each(self, rows: list[tuple[int, int]], seen: frozenset[int], *, is_all: bool) -> dict[int, int]:
        """The first number of each gist in the total order; the last moment is left out where more may share it."""
        published, ids = self.columns.published, self.columns.ids
        last = UNKNOWN_TIME - 1 if is_all else int(published[rows[-1][0]])
        settled = sorted(
            (-time, ids[number], number, gist)
            for number, gist in rows
            if gist not in seen and (time := int(published[number])) > last
        )
        found: dict[int, int] = {}
        for _, _, number, gist in settled:
            found.setdefault(gist, number)
        return found

    def _windows(self, having: Sequence[str], filters: Filters) -> list[Filters]:
        """What to look through, one after the other until there is enough: the recent alone, then everything."""
        since = self.columns.recent_since
        is_wide = all(self.articles_with(term) > RECENT for term in having)
        if since == UNKNOWN_TIME or filters.published_from or filters.published_to or not is_wide:
            return [filters]
        return [replace(filters, published_from=EPOCH + timedelta(microseconds=since)), filters]

    def _hit(self, number: int, score: float) -> Hit:
        return Hit(self.columns.ids[number], score, int(self.columns.published[number]))


def _terms_of_word(word: str) -> str:
    """Every beginning of a word, and the word as a whole.

    >>> _terms_of_word("rain")
    'r ra rai rain rain.'
    """
    return " ".join([*(word[:length] for length in range(1, len(word) + 1)), word + WHOLE])
