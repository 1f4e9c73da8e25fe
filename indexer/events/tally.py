"""The tally: events counted, each visitor a few times a day at most, robots not at all, and visitors forgotten.

No visitor leaves this file: its name is hashed with what it did and a salt, and the hash only chooses cells of a
sketch. Salt and sketch live in memory for one day of UTC, or until the sketch is full, after 4 million counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

from indexer.events.decay import NO_HEAT, heat_of, joined
from indexer.events.event import Event
from indexer.events.impressions import DAY, Impressions, Shown, Slot
from indexer.events.pace import Pace
from indexer.events.query import folded, merged
from indexer.events.seen import CELLS, DIGEST_BYTES, Seen
from search.article import ArticleId
from search.result import EPOCH

HOUR = timedelta(hours=1)
MOST_READS = 3  # views, and as many clicks, that count of one visitor, article and day
FEWEST_VISITORS = 3  # who asked a query on one day, before anybody else is told of it
GROUPS = 64  # of queries, by a hash: what is chosen is kept by these, since all who ask a query get one list a day
LONGEST_ASKED = 80  # characters: what is longer was pasted, and is nothing to suggest
MOST_ASKED = 50_000  # different queries of a day that are remembered until enough have asked them: about 20 MB


class Outcomes(NamedTuple):
    """Searches, each of one visitor, query and day: how many there were, found nothing (unanswered), led to a click."""

    searches: int = 0
    unanswered: int = 0
    clicked: int = 0

    def plus(self, other: "Outcomes") -> "Outcomes":
        """Both together."""
        return Outcomes(*(mine + its for mine, its in zip(self, other, strict=True)))


class Choices(NamedTuple):
    """Searches where two rankings were interleaved, and a hit of the first, or of the second, was clicked."""

    first: int
    second: int


@dataclass(slots=True)
class Asked:
    """What readers asked: as one of them typed it, merged; an article that they were shown for it or clicked, if any.

    `visitors` are the different ones of this day since 1970, `heat` and `outcomes` those not handed on yet.
    """

    text: str
    article: ArticleId
    at: datetime
    visitors: int = 0
    heat: float = NO_HEAT
    day: int = 0
    outcomes: Outcomes = field(default_factory=Outcomes)


@dataclass(frozen=True, slots=True)
class Batch:
    """What came since the batch before. Hours and days are whole ones since 1970; reads are views and clicks."""

    events: int
    reads: Mapping[tuple[int, ArticleId], tuple[int, int]]
    heats: Mapping[ArticleId, float]  # of views
    queries: Mapping[str, Asked]  # by `folded`
    shown: Mapping[Slot, Shown] = field(default_factory=dict)
    searched: Mapping[int, Outcomes] = field(default_factory=dict)  # by day, of all queries
    choices: Mapping[tuple[int, int], Choices] = field(default_factory=dict)  # by day and group of queries


class Tally:
    """Counts events. One thread's; memory is constant: 44 MB of sketches, the day's queries, and the batch."""

    def __init__(self, salts: Callable[[], bytes], most_asked: int = MOST_ASKED, cells: int = CELLS) -> None:
        self._salts, self._most_asked, self._cells = salts, most_asked, cells
        self._day: date | None = None
        self._salt, self._seen, self._pace = b"", Seen(cells), Pace()
        self._asked: dict[str, Asked] = {}
        self._impressions = Impressions(salts, cells)
        self._begin()

    def _begin(self) -> None:
        self._events = 0
        self._reads: dict[tuple[int, ArticleId], tuple[int, int]] = {}
        self._heats: dict[ArticleId, float] = {}
        self._ready: dict[str, Asked] = {}
        self._searched: dict[int, Outcomes] = {}
        self._choices: dict[tuple[int, int], Choices] = {}

    def add(self, event: Event, now: datetime) -> None:
        """Counts an event that came at `now`, if its visitor has not been counted often enough today."""
        if now.date() != self._day or self._seen.is_full:
            self._day, self._salt = now.date(), self._salts()
            self._seen, self._pace, self._asked = Seen(self._cells), Pace(), {}
        self._events += 1
        at = event.at or now
        if event.type in ("view", "click") and self._is_to_count(event, at):
            self._count(event, at)
        text = merged(event.query) if event.query else ""
        key = folded(text)
        if key and len(text) <= LONGEST_ASKED:
            self._search(key, text, event, at)
        self._impressions.add(event, now)

    def taken(self) -> Batch:
        """The batch so far; the next begins empty."""
        queries, shown = _handed_on(self._ready), self._impressions.taken()
        batch = Batch(self._events, self._reads, self._heats, queries, shown, self._searched, self._choices)
        self._begin()
        return batch

    def _is_to_count(self, event: Event, at: datetime) -> bool:
        is_a_persons = self._pace.is_a_persons(partial(self._digest, event.visitor), event.article, at)
        return is_a_persons and self._admits(event.visitor, event.type, event.article, MOST_READS)

    def _admits(self, visitor: str, kind: str, what: str, most: int) -> bool:
        return self._seen.admits(self._digest(visitor, f"{kind}\0{what}"), most)

    def _digest(self, visitor: str, did: str) -> bytes:
        said = f"{did}\0{visitor}".encode("utf-8", "surrogatepass")
        return blake2b(said, key=self._salt, digest_size=DIGEST_BYTES).digest()

    def _count(self, event: Event, at: datetime) -> None:
        key = ((at - EPOCH) // HOUR, event.article)
        views, clicks = self._reads.get(key, (0, 0))
        is_view = event.type == "view"
        self._reads[key] = (views + is_view, clicks + (not is_view))
        if is_view:
            self._heats[event.article] = joined(self._heats.get(event.article, NO_HEAT), heat_of(at))

    def _search(self, key: str, text: str, event: Event, at: datetime) -> None:
        """Counts what is new of a visitor's search: an event may tell of the search, of its outcome, or of both."""

        def is_new(what: str, *, is_so: bool = True) -> bool:
            return is_so and self._admits(event.visitor, what, key, 1)

        day = ((self._day or at.date()) - EPOCH.date()) // DAY
        is_search, is_click = is_new("query"), event.type == "click"
        team = event.team if is_click and event.team and is_new(f"choice {event.team}") else ""
        if team:
            group = day, crc32(key.encode()) % GROUPS
            first, second = self._choices.get(group, (0, 0))
            self._choices[group] = Choices(first + (team == "a"), second + (team == "b"))
        outcomes = Outcomes(
            is_search,
            is_new("unanswered", is_so=event.type == "search" and event.total == 0),
            is_new("clicked", is_so=is_click),
        )
        if any(outcomes):
            self._searched[day] = self._searched.get(day, Outcomes()).plus(outcomes)
        elif not self._leads_somewhere_new(key, event):
            return
        self._note(
            key, Asked(text, event.article, at, int(is_search), heat_of(at) if is_search else NO_HEAT, day, outcomes)
        )

    def _leads_somewhere_new(self, key: str, event: Event) -> bool:
        """Whether the event, of a search that was counted already, names the first article known of its query."""
        asked = self._asked.get(key)
        return bool(event.article) and asked is not None and not asked.article

    def _note(self, key: str, new: Asked) -> None:
        asked = self._asked.get(key)
        if asked is None:
            if len(self._asked) >= self._most_asked:
                self._forget()
            asked = self._asked[key] = Asked(new.text, new.article, new.at, day=new.day)
        asked.text, asked.article, asked.at = new.text, new.article or asked.article, max(asked.at, new.at)
        asked.visitors += new.visitors
        asked.heat = joined(asked.heat, new.heat)
        asked.outcomes = asked.outcomes.plus(new.outcomes)
        if asked.visitors >= FEWEST_VISITORS:
            self._ready[key] = asked

    def _forget(self) -> None:
        """Keeps the half that most visitors asked: a flood of nonsense drives out what is asked by few alone."""
        kept: Sequence[str] = sorted(self._asked, key=lambda key: -self._asked[key].visitors)[: self._most_asked // 2]
        self._asked = {key: self._asked[key] for key in kept}


def _handed_on(ready: Mapping[str, Asked]) -> Mapping[str, Asked]:
    """The queries as they are now, their heat and outcomes taken out of what is still to be handed on.

    Heat stays until an article is known: without one the ledger keeps no query.
    """
    copies = {key: replace(each) for key, each in ready.items()}
    for each in ready.values():
        each.outcomes = Outcomes()
        if each.article:
            each.heat = NO_HEAT
    return copies
