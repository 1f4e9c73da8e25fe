"""LanceDB: its own full-text index, IVF_HNSW_SQ, and its RRF reranker. https://docs.lancedb.com/search/hybrid-search"""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import lancedb
import pyarrow as pa
from lancedb.index import HnswSq
from lancedb.rerankers import RRFReranker

from benchmarks.peers.hybrid_peer import RRF, Corpus, Vector

TABLE = "articles"
REFINE = 2  # times the limit that are scored again by the whole vectors


class LanceDb:
    """One partition, as its documentation recommends for HNSW; `ef` one and a half times the limit, where it says to
    start, and refined since one byte a dimension mistakes the order. Of the corpus only the row number is returned."""

    distributions = ("lancedb",)
    depths = (10, 100)

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Writes the table and both indexes, and waits for them."""
        vectors = corpus.vectors()
        column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
        rows = pa.table({"row": pa.array(range(len(vectors))), "text": corpus.texts(), "vector": column})
        table = lancedb.connect(folder).create_table(TABLE, rows)
        table.create_index("vector", config=HnswSq(distance_type="dot", num_partitions=1))
        table.create_fts_index("text", with_position=False)
        table.wait_for_index([index.name for index in table.list_indices()], timedelta(minutes=10))
        table.optimize()

    def open(self, folder: Path) -> None:
        """Opens the table, its indexes in memory."""
        self._table = lancedb.connect(folder).open_table(TABLE)
        for index in self._table.list_indices():
            self._table.prewarm_index(index.name)
        self._reranker = RRFReranker(K=RRF)

    def search(self, text: str, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """A hybrid query; it takes as many of each leg as it gives in all."""
        query = self._table.search(query_type="hybrid").vector(vector).text(text).rerank(self._reranker)
        return self._rows(query, depth)[:limit]

    def near(self, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """A query by vector."""
        return self._rows(self._table.search(vector), depth)[:limit]

    def _rows(self, query: Any, depth: int) -> list[int]:
        wanted = query.distance_type("dot").ef(REFINE * depth * 3 // 2).refine_factor(REFINE)
        rows: list[int] = wanted.limit(depth).select(["row"]).to_arrow()["row"].to_pylist()
        return rows
