import logging
from datetime import datetime
from pathlib import Path

import pytest

from indexer.decide import Add
from indexer.events.event import Event
from indexer.events.tally import Tally
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore, Reads
from search.article import Article
from search.errors import Unavailable
from search.result import EPOCH
from tests.web.newsroom import NOON, STARTED, eventually
from web.intake import Intake

VIEW = Event("view", "rain", "reader-77")


class Desk:
    """An intake over a ledger with one article, and what the ledger counted of it."""

    def __init__(self, home: Path, most_waiting: int = 100) -> None:
        self.file = home / "ledger.sqlite3"
        self.ledger = Ledger(self.file)
        self.ledger.record([Add(Article("rain", "Rain"))])
        self.is_clock_broken = False
        self.intake = Intake(Tally(lambda: b"salt"), self.ledger, self.clock, most_waiting)

    def clock(self) -> datetime:
        if self.is_clock_broken:
            raise OSError("the clock is away")
        return NOON

    @property
    def views(self) -> int:
        return EventStore(self.ledger).reads_since(EPOCH).get("rain", Reads(0, 0)).views


def test_what_is_put_is_counted_at_the_next_flush(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.intake.put([VIEW])
    assert desk.views == 0
    desk.intake.flush()
    desk.intake.flush()
    assert (desk.views, EventStore(desk.ledger).count()) == (1, 1)


def test_a_thread_flushes_by_itself_and_once_more_when_it_is_stopped(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.intake.start()
    STARTED.append(desk.intake)
    desk.intake.put([VIEW])
    assert eventually(lambda: desk.views == 1)
    desk.intake.put([VIEW])
    desk.intake.stop()
    assert desk.views == 2


def test_a_full_buffer_takes_none_of_what_is_too_much_and_all_after_a_flush(tmp_path: Path) -> None:
    desk = Desk(tmp_path, most_waiting=3)
    desk.intake.put([VIEW, VIEW])
    with pytest.raises(Unavailable, match="2 events wait to be counted"):
        desk.intake.put([VIEW, VIEW])
    desk.intake.put([VIEW])
    desk.intake.flush()
    desk.intake.put([VIEW] * 3)
    assert desk.views == 3


def test_a_flush_that_fails_is_made_again_and_counts_nothing_twice(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.intake.put([VIEW])
    with desk.ledger.transaction() as database:
        database.execute("ALTER TABLE reads RENAME TO lost")
    with pytest.raises(Exception, match="no such table: reads"):
        desk.intake.flush()
    assert EventStore(desk.ledger).count() == 0
    with desk.ledger.transaction() as database:
        database.execute("ALTER TABLE lost RENAME TO reads")
    desk.intake.put([VIEW])
    desk.intake.flush()
    desk.intake.flush()
    assert (desk.views, EventStore(desk.ledger).count()) == (2, 2)


def test_what_keeps_failing_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(tmp_path)
    desk.is_clock_broken = True
    desk.intake.put([VIEW])
    desk.intake.start()
    STARTED.append(desk.intake)
    assert eventually(lambda: "cannot count events" in caplog.text)
    logged = [(each.levelno, each.getMessage()) for each in caplog.records if each.name == "web.intake"]
    assert logged == [(logging.ERROR, "cannot count events, trying again: the clock is away")]


def test_nothing_of_a_visitor_reaches_the_disk_nor_a_query_that_two_alone_asked(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for query, visitors in (("quiet harbour", ("reader-77", "reader-78")), ("loud harbour", "abc")):
        desk.intake.put([Event("impression", "rain", visitor, query=query, position=1) for visitor in visitors])
        desk.intake.put([Event("search", "", visitor, query=f"{query} lights", total=0) for visitor in visitors])
    desk.intake.flush()
    desk.ledger.close()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"loud harbour" in written
    assert b"loud harbour lights" in written
    assert b"reader" not in written
    assert b"quiet" not in written
