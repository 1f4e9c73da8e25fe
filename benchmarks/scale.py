"""From a hundred thousand articles to a million: `python -m benchmarks.scale DIR [--sizes N,…] [--work DIR]`.

DIR holds corpus.jsonl[.gz]; its first N records are an archive of N. One record of 2,000 is held out: its headline is
a query. Records are read into a ledger in `--work`, embedded by the compiled model and kept there; each archive is then
built once, in a process of its own. All that can be killed and goes on where it was. Then the archives are asked by
turns, twenty queries at a time, each in a process of its own: a whole search with the query's vector given, and one
that encodes it. Memory is that of the process whose vectors are given, after all the queries.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.hybrid import BLOCK, WARM_UP, answering
from benchmarks.memory import Memory, of_disk
from benchmarks.vectors import percentiles, show
from indexer.accept import accept
from indexer.cli.compiling import compile_where_wanted
from indexer.cli.progress import progress
from indexer.evaluating.judgments import as_typed, corpus_of
from indexer.follow import BATCH, SLICE, Progress
from indexer.item import Item, Refusal
from indexer.ledger import Ledger
from indexer.sources.paths import inputs
from search.embedding.embedder import Embedder
from search.embedding.open import open_embedder
from search.engines.engine import EmbeddedArticle
from search.engines.local.writer import LocalWriter
from search.ranking.fusion import CANDIDATES
from search.settings import Settings

SIZES = (100_000, 250_000, 500_000, 1_000_000)
HELD_OUT = 2_000  # records of which one is a query
GIVEN, ENCODING = "broadsheet", "broadsheet-encoding"

Facts = dict[str, float]


def main() -> None:
    """Prepares what is not there yet, measures, and prints a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="how many records of DIR, by comma")
    parser.add_argument("--queries", type=int, default=500, help="how many are asked (500, or what there are)")
    parser.add_argument("--work", type=Path, default=Path("data/local/benchmarks/scale"), help="where all is kept")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--build", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    home, sizes = Settings(home=arguments.work), sorted(int(size) for size in arguments.sizes.split(","))
    if arguments.build:
        print(json.dumps(build(home, arguments.build)))
        return
    count = prepare(arguments.folder, home, sizes[-1], arguments.queries)
    facts = {size: built(arguments.folder, home, size) for size in sizes}
    for size, own in asked(home.home, sizes, count).items():
        facts[size] |= own
    if arguments.json:
        print(json.dumps(facts))
        return
    show(
        f"{count} queries",
        ("", *(f"{size:,}" for size in sizes)),
        [(what, *(facts[size][what] for size in sizes)) for what in facts[sizes[0]]],
    )


def prepare(folder: Path, home: Settings, most: int, queries: int) -> int:
    """Reads and embeds the first `most` records, where that is not done yet, and says how many queries there are."""
    ready, asked_for = home.home / "ready.json", home.home / "queries.json"
    if not ready.exists() or json.loads(ready.read_text(encoding="utf-8")) < most:
        home.home.mkdir(parents=True, exist_ok=True)
        compile_where_wanted(home)
        model = open_embedder(home)
        with Ledger(home.ledger) as ledger:
            accept((item for number, item in records(folder, most) if number % HELD_OUT), ledger)
            with progress("Embedding", "articles") as advance:
                embed(ledger, model, advance)
        held = [item for number, item in records(folder, most) if number % HELD_OUT == 0]
        headlines = [as_typed(str(item.record["title"])) for item in held if isinstance(item, Item)]
        np.save(home.home / "query_vectors.npy", np.concatenate([model.embed([text]) for text in headlines]))
        asked_for.write_text(json.dumps(headlines), encoding="utf-8")
        ready.write_text(json.dumps(most), encoding="utf-8")
    return min(queries, len(json.loads(asked_for.read_text(encoding="utf-8"))))


def records(folder: Path, most: int) -> Iterator[tuple[int, Item | Refusal]]:
    """The first records of the folder's corpus, numbered from 1."""
    source = inputs((corpus_of(folder),))
    with progress("Reading", "bytes") as advance:
        yield from enumerate(islice(source.items(lambda done: advance(done, source.size)), most), start=1)


