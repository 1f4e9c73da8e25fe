"""What comes back: plain values, a larger score always better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from search.article import Article, ArticleId

ReasonKind: TypeAlias = Literal["same story", "background", "similar", "newest", "pinned"]
Fallback: TypeAlias = Literal["section", "newest"]
ForYouKind: TypeAlias = Literal["read", "pinned", "hot", "newest"]
ForYouRung: TypeAlias = Literal["hot", "newest"]
TopicKind: TypeAlias = Literal["tag", "section", "story"]
Team: TypeAlias = Literal["", "a", "b"]  # of two rankings that are interleaved; empty where one answers alone
FacetField: TypeAlias = Literal["section", "tag", "author", "source", "language", "access"]
SuggestionKind: TypeAlias = Literal["query", "section", "topic", "title"]


class Hit(NamedTuple):
    """A candidate from one leg of one engine. `published` breaks ties: microseconds since 1970."""

    id: ArticleId
    score: float
    published: int


class Listing(NamedTuple):
    """The first hits of a list, and how many there are in all."""

    hits: list[Hit]
    total: int


def in_order(hit: Hit) -> tuple[float, int, ArticleId]:
    """The key of the total order: best score first, then newest, then id.

    >>> [hit.id for hit in sorted([Hit("b", 1, 5), Hit("a", 1, 5), Hit("c", 1, 9), Hit("d", 2, 1)], key=in_order)]
    ['d', 'c', 'a', 'b']
    """
    return (-hit.score, -hit.published, hit.id)


@dataclass(frozen=True, slots=True)
class Part:
    """One leg's share in a score: weight × normalised, from the leg's own rank (from 1) and score."""

    rank: int
    score: float
    normalised: float
    weight: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A fused candidate: its score is the sum of its parts, times its factors. `versions` are folded into it.

    One that is pinned stands where the newsroom put it, whatever its score, which is 0 where it did not match.
    """

    hit: Hit
    parts: Mapping[str, Part]
    factors: Mapping[str, float] = field(default_factory=dict)
    versions: Sequence[ArticleId] = ()
    is_pinned: bool = False
    team: Team = ""

    @property
    def credited(self) -> Team:
        """The team that a click on it counts for: none where the newsroom put it there."""
        return "" if self.is_pinned else self.team


@dataclass(frozen=True, slots=True)
class Highlights:
    """Escaped HTML in which only <mark> is markup."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article on a page of results."""

    article: Article
    ranked: Ranked
    highlights: Highlights


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a field, and how many articles carry it."""

    value: str
    count: int


Facets: TypeAlias = Mapping[FacetField, Sequence[FacetCount]]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits. `total` and the order are the same on every page of one generation and hour of the clock.

    `corrected` is the text that was searched in place of the reader's. Where nothing was found, `suggested` is one
    with its spelling put right that was not asked for, and `broader` are up to three that ask for less and find some.
    `facets`, where they are asked for, count all `total` hits.
    """

    total: int
    hits: Sequence[SearchHit]
    generation: str
    degraded: Sequence[str]
    corrected: str | None = None
    suggested: str | None = None
    broader: Sequence[str] = ()
    facets: Facets | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article is offered: the kind, the source article's strongest words that it shares, and both in words."""

    kind: ReasonKind
    shared: Sequence[str]
    text: str


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """An article to read next."""

    article: Article
    ranked: Ranked
    reason: Reason


@dataclass(frozen=True, slots=True)
class RelatedResult:
    """What to read after `article`, best first; `fallback` says what stands in where nothing is on topic."""

    article: Article
    items: Sequence[RelatedItem]
    generation: str
    fallback: Fallback | None
    degraded: Sequence[str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a reader may be typing: what others asked, the name of a section or a topic, or the title of an article."""

    text: str
    kind: SuggestionKind
    article: ArticleId = ""  # of a title


@dataclass(frozen=True, slots=True)
class SuggestResult:
    """Suggestions in the order they are shown."""

    suggestions: Sequence[Suggestion]
    generation: str


@dataclass(frozen=True, slots=True)
class HotItem:
    """An article that is hot: its score is its whole story's, `views` are its own, and whether the story is rising."""

    article: Article
    ranked: Ranked
    views: int
    is_rising: bool


@dataclass(frozen=True, slots=True)
class HotResult:
    """What readers go to, the hottest first; `fallback` is "dates" where nobody is known to have read anything."""

    items: Sequence[HotItem]
    generation: str
    fallback: Literal["dates"] | None


@dataclass(frozen=True, slots=True)
class Topic:
    """What the site writes about: a tag, a section or a story, and its articles, the lead first.

    `size` is how many it has: of the last 30 days in a list of topics, of all time where it is alone.
    """

    slug: str
    label: str
    kind: TopicKind
    size: int
    articles: Sequence[Article]

    @property
    def lead(self) -> Article:
        """The article that stands for it."""
        return self.articles[0]


@dataclass(frozen=True, slots=True)
class TopicsResult:
    """Topics, the liveliest first."""

    topics: Sequence[Topic]
    generation: str


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One topic, newest first."""

    topic: Topic
    generation: str


@dataclass(frozen=True, slots=True)
class ForYouItem:
    """An article for a reader, why it is there, and the article that was read for whose sake it is, if there is one."""

    article: Article
    ranked: Ranked
    kind: ForYouKind
    because: Article | None


@dataclass(frozen=True, slots=True)
class ForYouResult:
    """What to read next; `fallback` is the last rung of the ladder that was needed to fill the list.

    `unknown` counts what was read and is not there, or nobody may see.
    """

    items: Sequence[ForYouItem]
    generation: str
    fallback: ForYouRung | None
    unknown: int


@dataclass(frozen=True, slots=True)
class BoxesResult:
    """The boxes of an article's page, which hold nothing twice; of each topic the lead is shown."""

    related: RelatedResult
    hot: HotResult
    topics: TopicsResult
    generation: str


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN_TIME = -(2**60)  # microseconds; before every date that Python can hold, so that undated articles are oldest


def microseconds(time: datetime | None) -> int:
    """Microseconds since 1970, exactly; a time nobody knows is before all others."""
    return UNKNOWN_TIME if time is None else (time - EPOCH) // timedelta(microseconds=1)
