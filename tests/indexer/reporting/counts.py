"""The counts of a small site's days."""

from datetime import date

from indexer.events.impressions import DAY, Shown, Slot
from indexer.events.tally import Outcomes
from indexer.ledger_report import AskedQuery
from indexer.reporting.report import Report, report_of
from search.result import EPOCH, Team
from tests.builders import NOW

TODAY = (NOW - EPOCH) // DAY
DATE = date(2026, 5, 10)


def slot(place: str = "search", position: int = 1, team: Team = "", day: int = TODAY) -> Slot:
    return Slot(day, place, position, team)


def asked(text: str, searches: int, unanswered: int = 0, clicked: int = 0) -> AskedQuery:
    return AskedQuery(text, Outcomes(searches, unanswered, clicked))


def site() -> Report:
    """Two days: links in two places, and three queries, one of them hostile."""
    return report_of(
        [TODAY - 1, TODAY],
        {
            slot(): Shown(100, 30),
            slot(day=TODAY - 1): Shown(100, 10),
            slot(position=2): Shown(100, 5),
            slot("hot", 0): Shown(50, 1),
        },
        {TODAY: Outcomes(40, 6, 20), TODAY - 1: Outcomes(10, 0, 5)},
        [asked("harbour bridge", 20, 0, 15), asked("ferry", 10, 0, 1), asked("<script>alert(1)</script>", 6, 6, 0)],
    )
