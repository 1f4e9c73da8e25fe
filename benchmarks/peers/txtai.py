"""txtai: its hybrid index, hnswlib and its own BM25. https://neuml.github.io/txtai/embeddings/configuration/ann/"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from txtai import Embeddings

from benchmarks.peers.hybrid_peer import Corpus, Vector

NAME = "index"


class Txtai:
    """`hybrid` as documented: BM25 and the graph, their scores summed with equal weights. It takes ten times the limit
    of each leg, and lets nobody choose; the effort is the graph's. The default, FAISS by IVF with a sixteenth of its
    cells looked at, finds .94 of the nearest ten among 100,000."""

    distributions = ("txtai", "hnswlib")
    depths = (100, 200)

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Indexes the texts with the vectors that are there already."""
        texts, vectors = corpus.texts(), corpus.vectors()
        rows = {text: row for row, text in enumerate(texts)}
        embeddings = Embeddings(
            {
                "method": "external",
                "transform": lambda wanted: vectors[[rows[text] for text in wanted]],
                "hybrid": True,
                "backend": "hnsw",
                "hnsw": {"m": 32, "efconstruction": 200},
                "content": False,
                "format": "json",
            }
        )
        embeddings.index((row, text, None) for row, text in enumerate(texts))
        embeddings.save(str(folder / NAME))

    def open(self, folder: Path) -> None:
        """Loads it; a query is then embedded by looking up its vector."""
        self._embeddings = Embeddings()
        given = {"transform": lambda wanted: np.stack([self._vector] * len(wanted))}
        self._embeddings.load(str(folder / NAME), config=given)
        self._graph = self._embeddings.ann.config["hnsw"]

    def search(self, text: str, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """A hybrid query."""
        self._vector, self._graph["efsearch"] = vector, depth
        return [row for row, _ in self._embeddings.search(text, limit)]

    def near(self, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """Its graph alone."""
        self._graph["efsearch"] = depth
        return [row for row, _ in self._embeddings.ann.search(vector[None, :], 10 * limit)[0]][:limit]
