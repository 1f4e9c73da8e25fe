"""Saying nothing when there is nothing: `python -m benchmarks.nothing DIR OTHER [OTHER...] [--json]`.

Asks the archive of DIR its own judged queries, which should be answered, and the queries of the OTHER folders and
words that no language knows, which should not. Prints how many of each get no hit at all.
"""

import argparse
import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.speed import queries_of
from indexer.cli.progress import progress
from indexer.evaluating.answering import KnownQueries, searcher_of
from indexer.evaluating.archive import indexed
from indexer.evaluating.judgments import JudgedQuery, as_typed, judged_queries
from search.embedding.open import open_embedder
from search.engines.open import open_engine
from search.request import Filters, SearchRequest
from search.settings import Settings

NONSENSE = 200  # queries
SEED = 7
MOST_QUERIES = 600  # of each folder, drawn by lot


def main() -> None:
    """Measures one archive and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("others", type=Path, nargs="+", metavar="OTHER")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    rows = measure(arguments.folder, arguments.others)
    if arguments.json:
        print(json.dumps({"set": arguments.folder.name, "rows": rows}))
        return
    table = Table(title=f"Asked of {arguments.folder.name}", box=None)
    for heading in ("queries of", "how many", "without a hit"):
        table.add_column(heading, justify="left" if heading == "queries of" else "right")
    for name, (count, silent) in rows.items():
        table.add_row(name, f"{count:,}", f"{silent / count:.1%}")
    Console().print(table)


def measure(folder: Path, others: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """How many queries there were and how many of them got no hit, by where they are from."""
    model = open_embedder(Settings())
    settings = indexed(folder, Settings(), model, lambda: datetime.now(UTC), progress).settings
    asked = {f"{folder.name}, judged": drawn([as_typed(query.text) for query in judged_queries(folder)])}
    asked |= {other.name: drawn(queries_of(other)) for other in others}
    asked["no language"] = nonsense()
    engine, filters = open_engine(settings), Filters(datetime.now(UTC))
    known = KnownQueries(model, [JudgedQuery(text, text, {}) for texts in asked.values() for text in texts])
    searcher = searcher_of(settings, engine, known)
    return {
        name: (len(texts), sum(not searcher.rank(SearchRequest(text, filters)) for text in texts))
        for name, texts in asked.items()
    }


def drawn(texts: Sequence[str]) -> Sequence[str]:
    """All of them, or the same 600 every time."""
    return texts if len(texts) <= MOST_QUERIES else random.Random(SEED).sample(texts, MOST_QUERIES)


def nonsense() -> list[str]:
    """Queries of two or three words that nobody has ever written."""
    lot = random.Random(SEED)
    return [
        " ".join("".join(lot.choices("bcdfghjklmnpqrstvwxz", k=lot.randint(6, 9))) for _ in range(lot.randint(2, 3)))
        for _ in range(NONSENSE)
    ]


if __name__ == "__main__":
    main()
