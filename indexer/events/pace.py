"""Pace: who reads faster or more widely than people do is a robot, whatever its user agent says.

A robot counts no more for the rest of the day; what it read before it was found out stays counted. Visitors are known
by digests alone, and these only choose cells of two sketches, 12 MB. A full sketch begins anew.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from indexer.events.seen import Seen
from search.article import ArticleId
from search.result import EPOCH

MINUTE = timedelta(minutes=1)
MOST_A_MINUTE = 30  # views and clicks of one visitor: one every two seconds
MOST_ARTICLES = 200  # different ones of one visitor and day: the most that a cell can count is 255
MINUTE_CELLS, DAY_CELLS = 2**20, 2**21  # of a row: 4 and 8 MB


class Pace:
    """The reads of one day, by visitor."""

    def __init__(self, minute_cells: int = MINUTE_CELLS, day_cells: int = DAY_CELLS) -> None:
        self._minute_cells, self._day_cells = minute_cells, day_cells
        self._minutes, self._day = Seen(minute_cells), Seen(day_cells)

    def is_a_persons(self, digest: Callable[[str], bytes], article: ArticleId, at: datetime) -> bool:
        """Whether a read may be a person's, by what came of its visitor before; it is remembered.

        `digest` hashes the visitor and what it is given to 16 bytes.
        """
        if self._minutes.is_full:
            self._minutes = Seen(self._minute_cells)
        if self._day.is_full:
            self._day = Seen(self._day_cells)
        if self._day.holds(digest("robot")):
            return False
        is_slow = self._minutes.admits(digest(f"minute {(at - EPOCH) // MINUTE}"), MOST_A_MINUTE)
        is_new = self._day.admits(digest(f"read {article}"), 1)
        if is_slow and (not is_new or self._day.admits(digest("articles"), MOST_ARTICLES)):
            return True
        self._day.admits(digest("robot"), 1)
        return False
