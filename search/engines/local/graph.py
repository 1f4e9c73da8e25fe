"""The graph over a large vector segment: finds candidates, which the segment then scores exactly.

HNSW (Malkov and Yashunin 2018) with 32 links a vector over vectors of one byte a dimension (SQ8): 650 bytes a vector
of 384 dimensions. Its sizes and efforts were chosen by `python -m benchmarks.vectors`: docs/performance.md.
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from search.embedding.embedder import Vector, Vectors
from search.engines.local.columns import Mask
from search.engines.local.durable import write_durably

LINKS = 32
BUILDING_EFFORT = 100  # candidates looked at for the links of each vector
PART = 10_000  # vectors that are added at once: 15 MB of float32
CORES = os.cpu_count() or 1
SAMPLE = 100_000  # vectors from which the range of a dimension is taken
RELIABLE = 0.75  # of the ranks looked at: further out, near rows are missing
LOOPS = 1 << 20  # that a damaged header may ask for

faiss.set_deserialization_loop_limit(LOOPS)

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sizes:
    """When a graph pays: else a scan takes no longer, and is exact."""

    segment: int = 20_000  # rows of a segment that gets a graph
    step: float = 20  # rows that a scan takes in the time in which the graph looks at one

    def pays(self, limit: int, allowed: int, rows: int) -> bool:
        """Whether a graph of so many rows is the faster way to the best `limit` of those allowed."""
        return self.step * effort(limit, allowed / rows) < allowed


SIZES = Sizes()


def effort(limit: int, share: float) -> int:
    """How many near rows are looked at (efSearch) for the best `limit`, where a `share` of all, in (0, 1], is allowed.

    Fitted to recall of .98 at 10 and at 200, of all and under random filters: what is allowed at random is found at
    rank limit / share.
    """
    return int(75 / math.sqrt(share) + 1.7 * limit / share)


def kept(limit: int) -> int:
    """How many near rows are scored exactly for the best `limit`: one byte a dimension mistakes the order a little."""
    return limit + limit // 4 + 10


class Graph:
    """Finds near rows of one segment; mapped from disk, so that all processes share it."""

    def __init__(self, file: Path) -> None:
        self._index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)

    def near(self, vector: Vector, looked_at: int, count: int) -> Rows:
        """The nearest `count` rows, fewer where it finds no more; the nearest first, by one byte a dimension."""
        parameters = faiss.SearchParametersHNSW(efSearch=looked_at)
        rows: Rows = self._index.search(vector[None, :], count, params=parameters)[1][0]
        return rows[rows >= 0]

    def candidates(self, vector: Vector, allowed: Mask | None, limit: int) -> Rows | None:
        """Near rows to choose the best `limit` from; None where too few of the near ones are allowed.

        `allowed` says of each row of the segment whether it may be found, None that all may. The near rows are looked
        at whether they are allowed or not, so that it shows when a filter's articles are all far from the query.
        """
        if allowed is None:
            rows = self.near(vector, effort(limit, 1), kept(limit))
            return rows if len(rows) >= limit else None
        looked_at = effort(limit, np.count_nonzero(allowed) / len(allowed))
        rows = self.near(vector, looked_at, looked_at)
        found = np.flatnonzero(allowed[rows])
        is_enough = len(found) >= limit and found[limit - 1] <= RELIABLE * looked_at
        return rows[found[: kept(limit)]] if is_enough else None


def write_graph(
    file: Path,
    part: Callable[[int, int], Vectors],
    count: int,
    progress: Callable[[int], None] = lambda done: None,
    threads: int = CORES,
) -> None:
    """Builds the graph of `count` vectors, durably: by several threads, two builds differ in some of their links.

    `part(first, number)` gives `number` vectors from `first` on, so that not all of them are held at once. `progress`
    is told how many are in.
    """
    faiss.omp_set_num_threads(threads)  # of the calling thread, in which a search may have set one
    sample = part(0, min(SAMPLE, count))
    index = faiss.IndexHNSWSQ(sample.shape[1], faiss.ScalarQuantizer.QT_8bit, LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = BUILDING_EFFORT
    index.train(sample)
    for start in range(0, count, PART):
        index.add(part(start, min(PART, count - start)))
        progress(min(start + PART, count))
    with write_durably(file) as stream:
        faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))
