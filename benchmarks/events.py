"""Speed of taking events in: `python -m benchmarks.events [--articles N] [--events N] [--json]`.

A ledger of N articles in a temporary folder (20,000) is sent events (200,000) in requests of 1,000: views, clicks and
impressions by lot, articles and queries by Zipf's law, of half a million visitors. Prints the events a second on one
thread, from each request's JSON until its events are in the ledger, durably, 5,000 at a flush; what the parts take, in
microseconds an event; how the ledger's file grows; and the milliseconds that the popularity of 400 candidates takes, at
the first question of an hour and at the others, and past queries that begin with one letter.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from flask import Flask
from numpy.random import default_rng
from rich.console import Console
from rich.table import Table

from indexer.decide import Add
from indexer.events.popularity import HourlyPopularity
from indexer.events.query import folded
from indexer.events.tally import Asked, Batch
from indexer.ledger import Ledger
from indexer.ledger_events import MOST_QUERIES, EventStore
from search.article import Article
from search.settings import Settings
from web.app import create_app

SEED = 7
REQUEST = 1_000  # events
VISITORS = 500_000
QUERIES = 50_000
ZIPF = 1.2
CANDIDATES = 400
LETTERS = "etaoinshrdlcumwfgypbvkjxqz"
FLUSH_EVENTS = 5_000  # what a second brings at the rate that is wanted


def main() -> None:
    """Measures and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help="articles in the ledger (20,000)")
    parser.add_argument("--events", type=int, default=200_000, help="events that are sent (200,000)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), arguments.articles, arguments.events)
    if arguments.json:
        print(json.dumps(figures))
        return
    table = Table(title=f"{arguments.events:,} events of {arguments.articles:,} articles", box=None, show_header=False)
    for name, value in figures.items():
        table.add_row(name, f"{value:,.3f}" if value < 10 else f"{value:,.0f}")
    Console().print(table)


def measure(home: Path, articles: int, events: int) -> dict[str, float]:
    """The figures by name."""
    settings, now = Settings(home=home, model="hashing"), datetime.now(UTC)
    with Ledger(settings.ledger) as ledger:
        ledger.record(Add(Article(f"article-{n}", f"Article {n}")) for n in range(articles))
    app = create_app(settings, lambda: None, lambda: now)
    service = app.extensions["broadsheet"]
    service.publisher.stop()
    service.intake.stop()  # flushed here instead, so that nothing is measured twice
    bodies = requests(articles, events)
    size = size_of(settings.ledger)
    posting, flushing = sent(app, bodies)
    figures = {
        "events a second": events / (posting + flushing),
        "microseconds an event: HTTP, JSON and checks": posting / events * 1e6,
        "microseconds an event: counting and the ledger": flushing / events * 1e6,
        "bytes of ledger an event": (size_of(settings.ledger) - size) / events,
    }
    with Ledger(settings.ledger) as ledger:
        store = EventStore(ledger)
        ask_everything(store, now)
        figures |= read_figures(store, articles, now)
    return figures


def requests(articles: int, events: int) -> list[bytes]:
    """The JSON of requests of 1,000 events each."""
    lot = default_rng(SEED)
    of_article = lot.zipf(ZIPF, events) % articles
    of_query = lot.zipf(ZIPF, events) % QUERIES
    visitors = lot.integers(0, VISITORS, events)
    kinds = lot.choice(["view", "impression", "click"], events, p=[0.5, 0.4, 0.1])
    bodies = []
    for start in range(0, events, REQUEST):
        records = [
            {"type": str(kinds[n]), "article": f"article-{of_article[n]}", "visitor": f"visitor-{visitors[n]}"}
            | ({} if kinds[n] == "view" else {"query": f"query number {of_query[n]}", "position": 1})
            for n in range(start, min(start + REQUEST, events))
        ]
        bodies.append(json.dumps({"events": records}).encode())
    return bodies


def sent(app: Flask, bodies: Sequence[bytes]) -> tuple[float, float]:
    """The seconds that the requests take, and those that flushing takes, once for what a second brings."""
    client, intake = app.test_client(), app.extensions["broadsheet"].intake
    posting = flushing = 0.0
    for number, body in enumerate(bodies, 1):
        started = time.perf_counter()
        response = client.post("/api/events", data=body, content_type="application/json")
        posting += time.perf_counter() - started
        assert response.status_code == 202, response.text  # noqa: S101 - a benchmark of refusals says nothing
        if number * REQUEST % FLUSH_EVENTS == 0 or number == len(bodies):
            started = time.perf_counter()
            intake.flush()
            flushing += time.perf_counter() - started
    return posting, flushing


def ask_everything(store: EventStore, now: datetime) -> None:
    """Fills the store with as many past queries as it keeps."""
    texts = [f"{LETTERS[n % len(LETTERS)]} query {n}" for n in range(MOST_QUERIES)]
    queries = {folded(text): Asked(text, "article-0", now, 3, float(n)) for n, text in enumerate(texts)}
    store.record(Batch(0, {}, {}, queries), now)


def read_figures(store: EventStore, articles: int, now: datetime) -> dict[str, float]:
    """What searches and suggestions wait for."""
    popularity = HourlyPopularity(store)
    ids = [f"article-{n}" for n in default_rng(SEED).choice(articles, min(CANDIDATES, articles), replace=False)]
    first = milliseconds(lambda: popularity(ids, now), 1)
    others = milliseconds(lambda: popularity(ids, now), 1_000)
    letter = milliseconds(lambda: store.past_queries("e", now, 8), 200)
    return {
        "milliseconds, popularity: the first of the hour": first[0],
        "milliseconds, popularity: p99 of the others": others[1],
        "milliseconds, past queries of one letter: median": letter[0],
        "milliseconds, past queries of one letter: p99": letter[1],
    }


def milliseconds(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and p99 of doing something."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append((time.perf_counter() - started) * 1000)
    median, p99 = np.percentile(took, [50, 99])
    return float(median), float(p99)


def size_of(file: Path) -> int:
    """The bytes of a ledger, what is still in its log among them."""
    return sum(each.stat().st_size for each in file.parent.glob(file.name + "*"))


if __name__ == "__main__":
    main()
