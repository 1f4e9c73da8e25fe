"""Speed of the distilled query encoder: `python -m benchmarks.static [DIR] [--queries N] [--json]`.

Encodes DIR's queries (the sample newsroom's if none is named) by the table that `search-index distill` put into HOME,
one at a time, each once after a warm-up. Prints the median and the 99th percentile in microseconds, tokenizing
included, and how long the table takes to open, its SHA-256 checked.
"""

import argparse
import json
import time
from pathlib import Path

from benchmarks.speed import NEWSROOM, queries_of, timed
from search.embedding.static import read_static
from search.settings import read_settings
from search.text.query_syntax import parse_query


def main() -> None:
    """Measures the encoder of HOME and prints a line, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=NEWSROOM, metavar="DIR")
    parser.add_argument("--queries", type=int, default=1_000, help="how many of the folder's, at most (1,000)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a line")
    arguments = parser.parse_args()
    started = time.perf_counter()
    encoder = read_static(read_settings().static_encoder)
    opened = time.perf_counter() - started
    queries = [parse_query(text).meaning for text in queries_of(arguments.folder)[: arguments.queries]]
    median, p99 = (1000 * milliseconds for milliseconds in timed(lambda text: encoder.embed([text]), queries))
    if arguments.json:
        found = {"queries": len(queries), "median": round(median), "p99": round(p99), "open_seconds": round(opened, 2)}
        print(json.dumps({"set": arguments.folder.name, **found}))
    else:
        print(f"{len(queries):,} queries: {median:.0f} µs, p99 {p99:.0f}; opened in {opened:.2f} s")


if __name__ == "__main__":
    main()
