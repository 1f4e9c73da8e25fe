"""What an embedder is, and the one place where vectors are made unit length."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]  # shape (dimensions,), unit length
Vectors: TypeAlias = NDArray[np.float32]  # shape (n, dimensions), each row of unit length


class Embedder(Protocol):
    """Text to vectors whose inner product is their likeness in meaning."""

    @property
    def identity(self) -> str:
        """Name and weights of the model: vectors of two identities are never compared."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in order; shape (len(texts), dimensions) even for none."""


def unit(rows: NDArray[np.generic]) -> Vectors:
    """The rows as float32 of unit length; a row of zeros becomes the first axis, since every vector must have length.

    >>> unit(np.array([[3.0, 4.0], [0.0, 0.0]])).round(2).tolist()
    [[0.6000000238418579, 0.800000011920929], [1.0, 0.0]]
    """
    vectors = np.ascontiguousarray(rows, dtype=np.float32).copy()
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[(lengths == 0).ravel(), 0] = 1.0
    lengths[lengths == 0] = 1.0
    vectors /= lengths
    return vectors
