from datetime import timedelta

import pytest

from indexer.decide import Add
from indexer.events.decay import heat_of
from indexer.events.popularity import HourlyPopularity, current
from indexer.events.tally import Batch
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from search.article import ArticleId
from tests.builders import NOW, article


@pytest.fixture
def store(ledger: Ledger) -> EventStore:
    ledger.record([Add(article("storm")), Add(article("rain"))])
    return EventStore(ledger)


def view(store: EventStore, id_: ArticleId, views: int) -> None:
    for _ in range(views):
        store.record(Batch(1, {(0, id_): (1, 0)}, {id_: heat_of(NOW)}, {}), NOW)


def test_before_anybody_reads_nothing_is_popular(store: EventStore) -> None:
    assert HourlyPopularity(store)(["storm", "rain"], NOW) == {}


def test_popularity_is_as_it_was_at_the_first_question_of_the_hour(store: EventStore) -> None:
    view(store, "storm", 9)
    popularity = HourlyPopularity(store)
    first = popularity(["storm", "rain", "nobody"], NOW)
    assert first == pytest.approx({"storm": 0.5}, abs=0.01)
    view(store, "rain", 9)
    assert popularity(["storm", "rain"], NOW + timedelta(minutes=59)) == first
    assert popularity(["storm", "rain"], NOW + timedelta(hours=1)).keys() == {"storm", "rain"}


def test_the_current_popularity_stays_when_the_ledger_is_closed(ledger: Ledger, store: EventStore) -> None:
    view(store, "storm", 1)
    popularity = current(store, NOW)
    ledger.close()
    assert popularity(["storm"], NOW + timedelta(days=1)).keys() == {"storm"}
