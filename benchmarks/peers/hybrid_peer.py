"""What the benchmark needs of a hybrid search, and what it gives one to search.

Nothing here or in a rival's file needs the project's own packages: a rival may run in an environment of its own.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]  # shape (dimensions,), unit length
Vectors = NDArray[np.float32]  # shape (n, dimensions)
RRF = 60  # of reciprocal rank fusion, Cormack, Clarke and Büttcher 2009

STOP_WORDS = frozenset(  # Lucene's own, for rivals that know none and would score every article with a "the"
    (
        "a an and are as at be but by for if in into is it no not of on or such that the their then there these they "
        "this to was will with"
    ).split()
)


class Corpus:
    """Articles, one a row, and queries with their vectors: what `benchmarks/hybrid_corpus.py` wrote into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def articles(self) -> list[str]:
        """Each as JSON, as the ledger has it."""
        return self._read("articles.json")

    def texts(self) -> list[str]:
        """Headline and abstract of each."""
        return self._read("texts.json")

    def vectors(self) -> Vectors:
        """One of each."""
        vectors: Vectors = np.load(self._folder / "vectors.npy")
        return vectors

    def queries(self) -> list[str]:
        """Headlines of articles that are not among these."""
        return self._read("queries.json")

    def query_vectors(self) -> Vectors:
        """One of each query."""
        vectors: Vectors = np.load(self._folder / "query_vectors.npy")
        return vectors

    def _read(self, name: str) -> list[str]:
        texts: list[str] = json.loads((self._folder / name).read_text(encoding="utf-8"))
        return texts


class HybridPeer(Protocol):
    """One way to search by words and by meaning at once, tuned as its own documentation says."""

    distributions: Sequence[str]  # whose versions are told
    depths: Sequence[int]  # efforts in rising order: candidates of each leg, where it lets them be chosen

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Writes the index into an empty folder."""

    def open(self, folder: Path) -> None:
        """Makes the index ready to be searched."""

    def search(self, text: str, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """The best rows by both, best first."""

    def near(self, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """The rows nearest the vector, by its semantic leg alone, looking as hard as `search` does."""


def reciprocal_ranks(legs: Sequence[Sequence[int]]) -> list[int]:
    """The rows of all legs, best first: each leg adds 1 / (60 + rank), ranks from 1.

    >>> reciprocal_ranks([[7, 8, 9], [9, 8]])
    [9, 8, 7]
    """
    scores: dict[int, float] = {}
    for leg in legs:
        for rank, row in enumerate(leg, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (RRF + rank)
    return best_of(scores)


def best_of(scores: Mapping[int, float]) -> list[int]:
    """Rows by score, best first, equals by row."""
    return sorted(scores, key=lambda row: (-scores[row], row))
