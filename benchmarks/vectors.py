"""Vector search against rivals: `python -m benchmarks.vectors [HOME] [--rows N] [--peers NAME,…] [--plot FILE]`.

The vectors are those embedded in HOME's ledger, one of each text, or N of them; 1,000 more are held out as queries.
Indexes are built once and kept in `--work`. All are asked in turn, a hundred queries at a time, so that what else the
machine does falls on each of them: recall of the best ten against an exact scan, and milliseconds of one query on one
thread. Then our own under filters that allow a random share of the vectors. Memory is that of a process which does
nothing but open one index and answer the queries. Rivals need `pip install -e '.[bench]'`.
"""

import argparse
import importlib
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw
import faiss
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.memory import Memory, of_disk, resident
from benchmarks.peers.broadsheet import Broadsheet
from benchmarks.peers.peer import Found, Peer
from search.embedding.embedder import Vectors

PEERS: dict[str, tuple[str, str, tuple[str, ...]]] = {  # module, class, arguments: imported only if asked for
    "broadsheet": ("broadsheet", "Broadsheet", ()),
    "usearch-bf16": ("usearch", "Usearch", ("bf16",)),
    "usearch-i8": ("usearch", "Usearch", ("i8",)),
    "hnswlib": ("hnswlib", "Hnswlib", ()),
    "voyager": ("voyager", "Voyager", ()),
    "scann": ("scann", "Scann", ()),
}
QUERIES, LIMIT, BLOCK = 1_000, 10, 100
QUERIES_FILE = "queries.npy"
WIDTH = 120  # of a table where nobody sees a terminal's
GOAL = 0.98  # recall at which all are compared
SHARES = (1.0, 0.5, 0.1, 0.03, 0.01, 0.001)  # of the vectors that a filter allows
ROUNDING = 1e-6  # of a cosine: equals are equally right

Row = tuple[str, int, float, float, float]  # peer, effort, recall, p50 and p99 in milliseconds


def main() -> None:
    """Measures, and prints tables, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, nargs="?", default=Path("data/local"), metavar="HOME")
    parser.add_argument(
        "--work", type=Path, default=Path("data/local/benchmarks/vectors"), help="where indexes are kept"
    )
    parser.add_argument("--rows", type=int, help="vectors that are searched (all)")
    parser.add_argument("--peers", default=",".join(PEERS), help="which, by comma: " + ", ".join(PEERS))
    parser.add_argument("--plot", type=Path, help="a picture of recall and time, as SVG or PNG")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--resident", nargs=3, metavar=("PEER", "EFFORT", "WORK"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.resident:
        name, effort, work = arguments.resident
        print(json.dumps(grown(name, int(effort), Path(work))))
        return
    vectors, queries = held_out(arguments.home / "ledger.sqlite3", arguments.rows)
    work = (arguments.work / str(len(vectors))).resolve()  # ScaNN writes where it is into its files
    peers = {name: opened(name, work, vectors) for name in arguments.peers.split(",")}
    rows = compared(peers, vectors, queries)
    filtered = under_filters(peers["broadsheet"], vectors, queries) if "broadsheet" in peers else []
    np.save(work / QUERIES_FILE, queries)
    sizes = {name: (size(work / name), *asked(name, best_at_goal(rows, name), work)) for name in peers}
    if arguments.plot:
        plot(rows, arguments.plot)
    if arguments.json:
        print(json.dumps({"vectors": len(vectors), "rows": rows, "filtered": filtered, "megabytes": sizes}))
        return
    show(f"{len(vectors):,} vectors, best {LIMIT}", ("", "effort", "recall", "p50 ms", "p99 ms"), rows)
    at_goal = [(*best_at_goal(rows, name), between(rows, name) or "never", *sizes[name]) for name in peers]
    headings = ("", "effort", "recall", "p50 ms", "p99 ms", f"p50 at {GOAL}", "MB on disk", "MB own", "MB mapped")
    show(f"at recall {GOAL}, or as near as it comes", headings, at_goal)
    show("under filters", ("allowed", "recall", "p50 ms", "p99 ms", "by the graph"), filtered)


def held_out(ledger: Path, most: int | None = None) -> tuple[Vectors, Vectors]:
    """The leads and passages of every embedded text, `most` of them at most, and 1,000 taken out as queries."""
    connection = apsw.Connection(str(ledger), flags=apsw.SQLITE_OPEN_READONLY)
    ((model,),) = connection.execute("SELECT model FROM embeddings GROUP BY model ORDER BY count(*) DESC LIMIT 1")
    kept: list[Any] = connection.execute(
        "SELECT vector, passages FROM embeddings WHERE model = ? ORDER BY text_hash", (model,)
    ).fetchall()
    every = np.concatenate([np.frombuffer(data, dtype=np.float32).reshape(passages, -1) for data, passages in kept])
    order = np.random.default_rng(0).permutation(len(every))
    return every[np.sort(order[QUERIES:][:most])], every[order[:QUERIES]]


def made(name: str) -> Peer:
    """A peer by its name."""
    module, kind, arguments = PEERS[name]
    peer: Peer = getattr(importlib.import_module(f"benchmarks.peers.{module}"), kind)(*arguments)
    return peer


def opened(name: str, work: Path, vectors: Vectors) -> Peer:
    """A peer over its index, which is built first where it is not there."""
    peer, file = made(name), work / name
    if not file.exists():
        work.mkdir(parents=True, exist_ok=True)
        started, used = time.perf_counter(), time.process_time()
        peer.build(vectors, file)
        took = time.perf_counter() - started, time.process_time() - used
        print(f"{name} built in {took[0]:.0f} s, {took[1]:.0f} s of processors", file=sys.stderr)
    peer.open(file)
    return peer


def compared(peers: dict[str, Peer], vectors: Vectors, queries: Vectors) -> list[Row]:
    """Recall and time of every peer at every effort, blocks of queries in turn."""
    floors = exact_floors(vectors, queries, np.ones(len(vectors), dtype=np.bool_))
    took: dict[tuple[str, int], list[float]] = {}
    recalls: dict[tuple[str, int], list[float]] = {}
    for start in range(0, len(queries), BLOCK):
        for name, peer in peers.items():
            for effort in peer.efforts:
                for query, floor in zip(queries[start : start + BLOCK], floors[start : start + BLOCK], strict=True):
                    milliseconds, rows = timed(peer.search, query, LIMIT, effort)
                    took.setdefault((name, effort), []).append(milliseconds)
                    recalls.setdefault((name, effort), []).append(recall(vectors, query, rows, floor))
    return [
        (name, effort, round(float(np.mean(recalls[name, effort])), 4), *percentiles(took[name, effort]))
        for name, effort in took
    ]


def timed(search: Callable[..., Found], *arguments: object) -> tuple[float, Found]:
    """Milliseconds, and what came."""
    started = time.perf_counter()
    rows = search(*arguments)
    return (time.perf_counter() - started) * 1000, rows


def recall(vectors: Vectors, query: NDArray[np.float32], rows: Found, floor: float) -> float:
    """The share of the best that are there: whatever is as near as the last of them is one of them."""
    found = vectors[rows[:LIMIT]] @ query
    return float((found >= floor - ROUNDING).sum()) / LIMIT


def exact_floors(vectors: Vectors, queries: Vectors, allowed: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The cosine of each query's last of the best ten, by scanning everything allowed."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors[allowed]))
    floors: NDArray[np.float32] = index.search(queries, LIMIT)[0][:, -1]
    return floors


def under_filters(peer: Peer, vectors: Vectors, queries: Vectors) -> list[tuple[str, float, float, float, str]]:
    """Recall and time of our own as an engine asks it, where a random share is allowed, and which way was taken."""
    assert isinstance(peer, Broadsheet)  # noqa: S101 - the rivals filter by a callback in Python, or not at all
    results = []
    for share in SHARES:
        allowed = np.random.default_rng(1).random(len(vectors)) < share
        floors = exact_floors(vectors, queries, allowed)
        for _ in range(2):  # as above, where each effort finds in memory what the one before it brought in
            answers = [timed(peer.filtered, query, allowed, LIMIT) for query in queries]
        found = [recall(vectors, q, rows, floor) for q, (_, rows), floor in zip(queries, answers, floors, strict=True)]
        times = percentiles([milliseconds for milliseconds, _ in answers])
        way = "yes" if peer.asks_the_graph(int(allowed.sum()), LIMIT) else "no"
        results.append((f"{share:.1%}", round(float(np.mean(found)), 4), *times, way))
    return results


def percentiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    """Median and p99."""
    median, p99 = np.percentile(milliseconds, [50, 99])
    return round(float(median), 3), round(float(p99), 3)


def best_at_goal(rows: Sequence[Row], name: str) -> Row:
    """A peer's fastest row that reaches the goal; where none does, the one that finds most."""
    own = [row for row in rows if row[0] == name]
    reached = [row for row in own if row[2] >= GOAL]
    return min(reached, key=lambda row: row[3]) if reached else max(own, key=lambda row: row[2])


