from pathlib import Path

import pytest

from indexer.evaluating.events import read_events, related_queries
from indexer.evaluating.judgments import JudgedQuery
from search.errors import InvalidValue

EVENTS = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "alone": "c"}


def test_the_others_of_its_event_answer_an_article() -> None:
    queries = related_queries(EVENTS, {"a1", "a2", "b1", "alone"}, sample=10)
    assert sorted(queries, key=lambda query: query.id) == [
        JudgedQuery("a1", "a1", {"a2": 1}),
        JudgedQuery("a2", "a2", {"a1": 1}),
    ]


def test_a_sample_is_drawn_by_ids_alone() -> None:
    ids = [query.id for query in related_queries(EVENTS, EVENTS, sample=5)]
    assert [query.id for query in related_queries(EVENTS, EVENTS, sample=3)] == ids[:3]
    assert [query.id for query in related_queries(dict(reversed(EVENTS.items())), EVENTS, sample=5)] == ids
    assert set(ids) == {"a1", "a2", "a3", "b1", "b2"}


def test_an_article_of_two_events_is_told_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "events.tsv"
    file.write_text("doc-id\tevent\na1\ta\nb1\tb\na1\tb\n")
    with pytest.raises(InvalidValue, match="events.tsv:4: doc-id is 'a1', allowed: one that no line before it has"):
        read_events(file)
    file.write_text("doc-id\tevent\na1\ta\nb1\tb\n")
    assert read_events(file) == {"a1": "a", "b1": "b"}
