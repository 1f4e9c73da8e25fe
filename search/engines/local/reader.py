"""One generation, opened: the lexical and the semantic leg over the same articles."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from search.article import Article, ArticleId
from search.embedding.embedder import Vector
from search.engines.local.columns import Columns, Mask, Numbers
from search.engines.local.generation import Manifest, read_manifest
from search.engines.local.lexical import LexicalReader
from search.engines.local.vectors import nearest, open_segments
from search.errors import Corrupt
from search.request import Filters
from search.result import Hit, Listing, in_order
from search.text.analysis import Analyzer, split_words

LONGEST_LIKENESS = 20_000  # characters of an article whose words are weighed


class LocalReader:
    """A generation in memory and in mapped files; safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        self.manifest: Manifest = read_manifest(folder)
        self.generation = folder.name
        self.sequence, self.token, self.model = self.manifest.sequence, self.manifest.token, self.manifest.model
        self._analyzer = Analyzer(self.manifest.language)
        try:
            self.columns = Columns.from_bytes((folder / "vectors" / "columns.npz").read_bytes())
            self.segments = open_segments(sorted((folder / "vectors").glob("segment-*.faiss")))
            self._lexical = LexicalReader(folder / "lexical", self._analyzer, self.columns)
        except OSError:
            raise
        except Exception as error:  # damaged bytes make numpy, FAISS and tantivy raise what they please
            raise Corrupt(f"generation {folder.name} cannot be opened, run search-index rebuild: {error}") from error

    def match_text(self, words: Sequence[str], filters: Filters, limit: int) -> list[Hit]:
        """Articles with any of the words, by BM25, best first."""
        return self._best(lambda depth: self._lexical.match(words, filters, depth), limit)

    def match_vector(self, vector: Vector, filters: Filters, limit: int) -> list[Hit]:
        """The articles nearest in meaning, by cosine, best first."""
        allowed = self._allowed(filters)
        return self._best(lambda depth: nearest(self.segments, vector, allowed, depth), limit)

    def by_date(self, filters: Filters, limit: int, *, oldest_first: bool = False) -> Listing:
        """Articles in order of publication, then id."""
        numbers = self.columns.by_date[self._allowed(filters)[self.columns.by_date]]
        total = len(numbers)
        if oldest_first:
            numbers = self._oldest_first(numbers, limit)
        return Listing([self._hit(number, 0.0) for number in numbers[:limit].tolist()], total)

    def _oldest_first(self, numbers: Numbers, limit: int) -> Numbers:
        """The first `limit` from the end of a list that has the newest first: equals are by id either way round."""
        published = self.columns.published[numbers]
        reached = published <= published[-limit:][:1]  # and whoever shares the last place
        order = np.argsort(published[reached], kind="stable")
        return numbers[reached][order]

    def strongest_words(self, text: str, limit: int) -> list[str]:
        """The words of `text` with the highest tf × idf, each in the form it first appears in; stop words never."""
        words = [word for word in split_words(text[:LONGEST_LIKENESS]) if len(word) > 1]
        first_form: dict[str, str] = {}
        for word in words:
            if not self._analyzer.is_stop_word(word):
                first_form.setdefault(self._analyzer.term(word), word)
        frequency = Counter(self._analyzer.term(word) for word in words)
        total = self.manifest.articles
        weight = {
            term: frequency[term] * math.log((total + 1) / (self._lexical.articles_with(term) + 0.5))
            for term in first_form
            if term
        }
        return [first_form[term] for term in sorted(weight, key=lambda term: (-weight[term], term))[:limit]]

    def holds(self, word: str) -> bool:
        """Whether `words` has the word, in whatever case and accents."""
        return self._lexical.holds_word("".join(self._analyzer.unstemmed.analyze(word)))

    def words(self) -> Mapping[str, int]:
        """Every word of the archive, unstemmed, with the number of articles that hold it; read anew at every call."""
        return self._lexical.words()

    def articles(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Article]:
        """The articles themselves; unknown ids are left out."""
        numbers = [self.columns.number_of[id_] for id_ in ids if id_ in self.columns.number_of]
        return {article.id: article for article in self._lexical.articles(numbers)}

    def vectors(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Vector]:
        """Their vectors; unknown ids are left out."""
        known = {id_: self.columns.number_of[id_] for id_ in ids if id_ in self.columns.number_of}
        return {id_: self._vector(number) for id_, number in known.items()}

    def _vector(self, number: int) -> Vector:
        segment = next(s for s in self.segments if s.start <= number < s.start + len(s))
        return segment.vector(number)

    def _hit(self, number: int, score: float) -> Hit:
        return Hit(self.columns.ids[number], score, int(self.columns.published[number]))

    def _allowed(self, filters: Filters) -> Mask:
        allowed = self.columns.matching(filters)
        for phrase in filters.phrases:
            having = np.zeros_like(allowed)
            having[self._lexical.numbers_with(phrase)] = True
            allowed &= having
        for phrase in filters.excluded:
            allowed[self._lexical.numbers_with(phrase)] = False
        return allowed

    def _best(self, fetch: Callable[[int], list[tuple[int, float]]], limit: int) -> list[Hit]:
        """The best `limit` in the total order: fetches on while the last place is shared; legs break ties at will."""
        depth = limit + 1
        found = fetch(depth)
        while len(found) == depth and found[limit - 1][1] == found[-1][1]:
            depth *= 2
            found = fetch(depth)
        return sorted((self._hit(number, score) for number, score in found), key=in_order)[:limit]
