from pathlib import Path

import numpy as np
import pytest

from search.embedding.embedder import Vectors, unit
from search.engines.local.graph import Graph, Sizes, effort, write_graph
from search.engines.local.vectors import VectorSegment, graph_of, nearest, open_segments, write_segment

ROWS, DIMENSIONS, LIMIT = 4_000, 32, 20
ALWAYS = Sizes(segment=1, step=0)


def vectors(count: int, seed: int) -> Vectors:
    """Vectors in forty clusters, as those of news are."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(1).normal(size=(40, DIMENSIONS))
    return unit(centres[random.integers(40, size=count)] + 0.7 * random.normal(size=(count, DIMENSIONS)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A segment with its graph, and a small one without."""
    folder = tmp_path_factory.mktemp("vectors")
    rows = vectors(ROWS, seed=2)
    large, small = folder / "segment-0000000000.faiss", folder / f"segment-{ROWS:010d}.faiss"
    write_segment(large, [rows], DIMENSIONS)
    write_segment(small, [vectors(50, seed=3)], DIMENSIONS)
    segment = VectorSegment(large, 0, ALWAYS)
    write_graph(graph_of(large), segment.part, len(segment))
    return folder


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1, 0.03, 0.002])
def test_a_graph_finds_nearly_all_that_a_scan_finds_under_any_filter_with_exact_cosines(
    folder: Path, share: float
) -> None:
    allowed = np.random.default_rng(4).random(ROWS + 50) < share
    every = np.concatenate([segment.rows() for segment in open_segments(folder, ALWAYS)])
    owner = np.arange(ROWS + 50, dtype=np.int32)
    found = []
    for query in vectors(40, seed=5):
        hits = nearest(open_segments(folder, ALWAYS), query, allowed, owner, LIMIT)
        exact = np.where(allowed, every @ query, -np.inf)
        best = np.sort(exact)[::-1][: min(LIMIT, int(allowed.sum()))]
        assert len(hits) == len(best)
        assert [cosine for _, cosine in hits] == pytest.approx(exact[[row for row, _ in hits]].tolist(), abs=1e-6)
        assert [cosine for _, cosine in hits] == sorted((cosine for _, cosine in hits), reverse=True)
        found.append(np.mean([cosine >= best[-1] - 1e-6 for _, cosine in hits]))
    assert np.mean(found) >= 0.98


def test_a_filter_whose_rows_are_all_far_from_the_query_is_scanned(folder: Path) -> None:
    segment = VectorSegment(folder / "segment-0000000000.faiss", 0, ALWAYS)
    query = vectors(1, seed=6)[0]
    cosines = segment.rows() @ query
    allowed = cosines < np.quantile(cosines, 0.3)
    assert Graph(graph_of(segment.file)).candidates(query, allowed, LIMIT) is None
    found, rows = segment.nearest(query, allowed, LIMIT)
    assert rows.tolist() == np.argsort(np.where(allowed, -cosines, 2))[:LIMIT].tolist()
    assert found.tolist() == pytest.approx(cosines[rows].tolist(), abs=1e-6)


def test_a_scan_is_taken_where_few_rows_are_allowed_and_the_graph_where_many_are() -> None:
    sizes, rows, shares = Sizes(), 250_000, (1, 0.5, 0.25, 0.1, 0.03, 0.001)
    chosen = {limit: [share for share in shares if sizes.pays(limit, round(share * rows), rows)] for limit in (10, 200)}
    assert chosen == {10: [1, 0.5, 0.25, 0.1], 200: [1, 0.5, 0.25]}
    assert [effort(10, 1), effort(200, 1), effort(10, 0.25)] == [92, 415, 218]
