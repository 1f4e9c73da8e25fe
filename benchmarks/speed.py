"""Speed of one query and its parts: `python -m benchmarks.speed [DIR] [--queries N] [--json]`.

DIR holds corpus.jsonl[.gz] and queries.jsonl (the sample newsroom if none is named); the corpus is indexed first, its
embeddings kept for the next run. Prints the median and the 99th percentile, in milliseconds, of encoding a query, the
lexical leg, the semantic leg, a whole hybrid search with its page of 10 hits, and a round trip over HTTP on this
machine to the server that `search-index serve` runs; every query once, after a warm-up with others, one at a time.
"""

import argparse
import gc
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import numpy as np
from rich.console import Console
from rich.table import Table

from indexer.cli.compiling import compile_where_wanted
from indexer.cli.progress import progress
from indexer.evaluating.archive import indexed
from indexer.evaluating.judgments import as_typed
from search.embedding.open import open_embedder
from search.engines.open import open_engine
from search.ranking.fusion import CANDIDATES
from search.request import Filters, SearchRequest
from search.searching import Searcher
from search.settings import Settings
from search.text.analysis import Analyzer
from search.text.query_syntax import parse_query

NEWSROOM = Path("data/newsroom")
WARM_UP = 20  # queries
START_SECONDS = 120.0  # for the server to load its model


def main() -> None:
    """Measures one folder and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=NEWSROOM, metavar="DIR")
    parser.add_argument("--queries", type=int, default=500, help="how many of the folder's, at most (500)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    count, rows = measure(arguments.folder, arguments.queries)
    if arguments.json:
        print(json.dumps({"set": arguments.folder.name, "articles": count, "milliseconds": rows}))
        return
    table = Table(title=f"{arguments.folder.name}: {count:,} articles, milliseconds a query")
    for heading in ("", "median", "p99"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, (median, p99) in rows.items():
        table.add_row(name, f"{median:.2f}", f"{p99:.2f}")
    Console().print(table)


def measure(folder: Path, most: int) -> tuple[int, dict[str, tuple[float, float]]]:
    """How many articles there are, and median and p99 in milliseconds of every part."""
    settings = indexed(folder, Settings(), open_embedder(Settings()), lambda: datetime.now(UTC), progress).settings
    compile_where_wanted(settings)
    embedder, queries = open_embedder(settings), queries_of(folder)[:most]
    reader, filters = open_engine(settings).reader(), Filters(datetime.now(UTC))
    searcher = Searcher(open_engine(settings), lambda: embedder, Analyzer(settings.language), settings)
    vectors = {text: embedder.embed([parse_query(text).meaning])[0] for text in queries}
    parts: dict[str, Callable[[str], object]] = {
        "encode": lambda text: embedder.embed([parse_query(text).meaning]),
        "lexical": lambda text: reader.match_text(parse_query(text).wanted, filters, CANDIDATES),
        "vector": lambda text: reader.match_vector(vectors[text], filters, CANDIDATES),
        "hybrid": lambda text: searcher.search(SearchRequest(text, filters, size=10)),
    }
    rows = {name: timed(part, queries) for name, part in parts.items()}
    with served(settings) as connection:
        rows["HTTP round trip"] = timed(lambda text: fetched(connection, text), queries)
    return reader.by_date(filters, 1).total, rows


def queries_of(folder: Path) -> list[str]:
    """The folder's queries, as typed into a search box."""
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return [as_typed(json.loads(line)["text"]) for line in lines]


def timed(part: Callable[[str], object], queries: Sequence[str]) -> tuple[float, float]:
    """Median and p99 of one part, in milliseconds."""
    for text in queries[:WARM_UP]:
        part(text)
    gc.collect()
    gc.freeze()  # as the service does once its model is loaded
    took = []
    for text in queries[WARM_UP:]:  # a query that was asked before is answered from a cache
        started = time.perf_counter()
        part(text)
        took.append((time.perf_counter() - started) * 1000)
    median, p99 = np.percentile(took, [50, 99])
    return round(float(median), 3), round(float(p99), 3)


@contextmanager
def served(settings: Settings) -> Iterator[HTTPConnection]:
    """A connection to the real server over HOME, its model loaded."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "web", "--home", str(settings.home), "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ)) as server:
        try:
            connection = HTTPConnection("127.0.0.1", port)
            deadline = time.monotonic() + START_SECONDS
            while not is_whole(connection):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the server was not ready in {START_SECONDS:.0f} s")
                time.sleep(0.2)
            yield connection
        finally:
            server.terminate()


def is_whole(connection: HTTPConnection) -> bool:
    """Whether the server answers with both legs."""
    try:
        return not json.loads(fetched(connection, "storm"))["degraded"]
    except (OSError, KeyError, ValueError):
        connection.close()
        return False


def fetched(connection: HTTPConnection, text: str) -> bytes:
    """The answer to one search."""
    connection.request("GET", f"/api/search?size=10&q={quote(text)}")
    return connection.getresponse().read()


if __name__ == "__main__":
    main()
