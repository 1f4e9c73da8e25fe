"""Hybrid search against rivals, the vector given: `python -m benchmarks.hybrid [HOME] [--rows N] [--peers NAME,…]`.

The articles are the first N of HOME's ledger that are one passage long, with the vectors it keeps of them; 500 more
are held out, and their headlines, embedded by HOME's model, are the queries. Every peer has a process of its own,
which builds its index once, kept in `--work`; another opens it and answers ten articles a query, one at a time, twenty
queries and then the next peer, so that what else the machine does falls on each of them. How much of an exact hybrid
search is among the ten is told for two ways of fusing, by ranks as the rivals do and by scores as we do; and how many
of the exact nearest ten its semantic leg finds. Rivals need `pip install -e '.[bench]'` or an environment of their own
with the same packages, whose interpreter `--rivals` names.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.exact import Bm25, Scored, by_min_max, by_reciprocal_ranks, nearest
from benchmarks.hybrid_corpus import written
from benchmarks.memory import of_disk
from benchmarks.peers.answering import HYBRID_PEERS, LIMIT
from benchmarks.peers.hybrid_peer import Corpus, Vectors
from benchmarks.vectors import percentiles, recall, show
from search.settings import Settings
from search.text.analysis import Analyzer

HELD_OUT = 500  # headlines
BLOCK = 20  # queries of one peer before the next is asked
WARM_UP = 20  # queries of each before any is timed
CANDIDATES = 100  # of each exact leg that are fused

Answers = list[tuple[float, list[int]]]  # milliseconds and rows


def main() -> None:
    """Measures, and prints tables, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, nargs="?", default=Path("data/local"), metavar="HOME")
    parser.add_argument("--rows", type=int, default=100_000, help="articles that are searched (100,000)")
    parser.add_argument("--queries", type=int, default=500, help="how many are asked, at most the 500 held out")
    given = [name for name in HYBRID_PEERS if name != "broadsheet-encoding"]
    parser.add_argument("--peers", default=",".join(given), help="which, by comma: " + ", ".join(given))
    parser.add_argument("--rivals", default=sys.executable, help="the Python that runs the rivals (this one)")
    parser.add_argument(
        "--work", type=Path, default=Path("data/local/benchmarks/hybrid"), help="where indexes are kept"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    arguments = parser.parse_args()
    work = arguments.work / str(arguments.rows)
    corpus = written(Settings(home=arguments.home), work / "corpus", arguments.rows, HELD_OUT)
    names, count = arguments.peers.split(","), min(arguments.queries, HELD_OUT)
    facts = {name: built(name, corpus, index_of(name, work), arguments.rivals) for name in names}
    rows = compared(names, corpus, work, arguments.rivals, count, facts)
    if arguments.json:
        print(json.dumps({"articles": arguments.rows, "rows": rows, "indexes": facts}))
        return
    title = f"{arguments.rows:,} articles, {count} queries, best {LIMIT}, the vector given"
    headings = ("", "effort", "p50 ms", "p99 ms", "of exact RRF", "of exact min-max", "semantic leg")
    show(title, headings, rows)
    headings = ("", "built in s", "CPU s", "MB on disk", "MB own", "MB mapped", "versions")
    show("indexes", headings, [(name, *facts[name].values()) for name in names])


@contextmanager
def answering(name: str, corpus: Path, folder: Path, rivals: str) -> Iterator["Peer"]:
    """A process of a peer's own, while it lasts."""
    python = sys.executable if name.startswith("broadsheet") else rivals
    command = [python, "-m", "benchmarks.peers.answering", name, str(corpus), str(folder)]
    environment = {**os.environ, "LANCEDB_LOG": "error"}  # else LanceDB warns of a coming change at every query
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield Peer(name, process)
        process.communicate()


class Peer:
    """A process that was started, and takes orders."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        self.name, self._process = name, process

    def told(self, *order: object) -> Any:
        """What it answers. Raises RuntimeError where it ended instead."""
        assert self._process.stdin  # noqa: S101 - both were asked for
        assert self._process.stdout  # noqa: S101
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} could not {order[0]}: see above")
        return json.loads(line)


def index_of(name: str, work: Path) -> Path:
    """Where a peer's index is: both of ours have one."""
    return work / name.removesuffix("-legs")


def built(name: str, corpus: Path, folder: Path, rivals: str) -> dict[str, object]:
    """What it took to build a peer's index, in whichever run that was, and what it takes on disk."""
    noted = folder.with_suffix(".json")
    if not noted.exists():
        shutil.rmtree(folder, ignore_errors=True)  # of a build that did not come to its end
        with answering(name, corpus, folder, rivals) as peer:
            took = {what: round(seconds, 1) for what, seconds in peer.told("build").items()}
        noted.write_text(json.dumps({**took, "disk": of_disk(folder)}), encoding="utf-8")
    facts: dict[str, object] = json.loads(noted.read_text(encoding="utf-8"))
    return facts


def compared(
    names: Sequence[str], corpus: Path, work: Path, rivals: str, count: int, facts: Mapping[str, dict[str, object]]
) -> list[tuple[object, ...]]:
    """A row for each peer and number of candidates; memory and versions are added to its facts."""
    answers: dict[tuple[str, int], Answers] = {}
    near: dict[tuple[str, int], list[list[int]]] = {}
    with ExitStack() as stack:
        peers = [stack.enter_context(answering(name, corpus, index_of(name, work), rivals)) for name in names]
        opened = {peer: peer.told("open") for peer in peers}
        for peer, of_peer in opened.items():
            for depth in of_peer["depths"]:
                peer.told("search", 0, min(WARM_UP, count), depth)
        for first in range(0, count, BLOCK):
            for peer, of_peer in opened.items():
                for depth in of_peer["depths"]:
                    block = peer.told("search", first, min(first + BLOCK, count), depth)
                    answers.setdefault((peer.name, depth), []).extend(block)
        for peer, of_peer in opened.items():
            own, files = peer.told("memory")
            facts[peer.name].update({"own": own, "files": files, "versions": of_peer["versions"]})
            near |= {(peer.name, depth): peer.told("near", 0, count, depth) for depth in of_peer["depths"]}
    return judged(Corpus(corpus), count, answers, near)


def judged(
    corpus: Corpus,
    count: int,
    answers: Mapping[tuple[str, int], Answers],
    near: Mapping[tuple[str, int], Sequence[Sequence[int]]],
) -> list[tuple[object, ...]]:
    """Times, and how much of what an exact search finds is among the answers."""
    vectors, queries = corpus.vectors(), corpus.query_vectors()[:count]
    legs = exact_legs(corpus, vectors, count)
    truths = [by_reciprocal_ranks(both)[:LIMIT] for both in legs], [by_min_max(both)[:LIMIT] for both in legs]
    rows: list[tuple[object, ...]] = []
    for (name, depth), timed in answers.items():
        overlaps = [overlap([found for _, found in timed], truth) for truth in truths]
        recalls = [
            recall(vectors, query, np.array(found, dtype=np.int64), both[1][1][LIMIT - 1])
            for query, found, both in zip(queries, near[name, depth], legs, strict=True)
        ]
        times = percentiles([milliseconds for milliseconds, _ in timed])
        rows.append((name, depth, *times, *overlaps, round(float(np.mean(recalls)), 3)))
    return rows


def exact_legs(corpus: Corpus, vectors: Vectors, count: int) -> list[tuple[Scored, Scored]]:
    """The best candidates of each query by words, and by meaning."""
    analyzer = Analyzer(Settings().language)
    lexical = Bm25(analyzer.terms(text) for text in corpus.texts())
    pairs = zip(corpus.queries()[:count], corpus.query_vectors()[:count], strict=True)
    return [
        (lexical.best(analyzer.content_terms([text]), CANDIDATES), nearest(vectors, vector, CANDIDATES))
        for text, vector in pairs
    ]


def overlap(found: Sequence[Sequence[int]], truths: Sequence[Sequence[int]]) -> float:
    """The mean share of the true rows that were found.

    >>> overlap([[1, 2], [3, 4]], [[2, 1], [4, 5]])
    0.75
    """
    shares = [len(set(own) & set(truth)) / len(truth) for own, truth in zip(found, truths, strict=True) if truth]
    return round(float(np.mean(shares)), 3)


if __name__ == "__main__":
    main()
