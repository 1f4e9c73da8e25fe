"""Ours: the graph beside a segment, and the segment itself for exact cosines, both mapped from disk."""

from pathlib import Path

from benchmarks.peers.peer import Found
from search.embedding.embedder import Vector, Vectors
from search.engines.local.columns import Mask
from search.engines.local.graph import SIZES, Graph, kept, write_graph
from search.engines.local.vectors import VectorSegment, graph_of, write_segment


class Broadsheet:
    """`efSearch` is the knob; an engine sets it by the number of answers wanted, `effort` in its graph.py."""

    name = "Broadsheet"
    efforts = (16, 24, 32, 48, 64, 92, 128, 192, 256, 384)

    def build(self, vectors: Vectors, file: Path) -> None:
        """Writes the segment, then its graph."""
        file.mkdir()
        segment = file / "segment-0.faiss"
        write_segment(segment, [vectors], vectors.shape[1])
        opened = VectorSegment(segment, 0, SIZES)
        write_graph(graph_of(segment), opened.part, len(opened))

    def open(self, file: Path) -> None:
        """Maps both files."""
        self._segment = VectorSegment(file / "segment-0.faiss", 0, SIZES)
        self._graph = Graph(graph_of(self._segment.file))

    def search(self, vector: Vector, limit: int, effort: int) -> Found:
        """One query, with another effort than an engine's own."""
        return self._segment.best(vector, self._graph.near(vector, effort, kept(limit)), limit)[1]

    def filtered(self, vector: Vector, allowed: Mask, limit: int) -> Found:
        """One query as an engine asks it."""
        return self._segment.nearest(vector, allowed, limit)[1]

    def asks_the_graph(self, allowed: int, limit: int) -> bool:
        """Whether an engine would."""
        return SIZES.pays(limit, allowed, len(self._segment))
