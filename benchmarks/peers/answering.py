"""A rival in a process of its own, which takes orders on stdin and answers on stdout, a line of JSON each:
`python -m benchmarks.peers.answering NAME CORPUS FOLDER`.

So its memory and its threads are its own, and it may run in an environment of its own.
"""

import contextlib
import gc
import importlib
import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.memory import Memory, resident
from benchmarks.peers.hybrid_peer import Corpus, HybridPeer

HYBRID_PEERS: dict[str, tuple[str, str, tuple[str, ...]]] = {  # module, class, arguments: imported only if asked for
    "broadsheet": ("searcher", "WholeSearch", ()),
    "broadsheet-encoding": ("searcher", "EncodedSearch", ()),
    "broadsheet-legs": ("searcher", "LegsAndFusion", ()),
    "lancedb": ("lancedb", "LanceDb", ()),
    "sqlite-vec": ("sqlite_vec", "SqliteVec", ("float",)),
    "sqlite-vec-bit": ("sqlite_vec", "SqliteVec", ("bit",)),
    "txtai": ("txtai", "Txtai", ()),
    "milvus-lite": ("milvus", "MilvusLite", ()),
}
LIMIT = 10


class Answering:
    """One peer, and what it may be told to do."""

    def __init__(self, name: str, corpus: Path, folder: Path) -> None:
        module, kind, arguments = HYBRID_PEERS[name]
        self._peer: HybridPeer = getattr(importlib.import_module(f"benchmarks.peers.{module}"), kind)(*arguments)
        self._corpus, self._folder = Corpus(corpus), folder
        self._queries, self._vectors = self._corpus.queries(), self._corpus.query_vectors()
        self._before = resident()

    def build(self) -> dict[str, float]:
        """Builds the index, and says what it took."""
        self._folder.mkdir(parents=True)
        started, used = time.perf_counter(), time.process_time()
        self._peer.build(self._corpus, self._folder)
        return {"seconds": time.perf_counter() - started, "of processors": time.process_time() - used}

    def open(self) -> dict[str, Any]:
        """Opens the index, and says what it is."""
        self._peer.open(self._folder)
        gc.collect()
        gc.freeze()
        told = ", ".join(f"{name} {version(name)}" for name in self._peer.distributions)
        return {"versions": told, "depths": list(self._peer.depths)}

    def search(self, first: int, last: int, depth: int) -> list[tuple[float, list[int]]]:
        """Milliseconds and rows of each of the queries from `first` up to `last`."""
        return [self._timed(number, depth) for number in range(first, last)]

    def near(self, first: int, last: int, depth: int) -> list[list[int]]:
        """The same for the semantic leg alone, untimed."""
        return [[int(row) for row in self._peer.near(v, LIMIT, depth)] for v in self._vectors[first:last]]

    def memory(self) -> Memory:
        """What has come to this process since it was about to open the index."""
        return resident().since(self._before)

    def _timed(self, number: int, depth: int) -> tuple[float, list[int]]:
        text, vector = self._queries[number], self._vectors[number]
        started = time.perf_counter()
        rows = self._peer.search(text, vector, LIMIT, depth)
        return (time.perf_counter() - started) * 1000, [int(row) for row in rows]


def main() -> None:
    """Obeys until stdin ends. What libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    name, corpus, folder = sys.argv[1:]
    answering = Answering(name, Path(corpus), Path(folder))
    for line in sys.stdin:
        order, *arguments = json.loads(line)
        print(json.dumps(getattr(answering, order)(*arguments)), file=answers, flush=True)
    with contextlib.suppress(BrokenPipeError):
        answers.close()


if __name__ == "__main__":
    main()
