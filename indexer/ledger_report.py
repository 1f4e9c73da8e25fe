"""What the ledger keeps for the report on readers: counts by day, of no visitor, for 90 days.

It does not grow with the events: a day has at most 6 places × 51 positions × 3 teams, one row of all searches, 64 of
choices between two rankings, and the 2,000 queries that were asked most, none of which fewer than three visitors asked
on that day.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from indexer.events.impressions import DAY, Shown, Slot
from indexer.events.tally import Batch, Choices, Outcomes
from indexer.ledger import Ledger
from search.result import EPOCH

DAYS_KEPT = timedelta(days=90)
MOST_ASKED_A_DAY = 2_000

ADD_SHOWN = """
INSERT INTO shown VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET impressions = impressions + excluded.impressions, clicks = clicks + excluded.clicks
"""
ADD_SEARCHED = """
INSERT INTO searched VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET searches = searches + excluded.searches, unanswered = unanswered + excluded.unanswered,
    clicked = clicked + excluded.clicked
"""
ADD_CHOICES = """
INSERT INTO choices VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET first = first + excluded.first, second = second + excluded.second
"""
ADD_ASKED = """
INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET text = excluded.text, searches = searches + excluded.searches,
    unanswered = unanswered + excluded.unanswered, clicked = clicked + excluded.clicked
"""
DROP_LEAST_ASKED = """
DELETE FROM asked WHERE day = ?1 AND folded IN (
    SELECT folded FROM asked WHERE day = ?1 ORDER BY searches
    LIMIT max(0, (SELECT count(*) FROM asked WHERE day = ?1) - ?2))
"""
ASKED = """
SELECT text, sum(searches), sum(unanswered), sum(clicked), max(day) FROM asked WHERE day > ?1 AND day <= ?2
GROUP BY folded ORDER BY 2 DESC, folded
"""
DROP_OLD = [f"DELETE FROM {table} WHERE day <= ?" for table in ("shown", "searched", "choices", "asked")]  # noqa: S608 - ours


class AskedQuery(NamedTuple):
    """A query, and what became of its searches."""

    text: str
    outcomes: Outcomes


def add_to_report(ledger: Ledger, batch: Batch, most_asked: int = MOST_ASKED_A_DAY) -> None:
    """Adds a batch, all of it or nothing."""
    queries = [(each.day, key, each.text, *each.outcomes) for key, each in batch.queries.items()]
    with ledger.transaction() as database:
        database.executemany(ADD_SHOWN, [(*slot, *shown) for slot, shown in batch.shown.items()])
        database.executemany(ADD_SEARCHED, [(day, *outcomes) for day, outcomes in batch.searched.items()])
        database.executemany(ADD_CHOICES, [(*group, *choices) for group, choices in batch.choices.items()])
        database.executemany(ADD_ASKED, queries)
        database.executemany(DROP_LEAST_ASKED, {(row[0], most_asked) for row in queries})


def drop_old(ledger: Ledger, now: datetime) -> None:
    """Drops what is older than 90 days."""
    oldest = (now - DAYS_KEPT - EPOCH) // DAY
    with ledger.transaction() as database:
        for statement in DROP_OLD:
            database.execute(statement, (oldest,))


class ReportStore:
    """The counts of days in a ledger. Days are whole ones since 1970: after `first`, up to `last`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def shown(self, first: int, last: int) -> Mapping[Slot, Shown]:
        """How often links were shown and clicked, by where they stood."""
        rows = self._ledger.rows("SELECT * FROM shown WHERE day > ? AND day <= ?", (first, last))
        return {Slot(*row[:4]): Shown(*row[4:]) for row in rows}

    def searched(self, first: int, last: int) -> Mapping[int, Outcomes]:
        """What became of all searches, by day."""
        rows = self._ledger.rows("SELECT * FROM searched WHERE day > ? AND day <= ?", (first, last))
        return {day: Outcomes(*counts) for day, *counts in rows}

    def choices(self, first: int, last: int) -> Sequence[Choices]:
        """What was chosen between two rankings, by day and group of queries."""
        rows = self._ledger.rows("SELECT first, second FROM choices WHERE day > ? AND day <= ?", (first, last))
        return [Choices(*row) for row in rows]

    def asked(self, first: int, last: int) -> Sequence[AskedQuery]:
        """Queries that several visitors asked on one day, the most asked first."""
        rows = self._ledger.rows(ASKED, (first, last))
        return [AskedQuery(text, Outcomes(*counts)) for text, *counts, _ in rows]
