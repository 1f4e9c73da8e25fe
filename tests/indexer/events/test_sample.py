import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from indexer.decide import Add
from indexer.events.impressions import DAY
from indexer.events.sample import take_sample
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore, Reads
from indexer.ledger_report import ReportStore
from indexer.reporting.report import read_report
from search.result import EPOCH
from tests.builders import NOW, article

NEWSROOM = Path(__file__).resolve().parents[3] / "data" / "newsroom"
WEEK = timedelta(days=7)


def test_a_sample_is_of_this_week_whenever_it_is_taken_and_taken_once(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record([Add(article("storm"))])
    store, file = EventStore(ledger), tmp_path / "events.jsonl"
    lines = [{"article": "storm", "hours_ago": 168, "views": 4}, {"article": "storm", "hours_ago": 0, "views": 2}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    take_sample(file, store, NOW)
    take_sample(file, store, NOW + timedelta(hours=1))
    assert store.reads_since(NOW - WEEK) == {"storm": Reads(6, 0)}
    assert store.most_read(NOW, 1) == {"storm": pytest.approx(4)}
    later = NOW + timedelta(days=8)
    take_sample(file, store, later)
    assert store.reads_since(later - WEEK) == {"storm": Reads(6, 0)}


def lines_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (NEWSROOM / name).read_text(encoding="utf-8").splitlines()]


def test_the_sample_newsrooms_readers_read_its_articles() -> None:
    read = {line["article"] for line in lines_of("events.jsonl") if "article" in line}
    assert len(read) > 10
    assert read <= {line["id"] for line in lines_of("corpus.jsonl")}


def test_the_sample_newsroom_has_a_week_to_report(ledger: Ledger) -> None:
    take_sample(NEWSROOM / "events.jsonl", EventStore(ledger), NOW)
    report = read_report(ReportStore(ledger), NOW, 7)
    assert all(each.searches.searches and each.shown.clicks for each in report.days)
    assert [each.place for each in report.places] == ["search", "related", "hot", "topics"]
    assert (len(report.popular), len(report.unanswered)) == (16, 4)
    assert report.unclicked[0].text == "ferry timetable"
    asked = sum(each.searches for each in report.popular)
    assert asked < report.searches.searches
    assert ReportStore(ledger).searched(0, report_day(NOW) - 7) == {}


def test_what_the_sample_newsrooms_readers_asked_is_suggested(ledger: Ledger) -> None:
    ids = {line["leads_to"] for line in lines_of("events.jsonl") if "leads_to" in line}
    assert ids <= {line["id"] for line in lines_of("corpus.jsonl")}
    ledger.record([Add(article(id_)) for id_ in ids])
    store = EventStore(ledger)
    take_sample(NEWSROOM / "events.jsonl", store, NOW)
    assert store.past_queries("b", NOW, 5) == ["bridge inquiry", "bank branch closing"]
    assert store.past_queries("bin", NOW, 5) == []


def report_day(now: datetime) -> int:
    return (now - EPOCH) // DAY
