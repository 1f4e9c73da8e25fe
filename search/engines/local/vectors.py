"""The semantic leg: FAISS segments of unit vectors, searched by inner product.

A row is a passage of an article. A segment is a flat index over a run of rows, mapped from disk, never changed. A small
one is scanned; a large one has a graph beside it that finds candidates, and their cosines are exact all the same. Each
publish adds one of its new articles, and takes up the segments before it that are no larger, as long as what comes of
it is small: so there are few, and a vector is rewritten as often as they double (the logarithmic method, Bentley and
Saxe 1980). Small ones become a large one in the background: `merging.py`.
"""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from search.embedding.embedder import Vector, Vectors
from search.engines.local.columns import Mask, Numbers
from search.engines.local.durable import write_durably
from search.engines.local.graph import Graph, Rows, Sizes

Cosines = NDArray[np.float32]

LARGEST_FILE = 1 << 36  # bytes a damaged header may ask for: 64 GiB, 44 million articles

faiss.set_deserialization_vector_byte_limit(LARGEST_FILE)


class VectorSegment:
    """The rows from `start` up to `start + len(self)`, and their graph where there is one."""

    def __init__(self, file: Path, start: int, sizes: Sizes) -> None:
        self.file, self.start, self._sizes = file, start, sizes
        self._index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
        graph = graph_of(file)
        self._graph = Graph(graph) if graph.exists() else None

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """Of its vectors."""
        return int(self._index.d)

    @property
    def end(self) -> int:
        """The row after its last."""
        return self.start + len(self)

    @property
    def has_graph(self) -> bool:
        """Whether a graph finds candidates in it."""
        return self._graph is not None

    def rows(self) -> Vectors:
        """All its vectors, in order."""
        return self.part(0, len(self))

    def part(self, first: int, count: int) -> Vectors:
        """`count` of its vectors, in order, `first` counted from its own beginning."""
        rows: Vectors = self._index.reconstruct_n(first, count)
        return rows

    def chosen(self, rows: Rows) -> Vectors:
        """The vectors of the rows given, in their order."""
        vectors: Vectors = self._index.reconstruct_batch(rows - self.start)
        return vectors

    def nearest(self, vector: Vector, allowed: Mask, limit: int) -> tuple[Cosines, Rows]:
        """Cosines and rows of the best allowed vectors, best first: `limit` of them, or all where they are fewer.

        Every cosine is exact. From a graph, a few of a hundred of the best may be missing, and the next best be there.
        """
        own = allowed[self.start : self.start + len(self)]
        count = int(np.count_nonzero(own))
        limit = min(limit, count)
        if limit == 0:
            return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
        if self._graph and self._sizes.pays(limit, count, len(self)):
            near = self._graph.candidates(vector, None if count == len(self) else own, limit)
            if near is not None:
                return self.best(vector, near, limit)
        if count == len(self):
            scores, rows = self._index.search(vector[None, :], limit)
            return scores[0], rows[0] + self.start
        return self.best(vector, np.flatnonzero(own), limit)

    def best(self, vector: Vector, rows: Rows, limit: int) -> tuple[Cosines, Rows]:
        """The best of some of its rows, counted from its own beginning, by exact cosine; no other row is read.

        FAISS reads `vector` where it lies: it must be float32, and in one piece.
        """
        cosines = np.empty(len(rows), dtype=np.float32)
        of_vector, of_cosines, of_rows = map(faiss.swig_ptr, (vector, cosines, rows))
        self._index.compute_distance_subset(1, of_vector, len(rows), of_cosines, of_rows)
        best = np.argpartition(-cosines, limit - 1)[:limit]
        best = best[np.lexsort((best, -cosines[best]))]
        return cosines[best], rows[best] + self.start


def write_segment(file: Path, parts: Iterable[Vectors], dimensions: int) -> None:
    """Writes vectors as a flat index, durably: faiss's own writer calls a full disk a success."""
    index = faiss.IndexFlatIP(dimensions)
    for vectors in parts:
        index.add(vectors)
    with write_durably(file) as stream:
        faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))


def graph_of(segment: Path) -> Path:
    """Where a segment's graph is, if it has one."""
    return segment.with_name(segment.name.replace("segment", "graph"))


def open_segments(folder: Path, sizes: Sizes) -> list[VectorSegment]:
    """A folder's segments in order, each starting at the row where the one before it ends."""
    segments: list[VectorSegment] = []
    for file in sorted(folder.glob("segment-*.faiss")):
        start = segments[-1].start + len(segments[-1]) if segments else 0
        segments.append(VectorSegment(file, start, sizes))
    return segments


def taken_up(sizes: Sequence[int], added: int, most: float = math.inf) -> int:
    """How many of the last segments a new one of `added` vectors takes up: those no larger than what it has grown to.

    It grows to fewer than `most`.

    >>> taken_up([1000, 8, 3], 4), taken_up([1000, 8, 3], 1), taken_up([5, 4], 10), taken_up([5, 4], 10, most=18)
    (1, 0, 2, 1)
    """
    count = 0
    while count < len(sizes) and sizes[-1 - count] <= added and added + sizes[-1 - count] < most:
        count += 1
        added += sizes[-count]
    return count


def nearest(
    segments: Sequence[VectorSegment], vector: Vector, allowed: Mask, owner: Numbers, limit: int
) -> list[tuple[int, float]]:
    """Numbers and cosines of the best `limit` articles, best first; an article is as near as its nearest passage.

    `allowed` says of each row whether it may be found, `owner` whose passage it is.
    """
    faiss.omp_set_num_threads(1)  # of the calling thread: else FAISS wakes a thread a core, and waits, for one query
    depth, vector = limit, np.ascontiguousarray(vector, dtype=np.float32)
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
