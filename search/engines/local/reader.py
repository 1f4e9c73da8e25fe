"""One generation, opened: the lexical and the semantic leg over the same articles."""

import math
import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from search.article import Article, ArticleId
from search.embedding.embedder import Vector
from search.engines.engine import NONE_INSTEAD, NOTHING, Likeness, NamedField, Question
from search.engines.local.columns import Columns, Mask
from search.engines.local.facets import FacetCounter
from search.engines.local.filters import label, named
from search.engines.local.generation import Manifest, read_manifest
from search.engines.local.graph import SIZES, Sizes
from search.engines.local.lexical import LexicalReader
from search.engines.local.likeness import likeness_of
from search.engines.local.names import Names
from search.engines.local.stories import read_stories
from search.engines.local.titles import Titles
from search.engines.local.vectors import VectorSegment, nearest, open_segments, vectors_at
from search.errors import Corrupt, Unavailable
from search.ranking.stories import Stories
from search.request import Filters
from search.result import UNKNOWN_TIME, Facets, Hit, Listing, in_order, microseconds
from search.text.analysis import Analyzer, split_words

K1 = 1.2  # tantivy's, for how fast repeating a word stops to matter
COLUMNS = "vectors/columns.npz"
LINEAGE = "vectors/lineage"  # the token of the build that gave the articles their numbers
LONGEST_LIKENESS = 20_000  # characters of an article whose words are weighed


@dataclass(frozen=True, slots=True)
class Parts:
    """What is held of a generation in memory and in mapped files, beside its lexical index.

    `lineage` names the numbering: generations that share it have the same rows at the same places.
    """

    columns: Columns
    stories: Stories
    segments: Sequence[VectorSegment]
    lineage: str | None


def read_parts(folder: Path, sizes: Sizes) -> Parts:
    """The parts of a generation; one of before there were lineages has none."""
    columns = Columns.from_bytes((folder / COLUMNS).read_bytes())
    lineage = (folder / LINEAGE).read_text() if (folder / LINEAGE).exists() else None
    return Parts(columns, read_stories(folder, len(columns)), open_segments(folder / "vectors", sizes), lineage)


