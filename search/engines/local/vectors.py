"""The semantic leg: FAISS segments of unit vectors, searched exactly by inner product.

A row is a passage of an article. A segment is a flat index over a run of rows, mapped from disk, never changed. Each
publish adds one of its new articles, and takes up the segments before it that are no larger: so there are few, and
each vector is rewritten as often as the archive doubles (the logarithmic method, Bentley and Saxe 1980).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from search.embedding.embedder import Vector, Vectors
from search.engines.local.columns import Mask, Numbers
from search.engines.local.durable import write_durably

Rows = NDArray[np.int64]

LARGEST_FILE = 1 << 36  # bytes a damaged header may ask for: 64 GiB, 44 million articles

faiss.set_deserialization_vector_byte_limit(LARGEST_FILE)


class VectorSegment:
    """The rows from `start` up to `start + len(self)`."""

    def __init__(self, file: Path, start: int) -> None:
        self.file, self.start = file, start
        self._index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def rows(self) -> Vectors:
        """All its vectors, in order."""
        rows: Vectors = self._index.reconstruct_n(0, len(self))
        return rows

    def chosen(self, rows: Rows) -> Vectors:
        """The vectors of the rows given, in their order."""
        vectors: Vectors = self._index.reconstruct_batch(rows - self.start)
        return vectors

    def nearest(self, vector: Vector, allowed: Mask, limit: int) -> tuple[NDArray[np.float32], Rows]:
        """Cosines and rows of the best allowed vectors, best first, at most `limit`."""
        own = allowed[self.start : self.start + len(self)]
        limit = min(limit, int(own.sum()))
        if limit == 0:
            return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
        bits = np.packbits(own, bitorder="little")
        chosen = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
        scores, rows = self._index.search(vector[None, :], limit, params=None if own.all() else chosen)
        return scores[0], rows[0] + self.start


def write_segment(file: Path, parts: Iterable[Vectors], dimensions: int) -> None:
    """Writes vectors as a flat index, durably: faiss's own writer calls a full disk a success."""
    index = faiss.IndexFlatIP(dimensions)
    for vectors in parts:
        index.add(vectors)
    with write_durably(file) as stream:
        faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))


def open_segments(files: Sequence[Path]) -> list[VectorSegment]:
    """Segments in order, each starting at the row where the one before it ends."""
    segments: list[VectorSegment] = []
    for file in files:
        start = segments[-1].start + len(segments[-1]) if segments else 0
        segments.append(VectorSegment(file, start))
    return segments


def taken_up(sizes: Sequence[int], added: int) -> int:
    """How many of the last segments a new one of `added` vectors takes up: those no larger than what it has grown to.

    >>> taken_up([1000, 8, 3], 4), taken_up([1000, 8, 3], 1), taken_up([5, 4], 10)
    (1, 0, 2)
    """
    count = 0
    while count < len(sizes) and sizes[-1 - count] <= added:
        count += 1
        added += sizes[-count]
    return count


def nearest(
    segments: Sequence[VectorSegment], vector: Vector, allowed: Mask, owner: Numbers, limit: int
) -> list[tuple[int, float]]:
    """Numbers and cosines of the best `limit` articles, best first; an article is as near as its nearest passage.

    `allowed` says of each row whether it may be found, `owner` whose passage it is.
    """
    depth = limit
    while True:
        found = [segment.nearest(vector, allowed, depth) for segment in segments]
        if not found:
            return []
        scores = np.concatenate([scores for scores, _ in found])
        rows = np.concatenate([rows for _, rows in found])
        best = np.argsort(-scores, kind="stable")[:depth]
        numbers, first = np.unique(owner[rows[best]], return_index=True)
        if len(numbers) >= limit or len(best) < depth:
            break
        depth *= 2  # several passages of one article are among the best: look further
    order = np.argsort(first)[:limit]
    return list(zip(numbers[order].tolist(), scores[best][first[order]].tolist(), strict=True))


def vectors_at(segments: Sequence[VectorSegment], rows: Rows) -> Vectors:
    """The vectors of ascending rows."""
    parts = [
        segment.chosen(rows[(rows >= segment.start) & (rows < segment.start + len(segment))]) for segment in segments
    ]
    return np.concatenate(parts)
