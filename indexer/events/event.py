"""The event: what a reader saw, clicked or searched, as a site tells it; untrusted until `read_event` has read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from indexer.clean.article import clean_time
from search.article import LONGEST_ID, ArticleId
from search.errors import InvalidValue
from search.request import LONGEST_QUERY
from search.result import Team

EventType: TypeAlias = Literal["view", "click", "impression", "search"]
LONGEST_VISITOR = 128  # characters: an opaque name
LONGEST_PLACE = 128  # characters
LONGEST_AGENT = 1_024  # characters of a user agent
OLDEST = timedelta(days=1)  # that an event may be when it is told
CLOCK_SKEW = timedelta(minutes=5)  # that a site's clock may be ahead of ours


@dataclass(frozen=True, slots=True)
class Event:
    """A visitor viewed an article, clicked a link to it, was shown one, or searched; what was not told is empty."""

    type: EventType
    article: ArticleId  # empty of a search
    visitor: str
    at: datetime | None = None  # aware UTC; None: when it came
    query: str = ""  # as typed: what the link was an answer to
    position: int | None = None  # of the link among the hits, from 1
    place: str = ""  # of the link
    agent: str = ""  # the reader's user agent
    team: Team = ""  # of the ranking that the link is of, where two are interleaved
    total: int | None = None  # of a search: how many hits it had


def read_event(record: Mapping[str, object]) -> Event:
    """The event that a JSON object says. Raises InvalidValue naming field, value and what is allowed.

    Fields it does not know are passed over; null is as absent.

    >>> read_event({"type": "view", "article": "a7", "visitor": "v", "at": "2026-05-01T10:00:00+02:00"}).at.isoformat()
    '2026-05-01T08:00:00+00:00'
    """
    type_, article, visitor, at = (record.get(name) for name in ("type", "article", "visitor", "at"))
    kind, query = _type(type_), _text("query", record.get("query"), LONGEST_QUERY)
    if kind == "search":
        article = ""
        if not query.strip():
            raise InvalidValue("query", query, "what was searched, in an event of type search")
    elif not isinstance(article, str) or not (article.isprintable() and article.strip() and len(article) <= LONGEST_ID):
        raise InvalidValue("article", article, f"1 to {LONGEST_ID} printable characters")
    if not isinstance(visitor, str) or not 0 < len(visitor) <= LONGEST_VISITOR:
        raise InvalidValue("visitor", visitor, f"1 to {LONGEST_VISITOR} characters")
    return Event(
        kind,
        article,
        visitor,
        clean_time("at", at) if at is not None else None,
        query,
        _whole("position", record.get("position"), 1),
        _text("place", record.get("place"), LONGEST_PLACE),
        _text("agent", record.get("agent"), LONGEST_AGENT),
        _team(record.get("team")),
        _whole("total", record.get("total"), 0),
    )


def time_of(event: Event, now: datetime) -> datetime:
    """When an event was, told at `now`. Raises InvalidValue for one of yesterday or of the future.

    Up to five minutes in the future count as now: sites' clocks differ a little.
    """
    if event.at is None:
        return now
    if not now - OLDEST <= event.at <= now + CLOCK_SKEW:
        raise InvalidValue("at", event.at.isoformat(), "a time within the last 24 hours")
    return min(event.at, now)


def _type(value: object) -> EventType:
    match value:
        case "view" | "click" | "impression" | "search":
            return value
    raise InvalidValue("type", value, "view or click or impression or search")


def _team(value: object) -> Team:
    match value:
        case None:
            return ""
        case "" | "a" | "b":
            return value
    raise InvalidValue("team", value, "a or b, as the answer had it")


def _whole(field: str, value: object, least: int) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= least):
        return value
    raise InvalidValue(field, value, f"a whole number from {least}")


def _text(field: str, value: object, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise InvalidValue(field, value, f"a string of at most {longest:,} characters")
    return value