class LocalReader:
    """A generation in memory and in mapped files; safe to use from many threads."""

    def __init__(
        self, folder: Path, sizes: Sizes = SIZES, manifest: Manifest | None = None, parts: Parts | None = None
    ) -> None:
        """Opens it; its writer gives what it has in memory already."""
        self.manifest = manifest or read_manifest(folder)
        self.generation = folder.name
        self.sequence, self.token = self.manifest.sequence, self.manifest.token
        self.model, self.language = self.manifest.model, self.manifest.language
        self._analyzer = Analyzer(self.language)
        try:
            parts = parts or read_parts(folder, sizes)
            self.columns, self.stories, self.segments = parts.columns, parts.stories, parts.segments
            self.lineage = parts.lineage
            self._lexical = LexicalReader(folder / "lexical", self._analyzer, self.columns)
        except OSError:
            raise
        except Exception as error:  # damaged bytes make numpy, FAISS and tantivy raise what they please
            if not os.access(folder / "lexical", os.W_OK):
                raise Unavailable(f"{folder} is read-only, and to be searched it needs a lock there") from error
            raise Corrupt(f"generation {folder.name} cannot be opened, run search-index rebuild: {error}") from error

    def match_text(self, words: Sequence[str], filters: Filters, limit: int, beside: Question = NOTHING) -> list[Hit]:
        """Articles with any of the words, or anything of `beside`, by BM25, best first."""
        return self._best(lambda depth: self._lexical.match(words, beside, filters, depth), limit)

    def match_vector(self, vector: Vector, filters: Filters, limit: int) -> list[Hit]:
        """The articles nearest in meaning, by cosine, best first."""
        owner = self.columns.owner
        allowed = self._allowed(filters)[owner]
        return self._best(lambda depth: nearest(self.segments, vector, allowed, owner, depth), limit)

    def match_title(self, words: Sequence[str], filters: Filters, limit: int) -> list[Hit]:
        """Articles whose title has for each of the words one that begins with it, one of each gist."""
        terms = [self._analyzer.unstemmed.analyze(word) for word in words]
        if not (terms and all(terms)):
            return []
        titles = Titles(self.columns, self._lexical.newest_titles, self._lexical.titles_with)
        return titles.match([term for each in terms for term in each], filters, limit)

    def names(self, field: NamedField, beginning: str, filters: Filters, limit: int) -> list[str]:
        """The names of a field that begin so, those that most articles carry first."""
        folded = self._analyzer.unaccented(beginning)
        if not folded:
            return []
        found = self._names[field].starting(folded, self._allowed(filters), limit)
        articles = self.articles([self.columns.ids[number] for _, number in found])
        return [named(articles[self.columns.ids[number]], field, key) for key, number in found]

    @cached_property
    def _names(self) -> dict[NamedField, Names]:
        fields: tuple[NamedField, ...] = ("section", "tag")
        return {field: Names(self.columns, field, self._analyzer) for field in fields}

    def score_text(self, question: Question, ids: Sequence[ArticleId]) -> Mapping[ArticleId, float]:
        """How these articles answer a weighted question, by BM25; those that hold nothing of it are left out."""
        numbers = self.columns.numbers_of(ids)
        return {self.columns.ids[number]: score for number, score in self._lexical.score(question, numbers)}

    def score_vector(self, vector: Vector, ids: Sequence[ArticleId]) -> Mapping[ArticleId, float]:
        """The cosines of the nearest passages of these articles."""
        numbers = sorted(self.columns.numbers_of(ids))
        if not numbers:
            return {}
        starts, counts = self.columns.first_row[numbers], self.columns.passages[numbers]
        edges = np.concatenate([[0], np.cumsum(counts)[:-1]])
        rows = np.arange(counts.sum()) + np.repeat(starts - edges, counts)
        cosines = np.maximum.reduceat(vectors_at(self.segments, rows) @ vector, edges)
        return {self.columns.ids[number]: cosine for number, cosine in zip(numbers, cosines.tolist(), strict=True)}

    def coverage(
        self, words: Sequence[str], ids: Sequence[ArticleId], instead: Mapping[str, Sequence[str]] = NONE_INSTEAD
    ) -> Mapping[ArticleId, float]:
        """What share of the words these articles hold, each word weighed by its idf, 0 to 1; 0 is left out."""
        numbers = self.columns.numbers_of(ids)
        return {self.columns.ids[number]: share for number, share in self._lexical.coverage(words, instead, numbers)}

    def likeness(self) -> Likeness:
        """How alike its articles are, measured on up to 500 of them, evenly spread over the order of writing."""
        return self._likeness

    @cached_property
    def _likeness(self) -> Likeness:
        return likeness_of(self.columns, self.segments)

    def facets(self, among: Filters | Collection[ArticleId], limit: int) -> Facets:
        """How many of some articles carry each value of each field, the commonest first."""
        chosen = self._allowed(among) if isinstance(among, Filters) else self.columns.mask_of(among)
        return self._facet_counter.facets(chosen, limit, self.articles)

    @cached_property
    def _facet_counter(self) -> FacetCounter:
        return FacetCounter(self.columns)

    def by_date(self, filters: Filters, limit: int, *, oldest_first: bool = False) -> Listing:
        """Articles in order of publication, then id."""
        numbers = self.columns.by_date[self._allowed(filters)[self.columns.by_date]]
        total = len(numbers)
        if oldest_first:
            numbers = self.columns.oldest_first(numbers, limit)
        numbers = numbers[:limit]
        times = self.columns.published[numbers].tolist()
        return Listing(
            [Hit(self.columns.ids[n], 0.0, at) for n, at in zip(numbers.tolist(), times, strict=True)], total
        )

    @property
    def published_at(self) -> datetime:
        """When it was published."""
        return datetime.fromisoformat(self.manifest.published_at)

    def moments_passed(self, now: datetime) -> int:
        """How many of its articles' embargoes and expiries have passed: while it is equal, they hide the same."""
        return int(np.searchsorted(self.columns.moments, microseconds(now), side="right"))

    def among(self, ids: Collection[ArticleId], filters: Filters) -> list[Hit]:
        """Those of these articles that the filters allow, newest first."""
        numbers = self.columns.numbers_of(ids)
        allowed = self._allowed(filters) if numbers else np.zeros(0, dtype=np.bool_)
        return sorted((self._hit(number, 0.0) for number in numbers if allowed[number]), key=in_order)

    def newest(self, now: datetime) -> int:
        """When its last article until `now` was published: microseconds since 1970, UNKNOWN_TIME where none was."""
        ascending = self.columns.times_ascending
        until_now = int(np.searchsorted(ascending, microseconds(now), side="right"))
        return int(ascending[until_now - 1]) if until_now else UNKNOWN_TIME

    def strongest_words(self, text: str, limit: int) -> Mapping[str, float]:
        """The words of `text` with the highest weight, each in the form it first appears in; stop words never.

        The weight is BM25's of a text of average length: idf × tf × (k1 + 1) / (tf + k1).
        """
        first_form, frequency = dict[str, str](), Counter[str]()
        for word, count in Counter(split_words(text[:LONGEST_LIKENESS])).items():
            if len(word) > 1:
                term = self._analyzer.term(word)
                frequency[term] += count
                if not self._analyzer.is_stop_word(word):
                    first_form.setdefault(term, word)
        total = self.manifest.articles
        weight = {
            term: saturated(frequency[term]) * math.log((total + 1) / (self._lexical.articles_with(term) + 0.5))
            for term in first_form
            if term
        }
        strongest = sorted(weight, key=lambda term: (-weight[term], term))[:limit]
        return {first_form[term]: weight[term] for term in strongest}

    def holds(self, word: str) -> bool:
        """Whether `words` has the word, in whatever case and accents."""
        return self._lexical.holds_word("".join(self._analyzer.unstemmed.analyze(word)))

    def words(self) -> Mapping[str, int]:
        """Every word of the archive, unstemmed, with the number of articles that hold it; read anew at every call."""
        return self._lexical.words()

    def articles(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Article]:
        """The articles themselves; unknown ids are left out."""
        numbers = self.columns.numbers_of(ids)
        return {article.id: article for article in self._lexical.articles(numbers)}

    def sections(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, str]:
        """The sections of these articles, as `facet_key` writes them; those that have none are left out."""
        numbers = self.columns.numbers_of(ids)
        codes = self.columns.section[numbers].tolist()
        names = self.columns.labels
        prefix = len(label("section", ""))
        return {self.columns.ids[n]: names[code][prefix:] for n, code in zip(numbers, codes, strict=True) if code >= 0}

    def tags(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Sequence[str]]:
        """The tags of these articles, as `facet_key` writes them, in order; those that have none are left out."""
        numbers = self.columns.numbers_of(ids)
        prefix = label("tag", "")
        tags = {
            self.columns.ids[number]: sorted(
                name.removeprefix(prefix) for name in self.columns.labels_of(number) if name.startswith(prefix)
            )
            for number in numbers
        }
        return {id_: names for id_, names in tags.items() if names}

    def stories_of(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, ArticleId]:
        """The story that each of these articles is of, by the id of its first article; unknown ids are left out."""
        number_of, names = self.columns.number_of, self.stories.names
        return {id_: self.columns.ids[names[number_of[id_]]] for id_ in ids if id_ in number_of}

    def told_in(self, story: ArticleId, filters: Filters) -> Listing:
        """The articles of the story that an article is or was of, newest first, then by id; scores are 0."""
        ids = self.columns.ids
        number = self.columns.number_of.get(story, ids.index(story) if story in ids else None)
        if number is None:
            return Listing([], 0)
        is_told = self._allowed(filters) & (self.stories.names == self.stories.names[number])
        numbers = self.columns.by_date[is_told[self.columns.by_date]]
        return Listing([self._hit(number, 0.0) for number in numbers.tolist()], len(numbers))

    def vectors(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Vector]:
        """The vectors of their leads; unknown ids are left out."""
        numbers = sorted(self.columns.numbers_of(ids))
        if not numbers:
            return {}
        leads = vectors_at(self.segments, self.columns.first_row[numbers])
        return {self.columns.ids[number]: lead for number, lead in zip(numbers, leads, strict=True)}

    def _hit(self, number: int, score: float) -> Hit:
        return Hit(self.columns.ids[number], score, int(self.columns.published[number]))

    def _allowed(self, filters: Filters) -> Mask:
        allowed = self.columns.matching(filters)
        for group in [*([phrase] for phrase in filters.phrases), *filters.any_of]:
            having = np.zeros_like(allowed)
            for phrase in group:
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
        published = self.columns.published[[number for number, _ in found]].tolist() if found else []
        hits = [Hit(self.columns.ids[number], score, at) for (number, score), at in zip(found, published, strict=True)]
        return sorted(hits, key=in_order)[:limit]


def saturated(frequency: int) -> float:
    """What a word that stands `frequency` times in a text of average length counts, 1 to 2.2."""
    return frequency * (K1 + 1) / (frequency + K1)
