import json
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.decide import Add
from indexer.events.sample import take_sample
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore, Reads
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


def test_the_sample_newsrooms_readers_read_its_articles() -> None:
    read, known = (
        {json.loads(line)[name] for line in (NEWSROOM / file).read_text(encoding="utf-8").splitlines()}
        for file, name in (("events.jsonl", "article"), ("corpus.jsonl", "id"))
    )
    assert len(read) > 10
    assert read <= known
