"""Small static encoders, and tokenizers of a few words."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from search.embedding.embedder import Embedder
from search.embedding.static import Header, StaticEmbedder, features, quantised, read_static, write_static

PAIRS = 50


def tokenizer(words: Sequence[str]) -> Tokenizer:
    """One that knows these words, and takes every other for the first piece."""
    made = Tokenizer(WordLevel({"[UNK]": 0, **{word: at for at, word in enumerate(words, start=1)}}, "[UNK]"))
    made.normalizer = Lowercase()
    made.pre_tokenizer = Whitespace()
    return made


def encoder(
    words: Sequence[str], model: Embedder, *, space: str | None = None, articles: int = 100, cosine: float = 0.9
) -> StaticEmbedder:
    """One that puts each of these words where the model does, and pairs nowhere."""
    vectors = model.embed(["", *words])
    table = np.zeros((len(vectors) + PAIRS, vectors.shape[1]), dtype=np.float32)
    table[: len(vectors)] = vectors
    header = Header(space or model.identity, vectors.shape[1], len(vectors), PAIRS, articles, 300, 10, cosine)
    return StaticEmbedder(header, "draft", tokenizer(words), *quantised(table))


def kept(file: Path, draft: StaticEmbedder) -> StaticEmbedder:
    """The same, as it is read back from a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_static(file, draft)
    return read_static(file)


def rows_of(draft: StaticEmbedder, text: str) -> list[int]:
    """The rows that a text is the sum of."""
    return [int(row) for row in features(draft.tokenizer.encode(text).ids, draft.header.pieces, draft.header.pairs)]
