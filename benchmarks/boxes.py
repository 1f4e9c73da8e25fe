"""The boxes of article pages: `python -m benchmarks.boxes HOME [--pages 1000] [--at TIME] [--json]`.

HOME holds a published archive; nothing is written there. Draws 1,000 of its articles by lot and asks for the boxes of
each page, uncached, on one thread: once to take the time, and once as if what the first answer held had been withdrawn,
the page's own article aside, so that nothing made for another page is of use, as for the first page of a minute. Counts
what must not be: an article twice or a version beside one, the page's own article, an empty box, what is withdrawn.
Readers are made up: the thousand newest articles were viewed by Zipf's law. The time that a page takes is told by the
clock and of the processor, since others may be at work. It is a minute after the archive's newest article, or the time
given; what is newer is not there.
"""

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from indexer.clean.article import clean_time
from indexer.cli.progress import progress
from indexer.evaluating.drawing import draw
from search.article import ArticleId
from search.boxing import Boxer
from search.engines.engine import Reader
from search.engines.open import open_engine
from search.ranking.hotness import Readership, Traffic
from search.ranking.versions import folded
from search.request import BoxesRequest, Filters
from search.result import EPOCH, BoxesResult, Hit, microseconds
from search.settings import Settings
from search.text.analysis import Analyzer

MOST_VIEWS = 5_000  # of the most viewed article within a week
VIEWED = 1_000  # articles
FAULTS = ("repeats", "own article", "empty boxes", "withdrawn")
WARMING = 20  # pages that are asked for before the time is taken


def main() -> None:
    """Measures one archive and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, metavar="HOME")
    parser.add_argument("--pages", type=int, default=1_000, help="how many article pages (1,000)")
    parser.add_argument("--at", help="the time it is taken to be, ISO 8601")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    figures = measure(Settings(home=arguments.home), arguments.pages, arguments.at)
    if arguments.json:
        print(json.dumps(figures))
        return
    table = Table(title=f"{arguments.pages:,} pages of {arguments.home.name}", box=None, show_header=False)
    for name, value in figures.items():
        table.add_row(name, f"{value:,.1f}" if isinstance(value, float) else f"{value:,}")
    Console().print(table)


def measure(settings: Settings, pages: int, at: str | None) -> Mapping[str, float]:
    """What was found, and the milliseconds that the boxes of a page took."""
    engine = open_engine(settings)
    reader = engine.reader()
    newest = EPOCH + timedelta(microseconds=reader.newest(datetime.max.replace(tzinfo=UTC)))
    now = clean_time("at", at) if at else newest + timedelta(minutes=1)
    visible = Filters(now, published_to=now)
    listed = [hit.id for hit in reader.by_date(visible, 10**7).hits]
    readership = _readership(listed)
    boxer = Boxer(engine, Analyzer(settings.language), settings, reading=lambda window, at: readership)
    drawn = draw(listed, pages + WARMING)
    for id_ in drawn[pages:]:
        boxer.boxes(BoxesRequest(id_, visible))
    found = Counter[str]()
    with progress("Asking", "pages") as advance:
        asked = [BoxesRequest(id_, visible) for id_ in drawn[:pages]]
        results, took = _answered(boxer, asked, lambda done: advance(done, 2 * pages))
        gone = [frozenset(hit.id for hit in _hits(result)[1:]) for result in results]
        asked = [replace(each, filters=visible.without(ids)) for each, ids in zip(asked, gone, strict=True)]
        others, took_first = _answered(boxer, asked, lambda done: advance(pages + done, 2 * pages))
    for result, ids in zip([*results, *others], [*[frozenset[ArticleId]()] * pages, *gone], strict=True):
        found += _faults(reader, result, ids)
    return {
        "articles": len(listed),
        **{name: found[name] for name in FAULTS},
        **_percentiles("a page", took),
        **_percentiles("the first page of a minute", took_first),
        "load of the machine": os.getloadavg()[0],
    }


def _answered(
    boxer: Boxer, asked: Sequence[BoxesRequest], advance: Callable[[int], None]
) -> tuple[list[BoxesResult], list[tuple[float, float]]]:
    """The boxes of pages, and the seconds each took, by the clock and of the processor."""
    results, took = list[BoxesResult](), list[tuple[float, float]]()
    for done, each in enumerate(asked, start=1):
        clock, processor = time.perf_counter(), time.thread_time()
        results.append(boxer.boxes(each))
        took.append((time.perf_counter() - clock, time.thread_time() - processor))
        advance(done)
    return results, took


def _percentiles(what: str, took: Sequence[tuple[float, float]]) -> dict[str, float]:
    by_clock, of_processor = 1_000 * np.percentile(took, [50, 95], axis=0).T
    return {
        f"{what}: ms by the clock, median": float(by_clock[0]),
        f"{what}: ms by the clock, p95": float(by_clock[1]),
        f"{what}: ms of the processor, median": float(of_processor[0]),
        f"{what}: ms of the processor, p95": float(of_processor[1]),
    }


def _readership(listed: Sequence[ArticleId]) -> Readership:
    viewed = {id_: MOST_VIEWS // rank for rank, id_ in enumerate(listed[:VIEWED], start=1)}
    return Readership({id_: Traffic(views, views / 2, views // 50) for id_, views in viewed.items()}, 1.0, 167.0)


def _hits(result: BoxesResult) -> list[Hit]:
    """Everything on the page, its own article first; of each topic the lead."""
    articles = [result.related.article, *(item.article for item in result.related.items)]
    articles += [item.article for item in result.hot.items] + [topic.lead for topic in result.topics.topics]
    return [Hit(article.id, 0.0, microseconds(article.published)) for article in articles]


def _faults(reader: Reader, result: BoxesResult, withdrawn: frozenset[ArticleId]) -> Counter[str]:
    """What is on a page and must not be there."""
    own, *shown = _hits(result)
    ids = [hit.id for hit in shown]
    alone = {hit.id: hit for hit in shown}
    kept = folded([own, *alone.values()], reader.vectors([own.id, *ids]), reader.articles)
    boxes = (result.related.items, result.hot.items, result.topics.topics)
    return Counter(
        {
            "repeats": len(ids) + 1 - len(kept),
            "own article": ids.count(own.id),
            "empty boxes": sum(not box for box in boxes),
            "withdrawn": len(withdrawn.intersection(ids)),
        }
    )


if __name__ == "__main__":
    main()
