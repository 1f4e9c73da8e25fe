import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.decide import Add
from indexer.ledger import Ledger
from indexer.ledger_schema import SCHEMA_VERSION
from indexer.ledger_signals import MOST_SIGNALS, Signals
from search.errors import InvalidValue
from search.signal import Kind, Place, SignalChange
from tests.builders import NOW, article, signal

LATER = NOW + timedelta(hours=1)
FULL = signal(query="harbour bridge", section="metro", position=3, start=NOW, end=LATER, author="Ada", note="“Why”")


def test_a_new_ledger_has_no_signals(ledger: Ledger) -> None:
    signals = Signals(ledger)
    assert (signals.all(), signals.log(10), signals.delete("storm", "", NOW)) == ((), [], None)


def test_what_is_put_comes_back_whole_in_order_of_the_ids(ledger: Ledger) -> None:
    signals, other = Signals(ledger), signal(Kind.BURY, "ferry", Place.ALL)
    signals.put(FULL, NOW)
    signals.put(other, NOW)
    assert signals.all() == (other, FULL)


def test_a_signal_put_again_replaces_its_namesake_and_the_same_once_more_is_no_change(ledger: Ledger) -> None:
    signals = Signals(ledger)
    moved = signal(position=2, author="Jo")
    for each in (signal(author="Ada"), signal(author="Ada"), moved):
        signals.put(each, NOW)
    assert signals.all() == (moved,)
    assert [change.signal for change in signals.log(10)] == [moved, signal(author="Ada")]


def test_the_log_tells_who_did_what_and_when_and_keeps_what_is_gone(ledger: Ledger) -> None:
    signals = Signals(ledger)
    signals.put(FULL, NOW)
    assert signals.delete(FULL.id, "Jo", LATER) == FULL
    assert signals.all() == ()
    changes = [SignalChange(2, LATER, "delete", "Jo", FULL), SignalChange(1, NOW, "put", "Ada", FULL)]
    assert signals.log(10) == changes
    assert signals.log(1) == changes[:1]


def test_a_change_by_another_process_is_seen_at_once(ledger: Ledger, tmp_path: Path) -> None:
    signals = Signals(ledger)
    assert signals.all() == ()
    with Ledger(tmp_path / "ledger.sqlite3") as elsewhere:
        Signals(elsewhere).put(FULL, NOW)
        assert signals.all() == (FULL,)
        Signals(elsewhere).delete(FULL.id, "", NOW)
        assert signals.all() == ()


def test_signals_are_not_read_again_while_the_file_stays_as_it_is(ledger: Ledger) -> None:
    signals = Signals(ledger)
    signals.put(FULL, NOW)
    assert signals.all() is signals.all()


def test_there_is_room_for_so_many_and_a_namesake(ledger: Ledger) -> None:
    signals = Signals(ledger)
    with ledger.transaction():
        for number in range(MOST_SIGNALS):
            signals.put(signal(id=f"s{number}"), NOW)
    signals.put(signal(id="s7", position=2), NOW)
    with pytest.raises(InvalidValue, match="id is 'more', allowed: one of the 1,000 signals there are"):
        signals.put(signal(id="more"), NOW)
    assert len(signals.all()) == MOST_SIGNALS


def test_a_ledger_of_schema_3_is_brought_up_and_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        ledger.record([Add(article())])
    with sqlite3.connect(file) as database:
        for table in ("signals", "signal_changes", "shown", "searched", "choices", "asked"):
            database.execute(f"DROP TABLE {table}")
        database.execute("PRAGMA user_version = 3")
    database.close()
    with Ledger(file) as ledger:
        assert ledger.article("storm") == article()
        Signals(ledger).put(FULL, NOW)
        ((version,),) = ledger.rows("PRAGMA user_version")
        assert version == SCHEMA_VERSION
    with Ledger(file) as ledger:
        assert Signals(ledger).all() == (FULL,)
