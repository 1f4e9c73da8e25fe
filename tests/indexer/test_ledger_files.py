"""Ledger files of other releases are brought up or left alone; what is no ledger, or half of one, is told."""

import sqlite3
from pathlib import Path

import pytest

from indexer.decide import Add, Withdraw
from indexer.events.tally import Batch
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore, Reads
from indexer.ledger_report import ReportStore
from indexer.ledger_schema import SCHEMA_VERSION
from search.errors import Corrupt, Unavailable
from search.result import EPOCH
from tests.builders import NOW, article
from tests.indexer.test_ledger import HOUR, MODEL, changed, vectors_of


def test_a_ledger_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    Ledger(file).close()
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(
        Unavailable, match=f"is of schema 99, this release reads up to {SCHEMA_VERSION}: update Broadsheet$"
    ):
        Ledger(file)


def without_report(database: sqlite3.Connection) -> None:
    """Makes a ledger of today one of schema 4."""
    for table in ("shown", "searched", "choices", "asked"):
        database.execute(f"DROP TABLE {table}")
    database.execute("PRAGMA user_version = 4")


def test_a_ledger_from_before_there_was_a_report_is_brought_up_and_loses_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        ledger.record([Add(article())])
        hour = (NOW - EPOCH) // HOUR
        EventStore(ledger).record(Batch(1, {(hour, "storm"): (1, 0)}, {}, {}), NOW)
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as database:
        without_report(database)
    database.close()
    for _ in range(2):
        with Ledger(tmp_path / "ledger.sqlite3") as ledger:
            assert EventStore(ledger).reads_since(EPOCH) == {"storm": Reads(1, 0)}
            assert (ReportStore(ledger).shown(0, 99_999), ReportStore(ledger).asked(0, 99_999)) == ({}, [])


def without_events(database: sqlite3.Connection) -> None:
    """Makes a ledger of today one of schema 2."""
    without_report(database)
    for table in ("events_taken", "reads", "popularity", "queries", "signals", "signal_changes"):
        database.execute(f"DROP TABLE {table}")
    database.execute("PRAGMA user_version = 2")


def test_a_ledger_from_before_there_were_events_is_brought_up_and_loses_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        ledger.record([Add(article())])
        ledger.keep_vectors("m1", [(article(), MODEL.embed(["x"]))])
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as database:
        without_events(database)
    database.close()
    for _ in range(2):
        with Ledger(tmp_path / "ledger.sqlite3") as ledger:
            assert changed(ledger) == [(1, "storm", article())]
            assert vectors_of(ledger, "m1") == [MODEL.embed(["x"]).tolist()]
            assert EventStore(ledger).count() == 0


def test_a_ledger_of_the_first_schema_is_brought_up_and_loses_nothing(tmp_path: Path) -> None:
    long = article("long", body="wave " * 500)
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        ledger.record([Add(article()), Add(long), Add(article("gone")), Withdraw("gone")])
        ledger.keep_vectors("m1", [(article(), MODEL.embed(["x"]))])
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as database:
        database.execute("UPDATE articles SET text_hash = x'00' WHERE id = 'long'")
        database.execute("ALTER TABLE embeddings DROP COLUMN passages")
        without_events(database)
        database.execute("PRAGMA user_version = 1")
    database.close()
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        assert [each.article for each in ledger.changes(0, 9, "m1")] == [article(), long, None]
        assert vectors_of(ledger, "m1") == [MODEL.embed(["x"]).tolist(), None, None]
        ledger.keep_vectors("m1", [(long, MODEL.embed(long.passages))])
        assert vectors_of(ledger, "m1")[1] == MODEL.embed(long.passages).tolist()


def test_a_file_that_is_no_ledger_is_told_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_text("Dear diary, " * 1_000)
    with pytest.raises(Corrupt, match=r"ledger\.sqlite3 is not a whole ledger"):
        Ledger(file)
    assert file.read_text() == "Dear diary, " * 1_000


def test_a_ledger_that_cannot_be_a_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").mkdir()
    with pytest.raises(Unavailable, match="cannot be written or read"):
        Ledger(tmp_path / "ledger.sqlite3")


def test_a_ledger_cut_short_is_corrupt_and_not_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        ledger.record(Add(article(f"a{number}", body="Waves. " * 100)) for number in range(500))
    file.write_bytes(file.read_bytes()[:20_000])
    with pytest.raises(Corrupt), Ledger(file) as ledger:
        ledger.changes(0, 1_000, MODEL.identity)
