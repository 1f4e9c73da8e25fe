"""voyager, Spotify's HNSW, over float32. https://spotify.github.io/voyager/python/"""

import os
from pathlib import Path

import numpy as np
import voyager

from benchmarks.peers.peer import Found
from search.embedding.embedder import Vector, Vectors


class Voyager:
    """`query_ef` is its knob; M 32, as the others have, where its default is 12."""

    name = "voyager float32"
    efforts = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384)

    def build(self, vectors: Vectors, file: Path) -> None:
        """Adds all at once, on all cores."""
        index = voyager.Index(voyager.Space.InnerProduct, vectors.shape[1], M=32, ef_construction=200)
        index.add_items(vectors, np.arange(len(vectors)), num_threads=os.cpu_count() or 1)
        index.save(str(file))

    def open(self, file: Path) -> None:
        """Loads it into memory."""
        self._index = voyager.Index.load(str(file))

    def search(self, vector: Vector, limit: int, effort: int) -> Found:
        """One query."""
        rows, _ = self._index.query(vector, k=limit, num_threads=1, query_ef=max(effort, limit))
        return np.asarray(rows, dtype=np.int64)
