"""The signal: what the newsroom wants of one article, where, and from when to when."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from pydantic import TypeAdapter

from search.article import LONGEST_ID, ArticleId, check_id
from search.errors import InvalidValue
from search.request import LONGEST_QUERY
from search.text.normalise import normalise_query

LOWEST_PIN = 10  # the position below which nothing is pinned
LONGEST = {"section": 200, "query": LONGEST_QUERY, "author": 200, "note": 1_000}  # characters

Action: TypeAlias = Literal["put", "delete"]

_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_ID - 1}}}")


class Kind(StrEnum):
    """What is done with the article."""

    PIN = "pin"  # it stands at a position
    BOOST = "boost"  # it counts for more than it would
    BURY = "bury"  # for less
    EXCLUDE = "exclude"  # it is not there


class Place(StrEnum):
    """Which lists of articles are meant."""

    SEARCH = "search"
    RELATED = "related"
    HOT = "hot"
    TOPICS = "topics"
    FOR_YOU = "for-you"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Signal:
    """One wish of the newsroom. `section` and `query` are as they are compared, by `facet_key` and `query_key`.

    It holds from `start` on and before `end`. A section narrows it to lists of that section: a search with that
    filter, what to read after an article of it. A query narrows it to searches for just that.
    """

    id: str
    kind: Kind
    article: ArticleId
    place: Place
    section: str = ""
    query: str = ""
    position: int | None = None  # of a pin, from 1
    start: datetime | None = None
    end: datetime | None = None
    author: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise InvalidValue("id", self.id, f"1 to {LONGEST_ID} letters, digits, dots, hyphens and underscores")
        check_id("article", self.article)
        if self.query and self.place is not Place.SEARCH:
            raise InvalidValue("query", self.query, f"none with the place {self.place}, only with search")
        if self.kind is not Kind.PIN and self.position is not None:
            raise InvalidValue("position", self.position, f"none with the kind {self.kind}, only with pin")
        if self.kind is Kind.PIN and (self.position is None or not 1 <= self.position <= LOWEST_PIN):
            raise InvalidValue("position", self.position, f"1 to {LOWEST_PIN}")
        for name, limit in LONGEST.items():
            if len(getattr(self, name)) > limit:
                raise InvalidValue(name, getattr(self, name), f"at most {limit:,} characters")
        self._check_times()

    def _check_times(self) -> None:
        for name in ("start", "end"):
            time = getattr(self, name)
            if time is not None and time.utcoffset() != timedelta(0):
                raise InvalidValue(name, time, "a time in UTC")
        if self.start and self.end and self.start >= self.end:
            raise InvalidValue("end", self.end.isoformat(), f"a time after start, {self.start.isoformat()}")

    def is_live(self, now: datetime) -> bool:
        """Whether it holds at this time."""
        return (self.start is None or self.start <= now) and (self.end is None or now < self.end)

    def is_of(self, place: Place) -> bool:
        """Whether it concerns a place."""
        return self.place in (place, Place.ALL)

    def is_about(self, queries: Container[str], sections: Container[str]) -> bool:
        """Whether it concerns a list of one of these sections, that answers one of these queries; both as compared."""
        return (not self.query or self.query in queries) and (not self.section or self.section in sections)


@dataclass(frozen=True, slots=True)
class SignalChange:
    """One entry of the log, numbered from 1: when, who by their own word, and the signal that was put or deleted."""

    number: int
    at: datetime
    action: Action
    author: str
    signal: Signal


_codec = TypeAdapter(Signal)


def query_key(text: str) -> str:
    """A query as it is compared: case, spacing and the shape of quotes do not tell two apart.

    >>> query_key(" “Harbour  Bridge” ")
    '"harbour bridge"'
    """
    return normalise_query(text).casefold()


def to_json(signal: Signal) -> bytes:
    """The signal as UTF-8 JSON, without the fields that say nothing; `from_json` gives it back whole."""
    return _codec.dump_json(signal, exclude_defaults=True)


def from_json(data: bytes | str) -> Signal:
    """The signal that `to_json` wrote."""
    return _codec.validate_json(data)