def embed(ledger: Ledger, model: Embedder, advance: Progress) -> None:
    """Embeds what has no vectors, and keeps them a few hundred at a time."""
    sequence, done, total = 0, 0, ledger.count_changes(0)
    while changes := ledger.changes(sequence, BATCH, model.identity):
        missing = [change.article for change in changes if change.article and change.vectors is None]
        for start in range(0, len(missing), SLICE):
            part = missing[start : start + SLICE]
            rows = model.embed([passage for article in part for passage in article.passages])
            ends = np.cumsum([len(article.passages) for article in part])
            ledger.keep_vectors(model.identity, zip(part, np.split(rows, ends[:-1]), strict=True))
        sequence, done = changes[-1].sequence, done + len(changes)
        advance(done, total)


def built(folder: Path, home: Settings, size: int) -> Facts:
    """What it took to build the archive of so many records, in whichever run that was, and what it takes on disk."""
    own = home.home / str(size)
    noted = own / "built.json"
    if not noted.exists():
        shutil.rmtree(own, ignore_errors=True)  # of a build that did not come to its end
        command = [
            sys.executable,
            "-m",
            "benchmarks.scale",
            str(folder),
            "--work",
            str(home.home),
            "--build",
            str(size),
        ]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        (own / "models").symlink_to(home.models.resolve())
        facts = json.loads(done.stdout.splitlines()[-1]) | {"MB on disk": of_disk(own / "index")}
        noted.write_text(json.dumps(facts), encoding="utf-8")
    read: Facts = json.loads(noted.read_text(encoding="utf-8"))
    return read


def build(home: Settings, size: int) -> Facts:
    """Builds an archive of the first articles of the ledger; everything is embedded already."""
    wanted, model = size - size // HELD_OUT, open_embedder(home).identity
    started, used = time.perf_counter(), time.process_time()
    index = replace(home, home=home.home / str(size)).index
    writer = LocalWriter(index, None, model, home.language, lambda: datetime.now(UTC))
    with Ledger(home.ledger) as ledger:
        sequence = 0
        while changes := ledger.changes(sequence, min(BATCH, wanted - writer.articles), model):
            embedded = ((each.article, each.vectors) for each in changes)
            held = [(own, rows) for own, rows in embedded if own and rows is not None]
            numbered = enumerate(held, start=writer.articles)  # a peer's answers are rows
            writer.put([EmbeddedArticle(replace(own, id=str(row)), rows) for row, (own, rows) in numbered])
            sequence = changes[-1].sequence
    writer.commit(sequence, str(size))
    return {
        "articles": writer.articles,
        "built in s": round(time.perf_counter() - started, 1),
        "of processors": round(time.process_time() - used, 1),
        "MB at most": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
    }


def asked(work: Path, sizes: Sequence[int], count: int) -> dict[int, Facts]:
    """Times of every archive, with the vector given and with the query encoded, and what a process holds."""
    took: dict[tuple[int, str], list[float]] = {(size, kind): [] for size in sizes for kind in (GIVEN, ENCODING)}
    with ExitStack() as stack:
        peers = {key: stack.enter_context(answering(key[1], work, work / str(key[0]), sys.executable)) for key in took}
        for peer in peers.values():
            peer.told("open")
            peer.told("search", 0, min(WARM_UP, count), CANDIDATES)
        for first in range(0, count, BLOCK):
            for key, peer in peers.items():
                block = peer.told("search", first, min(first + BLOCK, count), CANDIDATES)
                took[key] += [milliseconds for milliseconds, _ in block]
        held = {size: Memory(*peers[size, GIVEN].told("memory")) for size in sizes}
    return {size: figures(took[size, GIVEN], took[size, ENCODING], held[size], size) for size in sizes}


def figures(given: Sequence[float], encoding: Sequence[float], held: Memory, size: int) -> Facts:
    """The rows of one archive."""
    (median, p99), (median_encoding, p99_encoding) = percentiles(given), percentiles(encoding)
    own, files = held
    return {
        "p50 ms, vector given": median,
        "p99 ms, vector given": p99,
        "p50 ms, encoded": median_encoding,
        "p99 ms, encoded": p99_encoding,
        "MB own": own,
        "MB mapped": files,
        "bytes own, an article": round(own * 1e6 / size),
        "bytes mapped, an article": round(files * 1e6 / size),
    }


if __name__ == "__main__":
    main()
