"""Spelling against judgments: `python -m benchmarks.spelling DIR MISSPELLINGS [--half even|odd] [--json]`.

DIR holds corpus.jsonl[.gz], queries.jsonl and qrels.tsv. MISSPELLINGS has a header, then a misspelling and its
corrections a line, tab between them and | between corrections. In each query one word of four letters or more is
misspelt as listed, always the same way; queries without such a word are left out. Prints nDCG@10 of the hybrid for
those queries as they were, misspelt, and misspelt with the correction off; and how many of all queries, as they were,
are changed by it.
"""

import argparse
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import ir_measures
from ir_measures import nDCG
from rich.console import Console
from rich.table import Table

from indexer.cli.progress import progress
from indexer.evaluating.answering import KnownQueries, searcher_of
from indexer.evaluating.archive import indexed
from indexer.evaluating.judgments import JudgedQuery, as_typed, judged_queries
from search.correcting import Corrector
from search.embedding.open import open_embedder
from search.engines.open import open_engine
from search.request import Filters, SearchRequest, Spelling
from search.searching import Searcher
from search.settings import Settings
from search.text.analysis import Analyzer, split_words
from search.text.spelling import SHORTEST, in_the_case_of
from search.text.synonyms import Synonyms

DEPTH = 100
HALVES = {"all": slice(None), "even": slice(0, None, 2), "odd": slice(1, None, 2)}


def main() -> None:
    """Measures one folder and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("misspellings", type=Path, metavar="MISSPELLINGS")
    parser.add_argument("--half", choices=HALVES, default="all", help="queries of even or odd place in the file")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    values = measure(arguments.folder, arguments.misspellings, HALVES[arguments.half])
    if arguments.json:
        print(json.dumps({"set": arguments.folder.name, "half": arguments.half, **values}))
        return
    table = Table("", "value", title=f"{arguments.folder.name}, {arguments.half} queries")
    for name, value in values.items():
        table.add_row(name, f"{value:,}" if isinstance(value, int) else f"{value:.4f}")
    Console().print(table)


def measure(folder: Path, misspellings: Path, half: slice) -> dict[str, float]:
    """The figures by name."""
    model = open_embedder(Settings())
    settings = indexed(folder, Settings(), model, lambda: datetime.now(UTC), progress).settings
    queries = [replace(query, text=as_typed(query.text)) for query in judged_queries(folder)[half]]
    analyzer, engine, filters = Analyzer(settings.language), open_engine(settings), Filters(datetime.now(UTC))
    corrector = Corrector(engine.reader(), analyzer, Synonyms((), analyzer))
    pairs = _pairs(queries, _listed(misspellings), analyzer)
    clean, misspelt = [query for query, _ in pairs], [query for _, query in pairs]
    mended = {query.text: corrector.corrected(SearchRequest(query.text, filters)) for query in (*queries, *misspelt)}
    texts = {text for pair in mended.items() for text in pair if text}
    searcher = searcher_of(settings, engine, KnownQueries(model, [JudgedQuery(text, text, {}) for text in texts]))

    def judged(asked: Sequence[JudgedQuery], spelling: Spelling) -> float:
        truth = {query.id: dict(query.grades) for query in asked}
        run = {query.id: _scores(searcher, SearchRequest(query.text, filters, spelling=spelling)) for query in asked}
        return float(ir_measures.calc_aggregate([nDCG @ 10], truth, run)[nDCG @ 10])

    before, after = judged(clean, Spelling.OFF), judged(misspelt, Spelling.AUTO)
    changed = sum(mended[query.text] is not None for query in queries)
    return {
        "queries": len(queries),
        "changed as they were": changed,
        "share changed as they were": changed / len(queries),
        "queries with one word misspelt": len(misspelt),
        "of which changed": sum(mended[query.text] is not None for query in misspelt),
        "nDCG@10 as they were": before,
        "nDCG@10 misspelt, spelling off": judged(misspelt, Spelling.OFF),
        "nDCG@10 misspelt": after,
        "kept of nDCG@10": after / before,
    }


def _listed(path: Path) -> Mapping[str, Sequence[str]]:
    """The misspellings of each word."""
    listed: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        misspelling, corrections = line.split("\t")
        for correction in corrections.split("|"):
            if misspelling.isalpha() and correction.isalpha():
                listed.setdefault(correction.lower(), []).append(misspelling)
    return listed


def _pairs(
    queries: Sequence[JudgedQuery], listed: Mapping[str, Sequence[str]], analyzer: Analyzer
) -> list[tuple[JudgedQuery, JudgedQuery]]:
    """Each query that has a word with a listed misspelling, and the same query with one such word misspelt."""
    pairs = []
    for query in queries:
        chance = random.Random(query.id)
        words = [word for word in split_words(query.text) if len(word) >= SHORTEST and word.lower() in listed]
        words = [word for word in words if not analyzer.is_stop_word(word)]
        if words:
            word = chance.choice(words)
            misspelling = in_the_case_of(word, chance.choice(listed[word.lower()]).lower())
            pairs.append((query, replace(query, text=re.sub(rf"\b{word}\b", misspelling, query.text, count=1))))
    return pairs


def _scores(searcher: Searcher, request: SearchRequest) -> dict[str, float]:
    return {hit.id: -float(place) for place, hit in enumerate(searcher.rank(request)[:DEPTH])}


if __name__ == "__main__":
    main()
