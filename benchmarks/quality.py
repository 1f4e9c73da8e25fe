"""Quality against judgments: `python -m benchmarks.quality DIR [--json]`.

DIR holds corpus.jsonl[.gz], queries.jsonl and qrels.tsv. Prints nDCG@10, MRR@10 and recall@100 of the lexical leg, the
semantic leg and the hybrid, as readers get them, beside two baselines that read nothing: newest first, and random.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import ir_measures
from ir_measures import MRR, R, nDCG
from rich.console import Console
from rich.table import Table

from benchmarks.datasets import KnownQueries, Query, built, judged_queries
from search.embedding.open import open_embedder
from search.engines.open import open_engine
from search.request import LONGEST_QUERY, Filters, Mode, SearchRequest
from search.searching import Searcher
from search.settings import Settings
from search.text.analysis import Analyzer
from search.text.query_syntax import MOST_TERMS, parse_query

MEASURES = {"nDCG@10": nDCG @ 10, "MRR@10": MRR @ 10, "recall@100": R @ 100}
DEPTH = 100
MOST_ARTICLES = 10_000_000  # no judged archive is larger

Answer = Callable[[Query], Sequence[str]]  # ids, best first


def main() -> None:
    """Measures one folder and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    rows, count = measure(arguments.folder)
    if arguments.json:
        print(json.dumps({"set": arguments.folder.name, "queries": count, "rows": rows}))
        return
    table = Table(title=f"{arguments.folder.name}: {count:,} judged queries")
    for heading in ("", *MEASURES):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, values in rows.items():
        table.add_row(name, *(f"{values[measure]:.3f}" for measure in MEASURES))
    Console().print(table)


def measure(folder: Path) -> tuple[dict[str, dict[str, float]], int]:
    """The measures of every way to answer, by its name, and how many queries were judged."""
    model = open_embedder(Settings().model)
    settings, queries = built(folder, model), judged_queries(folder)
    embedder = KnownQueries(model, [parse_query(as_typed(query.text)).meaning for query in queries])
    engine = open_engine(settings)
    searcher = Searcher(engine, lambda: embedder, Analyzer(settings.language), settings.semantic_weight)
    filters = Filters(datetime.now(UTC))
    newest = [hit.id for hit in engine.reader().by_date(filters, MOST_ARTICLES).hits]

    def searched(mode: Mode) -> Answer:
        return lambda query: [
            ranked.hit.id for ranked in searcher.rank(SearchRequest(as_typed(query.text), filters, mode))[:DEPTH]
        ]

    ways: dict[str, Answer] = {
        "random": lambda query: random.Random(query.id).sample(newest, min(DEPTH, len(newest))),
        "newest first": lambda query: newest[:DEPTH],
        **{mode.value: searched(mode) for mode in (Mode.LEXICAL, Mode.SEMANTIC, Mode.HYBRID)},
    }
    return {name: judged(queries, answer) for name, answer in ways.items()}, len(queries)


def judged(queries: Iterable[Query], answer: Answer) -> dict[str, float]:
    """The measures of one way to answer, each the mean over the queries."""
    truth = {query.id: query.judgments for query in queries}
    run = {query.id: {id_: -float(place) for place, id_ in enumerate(answer(query))} for query in queries}
    values = ir_measures.calc_aggregate(list(MEASURES.values()), truth, run)
    return {name: round(values[measure], 4) for name, measure in MEASURES.items()}


def as_typed(text: str) -> str:
    """A judged query as a search box takes it: 32 words at most, and its quotes a headline's, not an operator's."""
    words = [word.lstrip("-") for word in text.replace('"', " ").split()]
    return " ".join(words[:MOST_TERMS])[:LONGEST_QUERY]


if __name__ == "__main__":
    main()
