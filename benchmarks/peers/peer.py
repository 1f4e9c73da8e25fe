"""What the benchmark needs of an index of vectors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.embedding.embedder import Vector, Vectors

Found = NDArray[np.int64]  # rows, best first


class Peer(Protocol):
    """One way to search vectors, tuned as its own documentation says."""

    name: str
    efforts: Sequence[int]  # of its own knob between recall and time, in rising order

    def build(self, vectors: Vectors, file: Path) -> None:
        """Writes an index of the vectors, with every core there is; `file` may become a folder."""

    def open(self, file: Path) -> None:
        """Reads what `build` wrote; searches run on one thread."""

    def search(self, vector: Vector, limit: int, effort: int) -> Found:
        """The rows nearest the vector."""
