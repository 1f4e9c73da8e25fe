from pathlib import Path

from indexer.ledger import Ledger
from indexer.ledger_texts import keep_text_vectors, text_vectors
from search.embedding.hashing import HashingEmbedder

MODEL = HashingEmbedder()


def test_vectors_of_short_texts_are_kept_by_model_and_text(tmp_path: Path) -> None:
    texts = ["Storm", "Ferry"]
    vectors = dict(zip(texts, MODEL.embed(texts), strict=True))
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        keep_text_vectors(ledger, MODEL.identity, vectors)
        found = text_vectors(ledger, MODEL.identity, [*texts, "Bridge"])
        assert {text: vector.tolist() for text, vector in found.items()} == {
            text: vector.tolist() for text, vector in vectors.items()
        }
        assert text_vectors(ledger, "another model", texts) == {}
        assert ledger.count_vectors(MODEL.identity) == 2
