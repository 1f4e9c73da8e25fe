"""What ranking needs of an engine, and what the indexer needs.

`tests/search/engines/test_contract.py` holds every engine to exact answers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal, Protocol, TypeAlias

from search.article import Article, ArticleId
from search.embedding.embedder import Vector, Vectors
from search.request import Filters
from search.result import EPOCH, Facets, Hit, Listing

NamedField: TypeAlias = Literal["section", "tag"]


@dataclass(frozen=True, slots=True)
class EmbeddedArticle:
    """An article and where its passages lie: float32 unit vectors, one a row, the lead's first."""

    article: Article
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Question:
    """What articles are judged by: words and phrases, each with its weight; a phrase must stand as it is to count.

    A word's BM25 score counts `weight` times. A phrase is scored as a word of the summed idf of its words. Of each of
    `either`, words and phrases, only the one that scores best counts.
    """

    words: Mapping[str, float]
    phrases: Mapping[str, float]
    either: Sequence[Mapping[str, float]] = ()


NOTHING = Question({}, {})
NONE_INSTEAD: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two articles of an archive are by chance.

    `mean` and `deviation` are those of the cosine of two leads; `centre` is the mean of the leads, not of unit length.
    """

    articles: int
    mean: float
    deviation: float
    centre: Vector


class Origin(Protocol):
    """What an index was made with."""

    @property
    def model(self) -> str:
        """The identity of the model its vectors came from."""

    @property
    def language(self) -> str:
        """The language whose stems and stop words it has."""


def differences(index: Origin, model: str, language: str) -> list[str]:
    """What only a rebuild brings to settings of this model and language, a sentence each."""
    pairs = (("of model", index.model, model), ("in", index.language, language))
    return [f"the index is {what} {its}, the settings say {other}" for what, its, other in pairs if its != other]


class Reader(Origin, Protocol):
    """One generation, immutable: every answer taken from one reader agrees with every other.

    Filters are exact: if N articles match, `limit=N` returns N. Lists are best first in the order of
    `search.result.in_order`, at most `limit` long.
    """

    @property
    def generation(self) -> str:
        """Its name, which changes with every publish."""

    @property
    def sequence(self) -> int:
        """The last change of the ledger that it holds."""

    @property
    def token(self) -> str:
        """What the ledger knows it by: another ledger, or an older copy of the same one, does not."""

    @property
    def published_at(self) -> datetime:
        """When it was published."""

    def moments_passed(self, now: datetime) -> int:
        """How many of its articles' embargoes and expiries have passed: while it is equal, they hide the same."""

    def newest(self, now: datetime) -> int:
        """When its last article until `now` was published: microseconds since 1970, UNKNOWN_TIME where none was."""

    def match_text(self, words: Sequence[str], filters: Filters, limit: int, beside: Question = NOTHING) -> list[Hit]:
        """Articles with any of the words, or anything of `beside`, by BM25 over title, summary and body."""

    def match_vector(self, vector: Vector, filters: Filters, limit: int) -> list[Hit]:
        """The articles nearest in meaning, by the cosine of their nearest passage."""

    def match_title(self, words: Sequence[str], filters: Filters, limit: int) -> list[Hit]:
        """Articles whose title has for each of the words one that begins with it, in whatever case and accents.

        Titles with every word but the last as a whole score 1, others 0. Of those with one `Analyzer.gist` only the
        first is there.
        """

    def names(self, field: NamedField, beginning: str, filters: Filters, limit: int) -> list[str]:
        """The names of a field that begin so, in whatever case and accents, those that most articles carry first.

        Only articles that the filters allow count. Equals are in order of the alphabet, accents aside; each name is
        spelt as in the newest article that carries it.
        """

    def score_text(self, question: Question, ids: Sequence[ArticleId]) -> Mapping[ArticleId, float]:
        """How these articles answer a weighted question, by BM25; those that hold nothing of it are left out."""

    def score_vector(self, vector: Vector, ids: Sequence[ArticleId]) -> Mapping[ArticleId, float]:
        """The cosines of the nearest passages of these articles."""

    def coverage(
        self, words: Sequence[str], ids: Sequence[ArticleId], instead: Mapping[str, Sequence[str]] = NONE_INSTEAD
    ) -> Mapping[ArticleId, float]:
        """What share of the words these articles hold, each word weighed by its idf, 0 to 1; 0 is left out.

        An article that holds one of the words or phrases `instead` of a word holds the word.
        """

    def facets(self, among: Filters | Collection[ArticleId], limit: int) -> Facets:
        """How many of these articles, or of all that the filters allow, carry each value of each field.

        Of each field the `limit` commonest values, equals in order of the alphabet (case and accents are letters of
        their own), each spelt as in the newest of these articles that carries it. Unknown ids are left out.
        """

    def likeness(self) -> Likeness:
        """How alike its articles are, measured on up to 500 of them, evenly spread over the order of writing."""

    def by_date(self, filters: Filters, limit: int, *, oldest_first: bool = False) -> Listing:
        """Articles in order of publication, then id; scores are 0."""

    def among(self, ids: Collection[ArticleId], filters: Filters) -> list[Hit]:
        """Those of these articles that the filters allow, newest first; scores are 0, unknown ids are left out."""

    def strongest_words(self, text: str, limit: int) -> Mapping[str, float]:
        """The words of `text` that say most about it, strongest first, by saturated tf × idf against this archive."""

    def holds(self, word: str) -> bool:
        """Whether `words` has the word, in whatever case and accents: cheap enough to ask of every word of a query."""

    def words(self) -> Mapping[str, int]:
        """Every word of the archive as it is written, lower case and without accents: how many articles hold it.

        Takes as long as the vocabulary is large: ask once for each reader. What was lately removed may count still.
        """

    def articles(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Article]:
        """The articles themselves; unknown ids are left out."""

    def sections(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, str]:
        """The sections of these articles, as `facet_key` writes them; those that have none are left out."""

    def tags(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Sequence[str]]:
        """The tags of these articles, as `facet_key` writes them, in order; those that have none are left out."""

    def stories_of(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, ArticleId]:
        """The story that each of these articles is of, by the id of its first article; unknown ids are left out.

        Every article is of one story. A later generation may make one of two, and keeps the name of the earlier.
        """

    def told_in(self, story: ArticleId, filters: Filters) -> Listing:
        """All articles of a story, newest first, then by id; scores are 0.

        Any article of the story names it, and so does its first when it is gone. None are of a story nobody knows.
        """

    def vectors(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Vector]:
        """The vectors of their leads; unknown ids are left out."""


class Engine(Protocol):
    """Where readers come from."""

    def reader(self) -> Reader:
        """The live generation. Raises Unavailable while there is none."""


@dataclass(frozen=True, slots=True)
class Held:
    """An engine that stays at one generation, so that what is asked of several use-cases agrees."""

    held: Reader

    def reader(self) -> Reader:
        """The generation that is held."""
        return self.held


def visible_to(reader: Reader, filters: Filters) -> object:
    """What a reader shows under filters, to compare: where two are equal, so is what may be seen, whatever the time.

    That is the generation, the filters, how many embargoes and expiries have passed, and which article is the newest.
    """
    now = filters.now
    return reader.generation, reader.token, reader.moments_passed(now), reader.newest(now), replace(filters, now=EPOCH)


class Writer(Protocol):
    """Builds the next generation. Nothing is visible before `commit`; `put` and `remove` are idempotent."""

    def put(self, batch: Sequence[EmbeddedArticle]) -> None:
        """Adds articles, in place of those with the same ids."""

    def remove(self, ids: Sequence[ArticleId]) -> None:
        """Takes articles out; unknown ids are no error."""

    def commit(self, sequence: int, token: str) -> str:
        """Publishes what was put as holding the ledger up to `sequence`, and returns the generation's name."""
