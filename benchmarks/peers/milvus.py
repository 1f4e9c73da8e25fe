"""milvus-lite: BM25 by its function, HNSW, RRF. https://milvus.io/docs/multi-vector-search.md"""

from collections.abc import Sequence
from pathlib import Path

from pymilvus import AnnSearchRequest, DataType, Function, FunctionType, MilvusClient, RRFRanker

from benchmarks.peers.hybrid_peer import RRF, STOP_WORDS, Corpus, Vector

FILE, COLLECTION = "articles.db", "articles"
BATCH = 5_000
LONGEST = 65_535  # bytes of a text
ANALYZER = {"tokenizer": "standard", "filter": [{"type": "stop", "stop_words": sorted(STOP_WORDS)}]}  # it has no stems


class MilvusLite:
    """In this process, as its documentation has it; HNSW with 32 links, as the others have."""

    distributions = ("milvus-lite", "pymilvus")
    depths = (10, 100)

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Writes the collection, then both indexes."""
        client, vectors, texts = MilvusClient(str(folder / FILE)), corpus.vectors(), corpus.texts()
        schema = client.create_schema()
        schema.add_field("row", DataType.INT64, is_primary=True)
        schema.add_field("text", DataType.VARCHAR, max_length=LONGEST, enable_analyzer=True, analyzer_params=ANALYZER)
        schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
        schema.add_function(Function("bm25", FunctionType.BM25, ["text"], ["sparse"]))
        indexes = client.prepare_index_params()
        indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        graph = {"M": 32, "efConstruction": 200}
        indexes.add_index("vector", index_type="HNSW", metric_type="IP", params=graph)
        client.create_collection(COLLECTION, schema=schema, index_params=indexes)
        for first in range(0, len(texts), BATCH):
            rows = range(first, min(first + BATCH, len(texts)))
            client.insert(COLLECTION, [{"row": row, "text": texts[row], "vector": vectors[row]} for row in rows])
        client.flush(COLLECTION)
        client.load_collection(COLLECTION)
        client.close()

    def open(self, folder: Path) -> None:
        """Opens the file and loads the collection."""
        self._client = MilvusClient(str(folder / FILE))
        self._client.load_collection(COLLECTION)

    def search(self, text: str, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """A hybrid search."""
        legs = [
            AnnSearchRequest([text], "sparse", {"metric_type": "BM25"}, depth),
            AnnSearchRequest([vector], "vector", _looking(depth), depth),
        ]
        (found,) = self._client.hybrid_search(COLLECTION, legs, RRFRanker(RRF), limit)
        return [hit["row"] for hit in found]

    def near(self, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """A search by vector."""
        (found,) = self._client.search(
            COLLECTION, [vector], limit=limit, anns_field="vector", search_params=_looking(depth)
        )
        return [hit["row"] for hit in found]


def _looking(depth: int) -> dict[str, object]:
    return {"metric_type": "IP", "params": {"ef": max(64, depth * 3 // 2)}}
