"""What may be asked, checked once: inside, every request is one that can be answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from search.article import ArticleId
from search.errors import InvalidValue

LONGEST_QUERY = 256  # characters; with the limit on terms it keeps native query parsers out of deep water
DEEPEST_HIT = 1_000  # page × size: nobody reads further, and a robot should use the sitemap
LARGEST_PAGE = 50
MOST_RELATED = 50
MOST_SUGGESTIONS = 10
MOST_HOT = 50
MOST_TOPICS = 50
MOST_RECOMMENDED = 50
MOST_READ = 100  # articles that a reader tells to have read
MOST_BOXED = 20  # articles or topics in one box of a page
MOST_HOT_DAYS = 14  # in a window: reads are kept by the hour for so long


class Mode(StrEnum):
    """Which legs look for candidates."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    SEMANTIC = "semantic"


class Sort(StrEnum):
    """The order of hits."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class RelatedMode(StrEnum):
    """What age does to related articles."""

    BALANCED = "balanced"  # from around the article's own date, a little before others
    LATEST = "latest"  # the newest first, of what is on topic
    BACKGROUND = "background"  # only what was there before the article


class Spelling(StrEnum):
    """Whether misspelt words are put right before the search."""

    AUTO = "auto"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be found at all: any value within a field, every field together.

    Names are compared without regard to case. `published_to` is inclusive. Each phrase must appear and no
    excluded phrase may, in title, summary or body, as the index analyses words. An article of unknown date is
    outside every date range.
    """

    now: datetime  # embargoes end and articles expire by this clock
    sections: Sequence[str] = ()
    tags: Sequence[str] = ()
    authors: Sequence[str] = ()
    sources: Sequence[str] = ()
    languages: Sequence[str] = ()
    access: Sequence[str] = ()
    published_from: datetime | None = None
    published_to: datetime | None = None
    phrases: Sequence[str] = ()
    excluded: Sequence[str] = ()
    any_of: Sequence[Sequence[str]] = ()  # of each, one phrase at least must appear
    without_ids: frozenset[ArticleId] = frozenset()

    def __post_init__(self) -> None:
        first, last = self.published_from, self.published_to
        if first and last and first > last:
            raise InvalidValue("from", first.isoformat(), f"a time before to, {last.isoformat()}")

    def without(self, ids: frozenset[ArticleId]) -> "Filters":
        """The same, and without these articles."""
        return replace(self, without_ids=self.without_ids | ids) if ids else self


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. Pages count from 1; page × size is at most 1,000."""

    text: str
    filters: Filters
    mode: Mode = Mode.HYBRID
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20
    spelling: Spelling = Spelling.AUTO
    facets: bool = False  # whether what is found is counted by the values of its fields

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_QUERY:
            raise InvalidValue("q", self.text, f"at most {LONGEST_QUERY} characters")
        if not 1 <= self.size <= LARGEST_PAGE:
            raise InvalidValue("size", self.size, f"1 to {LARGEST_PAGE}")
        if not 1 <= self.page <= DEEPEST_HIT // self.size:
            raise InvalidValue("page", self.page, f"1 to {DEEPEST_HIT // self.size} at size {self.size}")


@dataclass(frozen=True, slots=True)
class RelatedRequest:
    """Articles to read after this one."""

    article: ArticleId
    filters: Filters
    limit: int = 5
    mode: RelatedMode = RelatedMode.BALANCED

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST_RELATED:
            raise InvalidValue("limit", self.limit, f"1 to {MOST_RELATED}")


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """What a reader has typed so far."""

    text: str
    filters: Filters
    limit: int = 8

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_QUERY:
            raise InvalidValue("q", self.text, f"at most {LONGEST_QUERY} characters")
        if not 1 <= self.limit <= MOST_SUGGESTIONS:
            raise InvalidValue("limit", self.limit, f"1 to {MOST_SUGGESTIONS}")


@dataclass(frozen=True, slots=True)
class HotRequest:
    """What readers go to, counted over the last days."""

    filters: Filters
    days: int = 7
    limit: int = 5

    def __post_init__(self) -> None:
        if not 1 <= self.days <= MOST_HOT_DAYS:
            raise InvalidValue("window", f"{self.days}d", f"1d to {MOST_HOT_DAYS}d")
        if not 1 <= self.limit <= MOST_HOT:
            raise InvalidValue("limit", self.limit, f"1 to {MOST_HOT}")

    @property
    def window(self) -> timedelta:
        """How far back views count."""
        return timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class TopicsRequest:
    """What the site writes about: so many topics, or so many articles of one."""

    filters: Filters
    limit: int = 8

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST_TOPICS:
            raise InvalidValue("limit", self.limit, f"1 to {MOST_TOPICS}")


@dataclass(frozen=True, slots=True)
class ForYouRequest:
    """What to read next for somebody who has read these articles, the last one last."""

    read: Sequence[ArticleId]
    filters: Filters
    limit: int = 10

    def __post_init__(self) -> None:
        if len(self.read) > MOST_READ:
            raise InvalidValue("read", f"{len(self.read):,} ids", f"at most {MOST_READ}, the last ones read")
        if not 1 <= self.limit <= MOST_RECOMMENDED:
            raise InvalidValue("limit", self.limit, f"1 to {MOST_RECOMMENDED}")


@dataclass(frozen=True, slots=True)
class BoxesRequest:
    """The boxes of an article's page, and how much is in each."""

    article: ArticleId
    filters: Filters
    related: int = 5
    hot: int = 5
    topics: int = 8

    def __post_init__(self) -> None:
        for name in ("related", "hot", "topics"):
            if not 1 <= getattr(self, name) <= MOST_BOXED:
                raise InvalidValue(name, getattr(self, name), f"1 to {MOST_BOXED}")
