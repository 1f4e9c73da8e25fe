import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from indexer.decide import Add, Update, Withdraw
from indexer.events.decay import HALF_LIFE, heat_of
from indexer.events.tally import HOUR, Asked, Batch
from indexer.ledger import Ledger
from indexer.ledger_events import HOURS_KEPT, QUERIES_KEPT, EventStore, Reads
from search.article import ArticleId
from search.result import EPOCH
from tests.builders import NOW, article


@pytest.fixture
def store(ledger: Ledger) -> EventStore:
    ledger.record([Add(article("storm")), Add(article("rain"))])
    return EventStore(ledger)


def viewed(views: Mapping[ArticleId, int], at: datetime = NOW, clicks: int = 0) -> Batch:
    """A batch in which articles were viewed so often at one time."""
    hour = (at - EPOCH) // HOUR
    reads = {(hour, id_): (count, clicks) for id_, count in views.items()}
    return Batch(sum(views.values()), reads, dict.fromkeys(views, heat_of(at)), {})


def asked(*texts: str, at: datetime = NOW, article: ArticleId = "storm", visitors: int = 3) -> Batch:
    heat = heat_of(at)
    return Batch(len(texts), {}, {}, {text: Asked(text, article, at, visitors, heat) for text in texts})


def test_reads_add_up_by_article_and_hour(store: EventStore) -> None:
    store.record(viewed({"storm": 2, "rain": 1}, NOW - 2 * HOUR), NOW)
    store.record(viewed({"storm": 3}, clicks=1), NOW)
    store.record(viewed({"storm": 1}), NOW)
    assert store.reads_since(NOW - 2 * HOUR) == {"storm": Reads(6, 1), "rain": Reads(1, 0)}
    assert store.reads_since(NOW) == {"storm": Reads(4, 1)}
    assert store.count() == 7


def test_reads_older_than_two_weeks_are_dropped_and_popularity_is_not(store: EventStore) -> None:
    store.record(viewed({"storm": 1}), NOW)
    later = NOW + HOURS_KEPT + HOUR
    store.record(viewed({"rain": 1}, later), later)
    assert store.reads_since(EPOCH) == {"rain": Reads(1, 0)}
    assert store.most_read(later, 9).keys() == {"rain", "storm"}


def test_the_most_read_come_first_and_fade_by_half_every_week(store: EventStore) -> None:
    for _ in range(3):
        store.record(viewed({"storm": 1}), NOW)
    store.record(viewed({"rain": 1}), NOW)
    assert list(store.most_read(NOW, 9)) == ["storm", "rain"]
    assert store.most_read(NOW + HALF_LIFE, 9) == pytest.approx({"storm": 1.5, "rain": 0.5})
    assert store.most_read(NOW, 1) == pytest.approx({"storm": 3.0})


def test_events_of_unknown_articles_are_taken_in_and_dropped(store: EventStore) -> None:
    store.record(viewed({"nobody": 5}), NOW)
    assert (store.count(), store.reads_since(EPOCH), store.most_read(NOW, 9)) == (5, {}, {})


def test_a_withdrawn_article_keeps_its_counts(ledger: Ledger, store: EventStore) -> None:
    store.record(viewed({"storm": 1}), NOW)
    ledger.record([Withdraw("storm")])
    store.record(viewed({"storm": 1}), NOW)
    assert store.reads_since(EPOCH) == {"storm": Reads(2, 0)}


def test_past_queries_begin_as_typed_case_and_accents_aside_and_the_most_asked_come_first(store: EventStore) -> None:
    store.record(asked("harbour bridge", "harbour café", "ferry", at=NOW - HALF_LIFE), NOW)
    store.record(asked("harbour cafe"), NOW)
    assert store.past_queries("HARB", NOW, 8) == ["harbour cafe", "harbour bridge", "harbour café"]
    assert store.past_queries("hárbour b", NOW, 8) == ["harbour bridge"]
    assert store.past_queries("harbour", NOW, 1) == ["harbour cafe"]
    assert [store.past_queries(text, NOW, 8) for text in ("", "…", "arbour", "%", "h_rb")] == [[], [], [], [], []]


def test_a_query_asked_again_is_hotter_and_keeps_its_most_visitors_and_latest_time(ledger: Ledger) -> None:
    ledger.record([Add(article("storm"))])
    store = EventStore(ledger)
    store.record(asked("rain", "snow"), NOW)
    store.record(asked("snow", visitors=9, at=NOW), NOW)
    store.record(asked("snow", visitors=4, at=NOW - HOUR), NOW)
    assert store.past_queries("s", NOW, 8) + store.past_queries("r", NOW, 8) == ["snow", "rain"]
    with ledger.reading() as database:
        (row,) = database.execute("SELECT visitors, asked_at FROM queries WHERE folded = 'snow'")
    assert row == (9, NOW.timestamp())


@pytest.mark.parametrize(
    ("fields", "is_suggested"),
    [
        ({}, True),
        ({"embargo_until": NOW}, True),
        ({"embargo_until": NOW + HOUR}, False),
        ({"expires_at": NOW}, False),
        ({"expires_at": NOW + HOUR}, True),
    ],
)
def test_a_query_that_found_what_nobody_may_see_is_kept_back(
    ledger: Ledger, store: EventStore, fields: dict[str, Any], is_suggested: bool
) -> None:
    store.record(asked("harbour"), NOW)
    ledger.record([Update(article("storm", **fields))])
    assert (store.past_queries("h", NOW, 8) == ["harbour"]) is is_suggested
    ledger.record([Withdraw("storm")])
    assert store.past_queries("h", NOW, 8) == []
    store.record(asked("harbour", article="rain"), NOW)
    assert store.past_queries("h", NOW, 8) == ["harbour"]


def test_only_the_hottest_queries_are_kept_and_none_that_was_long_not_asked(ledger: Ledger) -> None:
    ledger.record([Add(article("storm"))])
    store = EventStore(ledger, most_queries=3)
    store.record(asked("cold", at=NOW - HALF_LIFE), NOW)
    store.record(asked("c1", "c2", "c3"), NOW)
    assert store.past_queries("c", NOW, 8) == ["c1", "c2", "c3"]
    later = NOW + QUERIES_KEPT + HOUR
    store.record(asked("c4", at=later), later)
    assert store.past_queries("c", later, 8) == ["c4"]


def test_nothing_of_a_batch_is_kept_when_it_fails_midway(ledger: Ledger, store: EventStore) -> None:
    bad = Asked(None, "storm", NOW, 3, heat_of(NOW))  # type: ignore[arg-type]
    batch = Batch(2, viewed({"storm": 1}).reads, {}, {"rain": bad})
    with pytest.raises(Exception, match="NOT NULL"):
        store.record(batch, NOW)
    assert (store.count(), store.reads_since(EPOCH)) == (0, {})


def test_the_file_grows_with_articles_and_hours_and_not_with_events(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        ledger.record([Add(article("storm"))])
        store = EventStore(ledger)
        for minutes in range(120):
            now = NOW + timedelta(minutes=minutes)
            store.record(viewed({"storm": 1_000}, now), now)
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as database:
        rows = [database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("reads", "popularity")]
    database.close()
    assert rows == [2, 1]
