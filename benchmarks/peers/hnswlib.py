"""hnswlib: the authors' HNSW, over float32. https://github.com/nmslib/hnswlib/blob/master/ALGO_PARAMS.md"""

import os
from pathlib import Path

import hnswlib
import numpy as np

from benchmarks.peers.peer import Found
from search.embedding.embedder import Vector, Vectors


class Hnswlib:
    """`ef` is its knob; M 32 and ef_construction 200, from the ranges its documentation names."""

    name = "hnswlib float32"
    efforts = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384)

    def build(self, vectors: Vectors, file: Path) -> None:
        """Adds all at once, on all cores."""
        index = hnswlib.Index(space="ip", dim=vectors.shape[1])
        index.init_index(max_elements=len(vectors), M=32, ef_construction=200)
        index.add_items(vectors, np.arange(len(vectors)), num_threads=os.cpu_count() or 1)
        index.save_index(str(file))
        np.save(file.with_suffix(".dimensions.npy"), vectors.shape[1])

    def open(self, file: Path) -> None:
        """Loads it; the number of dimensions is not in its file."""
        dimensions = int(np.load(file.with_suffix(".dimensions.npy")))
        self._index = hnswlib.Index(space="ip", dim=dimensions)
        self._index.load_index(str(file))
        self._index.set_num_threads(1)

    def search(self, vector: Vector, limit: int, effort: int) -> Found:
        """One query."""
        self._index.set_ef(effort)
        rows, _ = self._index.knn_query(vector, k=limit, num_threads=1)
        return np.asarray(rows[0], dtype=np.int64)
