"""What a model made of short texts, headlines above all: kept in the ledger beside the vectors of articles."""

from collections.abc import Iterable, Mapping

import numpy as np

from indexer.decide import passages_hash
from indexer.ledger import Ledger
from search.embedding.embedder import Vector

KNOWN = "SELECT vector FROM embeddings WHERE model = ? AND text_hash = ? AND passages = 1"
KEEP = "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, 1)"


def text_vectors(ledger: Ledger, model: str, texts: Iterable[str]) -> dict[str, Vector]:
    """What a model made of short texts before, by text; those it never saw are left out."""
    with ledger.reading() as database:
        found = ((text, database.execute(KNOWN, (model, passages_hash([text]))).get) for text in texts)
        return {text: np.frombuffer(data, "<f4").astype(np.float32) for text, data in found if data is not None}


def keep_text_vectors(ledger: Ledger, model: str, vectors: Mapping[str, Vector]) -> None:
    """Remembers what a model made of short texts."""
    rows = [(model, passages_hash([text]), own.astype("<f4").tobytes()) for text, own in vectors.items()]
    with ledger.transaction() as database:
        database.executemany(KEEP, rows)
