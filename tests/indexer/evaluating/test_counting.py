import json
from pathlib import Path

import pytest

from indexer.evaluating.counting import MOST_CELLS_OF_A_QUERY, Cell, Counter, EventCounts, counted
from indexer.evaluating.site_events import SearchEvent
from search.errors import InvalidValue


def event(
    query: str = "rain", article: str = "storm", position: int = 1, visitor: str = "v", **fields: bool
) -> SearchEvent:
    return SearchEvent(query, article, position, visitor, **{"is_click": False, **fields})


def test_impressions_and_clicks_are_counted_by_query_article_and_position() -> None:
    counter = Counter()
    for visitor in "abc":
        counter.add(event(visitor=visitor))
    counter.add(event(position=2))
    counter.add(event(query="snow"))
    counter.add(event(visitor="a", is_click=True))
    counter.add(None)
    assert counter.cells == [
        Cell("rain", "storm", 1, shown=3, clicks=1),
        Cell("rain", "storm", 2, shown=1, clicks=0),
        Cell("snow", "storm", 1, shown=1, clicks=0),
    ]
    assert counter.events == EventCounts(used=6, skipped=1)


def test_what_a_visitor_does_twice_counts_once() -> None:
    counter = Counter()
    for _ in range(50):
        counter.add(event(visitor="robot"))
        counter.add(event(visitor="robot", is_click=True))
    assert counter.cells == [Cell("rain", "storm", 1, shown=1, clicks=1)]
    assert counter.events == EventCounts(used=2, repeated=98)


def test_repetition_is_found_among_the_recent_events_only() -> None:
    counter = Counter(recent=10)
    for number in [*range(10), 0, *range(10, 30), 0]:
        counter.add(event(visitor=f"v{number}"))
    assert counter.events == EventCounts(used=31, repeated=1)


def test_clicks_without_as_many_impressions_are_not_believed() -> None:
    counter = Counter()
    counter.add(event())
    for visitor in "abc":
        counter.add(event(visitor=visitor, is_click=True))
        counter.add(event(visitor=visitor, article="never shown", is_click=True))
    assert counter.cells == [Cell("rain", "storm", 1, shown=1, clicks=1)]


def test_rare_queries_are_forgotten_and_frequent_ones_kept_however_long_the_log() -> None:
    counter = Counter(most_cells=100)
    for number in range(3_000):
        counter.add(event(query=f"once {number}", visitor=f"v{number}"))
        counter.add(event(query=f"often {number % 20}", visitor=f"v{number}"))
    kept = {cell.query: cell.shown for cell in counter.cells}
    assert {query: kept[query] for query in kept if query.startswith("often")} == {f"often {n}": 150 for n in range(20)}
    assert len(kept) <= 100
    assert counter.events.used + counter.events.forgotten == 6_000


def test_one_query_cannot_take_all_the_room() -> None:
    counter = Counter()
    for number in range(MOST_CELLS_OF_A_QUERY + 5):
        counter.add(event(article=f"a{number}"))
    assert (len(counter.cells), counter.events) == (1_000, EventCounts(used=1_000, forgotten=5))


def test_a_log_is_counted_line_by_line_and_a_bad_line_is_told(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    line = json.dumps({"type": "impression", "article": "storm", "visitor": "v", "query": "Rain", "position": 1})
    file.write_text(f"{line}\n\n{line.replace('impression', 'click')}\n{line.replace('impression', 'view')}\n")
    assert counted(file) == ([Cell("rain", "storm", 1, 1, 1)], EventCounts(used=2, skipped=1))
    file.write_text(f"{line}\n\n{line.replace('1}', '0}')}\n")
    with pytest.raises(InvalidValue, match="events.jsonl:3: position is 0, allowed: a whole number from 1"):
        counted(file)