def between(rows: Sequence[Row], name: str) -> float | None:
    """A peer's p50 at just the goal, between its efforts on both sides of it; None where it does not come there.

    Recall is no straight line of the time, but of its logarithm it nearly is.
    """
    points = sorted((found, math.log(p50)) for peer, _, found, p50, _ in rows if peer == name)
    if not points[0][0] <= GOAL <= points[-1][0]:
        return None
    recalls, logarithms = zip(*points, strict=True)
    return round(math.exp(float(np.interp(GOAL, np.array(recalls), np.array(logarithms)))), 3)


def size(file: Path) -> float:
    """Megabytes of an index on disk, with what is written beside it."""
    return round(sum(of_disk(each) for each in (file, *file.parent.glob(file.name + ".*"))), 1)


def asked(name: str, row: Row, work: Path) -> Memory:
    """What `grown` says of a peer at the effort of a row, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.vectors", "--resident", name, str(row[1]), str(work)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Memory(*json.loads(done.stdout.splitlines()[-1]))


def grown(name: str, effort: int, work: Path) -> Memory:
    """By how much this process grows when it opens a peer's index and answers all the queries."""
    queries, peer = np.load(work / QUERIES_FILE), made(name)
    before = resident()
    peer.open(work / name)
    for query in queries:
        peer.search(query, LIMIT, effort)
    return resident().since(before)


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table."""
    table = Table(title=title)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number else "left", no_wrap=not number)
    for row in rows:
        table.add_row(*map(str, row))
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(table)


def plot(rows: Sequence[Row], file: Path) -> None:
    """Recall against time, a line a peer."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    for name, points in lines(rows):
        axes.plot(*zip(*points, strict=True), marker="o", markersize=3, label=name)
    axes.set(xlabel="recall of the best ten", ylabel="milliseconds a query, median", yscale="log", xlim=(0.9, 1))
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.savefig(file)


def lines(rows: Sequence[Row]) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Recall and median of each peer, by rising effort."""
    for name in dict.fromkeys(row[0] for row in rows):
        yield name, [(found, p50) for peer, _, found, p50, _ in rows if peer == name]


if __name__ == "__main__":
    main()
