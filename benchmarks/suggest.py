"""Speed of suggestions: `python -m benchmarks.suggest DIR [--titles N] [--json]`.

DIR holds corpus.jsonl[.gz]; it is indexed first (SEARCH_MODEL=hashing spares the embedding, which plays no part here).
The first words of its 20,000 newest titles become past queries. One to three words in a row of N titles, drawn by lot,
are typed letter by letter, and each state of the box is asked once, one at a time. Prints the first answer after a
generation is opened, and median, 99th percentile and maximum of the others, in milliseconds: of all, and of those of
one letter.
"""

import argparse
import gc
import json
import random
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from indexer.cli.progress import progress
from indexer.evaluating.archive import indexed
from indexer.events.query import folded, merged
from indexer.events.tally import FEWEST_VISITORS, Asked, Batch
from indexer.ledger import Ledger
from indexer.ledger_events import MOST_QUERIES, EventStore
from search.article import Article, ArticleId
from search.embedding.open import open_embedder
from search.engines.open import open_engine
from search.request import Filters, SuggestRequest
from search.settings import read_settings
from search.suggesting import Suggester
from search.text.analysis import split_words

SEED = 7
MOST_WORDS = 3
WARM_UP = 50  # requests


def main() -> None:
    """Measures one folder and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--titles", type=int, default=500, help="how many titles are typed (500)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    count, first, rows = measure(arguments.folder, arguments.titles)
    if arguments.json:
        print(json.dumps({"set": arguments.folder.name, "articles": count, "first": first, "milliseconds": rows}))
        return
    table = Table(title=f"{arguments.folder.name}: {count:,} articles, milliseconds; the first {first:.1f}", box=None)
    for heading in ("", "requests", "median", "p99", "maximum"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, (requests, *took) in rows.items():
        table.add_row(name, f"{requests:,.0f}", *(f"{each:.2f}" for each in took))
    Console().print(table)


def measure(folder: Path, titles: int) -> tuple[int, float, dict[str, tuple[float, ...]]]:
    """How many articles there are, the milliseconds of the first answer, and the figures by name."""
    now, own = datetime.now(UTC), read_settings()
    settings = indexed(folder, own, open_embedder(own), lambda: now, progress).settings
    engine, filters = open_engine(settings), Filters(now)
    with Ledger(settings.ledger) as ledger:
        store = EventStore(ledger)
        suggester, reader = Suggester(engine, store.past_queries), engine.reader()
        first = timed(suggester, filters, "s")
        newest = reader.by_date(filters, 1_000_000)
        ids = [hit.id for hit in newest.hits]
        ask(store, reader.articles(ids[:MOST_QUERIES]), now)
        chosen = random.Random(SEED).sample(ids, min(titles, newest.total))
        states = typed([article.title for article in reader.articles(chosen).values()])
        for state in states[:WARM_UP]:
            timed(suggester, filters, state)
        gc.collect()
        gc.freeze()  # as the service does once its model is loaded
        took = {state: timed(suggester, filters, state) for state in states}
    short = [each for state, each in took.items() if len(state) == 1]
    return newest.total, first, {"all": figures(list(took.values())), "one letter": figures(short)}


def ask(store: EventStore, articles: Mapping[ArticleId, Article], now: datetime) -> None:
    """Makes the first words of titles past queries, each of its own heat."""
    texts = {id_: merged(" ".join(split_words(article.title)[:MOST_WORDS])) for id_, article in articles.items()}
    queries = {
        folded(text): Asked(text, id_, now, FEWEST_VISITORS, float(number))
        for number, (id_, text) in enumerate(texts.items())
        if text
    }
    store.record(Batch(0, {}, {}, queries), now)


def typed(titles: Sequence[str]) -> list[str]:
    """Every state of a box in which words of the titles are typed, each once."""
    lot = random.Random(SEED)
    states: dict[str, None] = {}
    for title in titles:
        words = split_words(title.lower())
        start = lot.randrange(max(len(words), 1))
        text = " ".join(words[start : start + lot.randint(1, MOST_WORDS)])
        states |= {text[:length].strip(): None for length in range(1, len(text) + 1)}
    return list(states)


def timed(suggester: Suggester, filters: Filters, text: str) -> float:
    """The milliseconds that suggestions for a text take."""
    started = time.perf_counter()
    suggester.suggest(SuggestRequest(text, filters))
    return (time.perf_counter() - started) * 1000


def figures(took: Sequence[float]) -> tuple[float, ...]:
    """How many, and their median, 99th percentile and maximum."""
    return (len(took), *(round(float(each), 3) for each in np.percentile(took, [50, 99, 100])))


if __name__ == "__main__":
    main()
