"""usearch: HNSW over bfloat16 or int8. https://unum-cloud.github.io/USearch/python/"""

import os
from pathlib import Path

import numpy as np
from usearch.index import Index

from benchmarks.peers.peer import Found
from search.embedding.embedder import Vector, Vectors


class Usearch:
    """`expansion_search` is its knob; 32 links, as the others have, where its default is 16."""

    efforts = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384)

    def __init__(self, kind: str) -> None:
        self.name, self._kind = f"usearch {kind}", kind

    def build(self, vectors: Vectors, file: Path) -> None:
        """Adds all at once, on all cores."""
        index = Index(
            ndim=vectors.shape[1], metric="cos", dtype=self._kind, connectivity=32, expansion_add=128, multi=False
        )
        index.add(np.arange(len(vectors)), vectors, threads=os.cpu_count() or 1)
        index.save(str(file))

    def open(self, file: Path) -> None:
        """Loads it into memory, which is faster than its view of the file."""
        self._index = Index.restore(str(file), view=False)

    def search(self, vector: Vector, limit: int, effort: int) -> Found:
        """One query."""
        self._index.expansion_search = effort
        return np.asarray(self._index.search(vector, limit, threads=1).keys, dtype=np.int64)
