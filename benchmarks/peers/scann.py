"""ScaNN: a tree, asymmetric hashing, exact reordering. https://github.com/google-research/google-research/blob/master/scann/docs/algorithms.md"""

from pathlib import Path

import numpy as np
from scann import scann_ops_pybind

from benchmarks.peers.peer import Found
from search.embedding.embedder import Vector, Vectors


class Scann:
    """`leaves_to_search` is its knob; the root of the number of vectors as leaves, hashing of pairs of dimensions."""

    name = "ScaNN"
    efforts = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)

    def build(self, vectors: Vectors, file: Path) -> None:
        """Trains and fills it; the vectors themselves are kept for the reordering."""
        searcher = (
            scann_ops_pybind.builder(vectors, 10, "dot_product")
            .tree(num_leaves=int(len(vectors) ** 0.5), num_leaves_to_search=50, training_sample_size=len(vectors))
            .score_ah(2, anisotropic_quantization_threshold=0.2)
            .reorder(100)
            .build()
        )
        file.mkdir()
        searcher.serialize(str(file))

    def open(self, file: Path) -> None:
        """Loads it into memory."""
        self._searcher = scann_ops_pybind.load_searcher(str(file))

    def search(self, vector: Vector, limit: int, effort: int) -> Found:
        """One query."""
        rows, _ = self._searcher.search(vector, final_num_neighbors=limit, leaves_to_search=effort)
        return np.asarray(rows, dtype=np.int64)
