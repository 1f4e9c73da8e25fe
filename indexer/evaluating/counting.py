"""Counting what was shown and clicked, in memory that does not grow with the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.evaluating.lines import numbered_lines
from indexer.evaluating.site_events import SearchEvent, search_event
from search.article import ArticleId

MOST_CELLS = 500_000  # about 400 MB, whatever the length of the log
MOST_CELLS_OF_A_QUERY = 1_000  # twenty articles at each of fifty positions
RECENT = 200_000  # events among which a visitor's repetition is found


@dataclass(frozen=True, slots=True)
class Cell:
    """How often an article was shown at a position of a query's hits, and how many of those times clicked."""

    query: str
    article: ArticleId
    position: int
    shown: int
    clicks: int


@dataclass(frozen=True, slots=True)
class EventCounts:
    """What became of a log's events: `forgotten` are those of rare queries that memory had no room for."""

    used: int = 0
    skipped: int = 0
    repeated: int = 0
    forgotten: int = 0


class Counter:
    """Counts of events by query, article and position; how many of these cells are held has a limit.

    Above the limit the queries with the fewest events are forgotten, until half of the cells are left; one that comes
    back starts anew. What a visitor does twice at one cell within a while counts once: a page loaded again, a robot.
    """

    def __init__(self, most_cells: int = MOST_CELLS, recent: int = RECENT) -> None:
        self._most_cells, self._recent = most_cells, recent
        self._cells: dict[str, dict[tuple[ArticleId, int], list[int]]] = {}
        self._size = self._skipped = self._repeated = self._forgotten = 0
        self._now: set[int] = set()
        self._before: set[int] = set()  # at most `recent` in each: the older half is let go at once

    def add(self, event: SearchEvent | None) -> None:
        """Counts an event; None is one to skip."""
        if event is None:
            self._skipped += 1
        elif self._is_repeated(event):
            self._repeated += 1
        else:
            self._count(event)

    @property
    def events(self) -> EventCounts:
        """What became of the events so far."""
        used = sum(sum(cell) for cells in self._cells.values() for cell in cells.values())
        return EventCounts(used, self._skipped, self._repeated, self._forgotten)

    @property
    def cells(self) -> list[Cell]:
        """What was shown at all; more clicks than impressions are as many as the impressions."""
        return [
            Cell(query, article, position, shown, min(clicks, shown))
            for query, cells in self._cells.items()
            for (article, position), (shown, clicks) in cells.items()
            if shown
        ]

    def _is_repeated(self, event: SearchEvent) -> bool:
        key = hash((event.visitor, event.query, event.article, event.position, event.is_click))
        if key in self._now or key in self._before:
            return True
        if len(self._now) >= self._recent:
            self._before, self._now = self._now, set()
        self._now.add(key)
        return False

    def _count(self, event: SearchEvent) -> None:
        cells = self._cells.setdefault(event.query, {})
        cell = cells.get((event.article, event.position))
        if cell is None:
            if len(cells) >= MOST_CELLS_OF_A_QUERY:
                self._forgotten += 1
                return
            cell = cells[event.article, event.position] = [0, 0]
            self._size += 1
        cell[event.is_click] += 1
        if self._size > self._most_cells:
            self._forget()

    def _forget(self) -> None:
        events = {query: sum(map(sum, cells.values())) for query, cells in self._cells.items()}
        for query in sorted(events, key=lambda query: (events[query], query)):
            if self._size <= self._most_cells // 2:
                return
            self._size -= len(self._cells.pop(query))
            self._forgotten += events[query]


def counted(file: Path) -> tuple[Sequence[Cell], EventCounts]:
    """A log's cells, and what became of its events.

    Raises InvalidValue, naming file, line and field, for what is not as it should be; Unavailable for a missing file.
    """
    counter = Counter()
    for place, line in numbered_lines(file, most_lines=None):
        counter.add(search_event(place, line))
    return counter.cells, counter.events
