"""Links that readers were shown and clicked, counted by where they stood: what click-through is made of.

A visitor counts once a day for a link: an article at a position of a place, for a query. So impressions are independent
enough for an interval, and a click is one of them: where the site told no impression of it, the click stands for both.
As in the tally, visitors leave nothing but cells of a sketch, with a salt of a day.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from indexer.events.event import Event
from indexer.events.seen import CELLS, DIGEST_BYTES, Seen
from search.result import EPOCH, Team

DAY = timedelta(days=1)
SEARCH, OTHER = "search", "other"
PLACES = (SEARCH, "related", "hot", "topics", "for-you", OTHER)  # all that are counted: what else is told is other
DEEPEST_POSITION = 50  # further down, and where none is told, the position is 0


class Slot(NamedTuple):
    """Where links stood: the day since 1970, a place, a position in it from 1, and the team of the ranking."""

    day: int
    place: str
    position: int
    team: Team


class Shown(NamedTuple):
    """How often links were shown, and how many of these were clicked."""

    impressions: int
    clicks: int


class Impressions:
    """Counts links shown and clicked. One thread's; memory is constant: 16 MB of sketch, and the slots of a batch."""

    def __init__(self, salts: Callable[[], bytes], cells: int = CELLS) -> None:
        self._salts, self._cells = salts, cells
        self._day: date | None = None
        self._salt, self._seen = b"", Seen(cells)
        self._impressions: Counter[Slot] = Counter()
        self._clicks: Counter[Slot] = Counter()

    def add(self, event: Event, now: datetime) -> None:
        """Counts an impression or a click that came at `now`, if its visitor was not counted for it today."""
        if event.type not in ("impression", "click"):
            return
        if now.date() != self._day or self._seen.is_full:
            self._day, self._salt, self._seen = now.date(), self._salts(), Seen(self._cells)
        slot = slot_of(event, now)
        if self._admits("impression", event, slot):
            self._impressions[slot] += 1
        if event.type == "click" and self._admits("click", event, slot):
            self._clicks[slot] += 1

    def taken(self) -> Mapping[Slot, Shown]:
        """What was counted since it was last asked."""
        slots = self._impressions | self._clicks
        taken = {slot: Shown(self._impressions[slot], self._clicks[slot]) for slot in slots}
        self._impressions, self._clicks = Counter(), Counter()
        return taken

    def _admits(self, kind: str, event: Event, slot: Slot) -> bool:
        did = "\0".join((kind, slot.place, str(slot.position), event.query, event.article, event.visitor))
        digest = blake2b(did.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=DIGEST_BYTES).digest()
        return self._seen.admits(digest, 1)


def slot_of(event: Event, now: datetime) -> Slot:
    """Where the link of an event stood. A place that nobody knows is `other`; none is a search where a query is told.

    >>> slot_of(Event("click", "a7", "v", query="harbour bridge", position=2), EPOCH + DAY)
    Slot(day=1, place='search', position=2, team='')
    """
    place = event.place or (SEARCH if event.query else OTHER)
    position = event.position or 0
    return Slot(
        ((event.at or now) - EPOCH) // DAY,
        place if place in PLACES else OTHER,
        position if position <= DEEPEST_POSITION else 0,
        event.team,
    )
