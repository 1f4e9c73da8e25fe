from datetime import timedelta

import pytest

from indexer.decide import Add
from indexer.events.tally import HOUR, Batch
from indexer.events.traffic import MinutelyReadership
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from search.article import ArticleId
from search.ranking.hotness import Readership, Traffic
from search.result import EPOCH
from tests.builders import NOW, article

WEEK = timedelta(days=7)


@pytest.fixture
def store(ledger: Ledger) -> EventStore:
    ledger.record([Add(article("storm")), Add(article("rain"))])
    return EventStore(ledger)


def view(store: EventStore, id_: ArticleId, views: int, hours_ago: int) -> None:
    store.record(Batch(views, {((NOW - EPOCH) // HOUR - hours_ago, id_): (views, 7)}, {}, {}), NOW)


def test_before_anybody_reads_there_is_no_traffic(store: EventStore) -> None:
    assert MinutelyReadership(store)(WEEK, NOW) == Readership({}, recent_hours=1.0, past_hours=167.0)


def test_views_fade_by_half_with_a_quarter_of_the_window_and_those_of_two_hours_are_recent(store: EventStore) -> None:
    view(store, "storm", 8, hours_ago=42)
    view(store, "storm", 2, hours_ago=0)
    view(store, "rain", 3, hours_ago=1)
    view(store, "rain", 99, hours_ago=200)
    traffic = MinutelyReadership(store)(WEEK, NOW).traffic
    assert list(traffic) == ["storm", "rain"]
    assert traffic["storm"] == Traffic(10, 6.0, 2)
    assert traffic["rain"] == Traffic(3, 3 * 2 ** (-1 / 42), 3)


def test_readership_is_as_it_was_when_the_minute_was_first_asked(store: EventStore) -> None:
    reading = MinutelyReadership(store)
    before = reading(WEEK, NOW)
    view(store, "storm", 5, hours_ago=0)
    assert reading(WEEK, NOW + timedelta(seconds=59)) == before
    assert reading(WEEK, NOW + timedelta(minutes=1)).traffic.keys() == {"storm"}
