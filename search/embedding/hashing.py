"""An embedder without a model, for tests and machines that cannot hold one: shared words, not shared meaning."""

import re
import zlib
from collections.abc import Sequence

import numpy as np

from search.embedding.embedder import Vectors, unit

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Counts words in hashed buckets, with hashed signs (Weinberger et al. 2009, arXiv 0902.2206)."""

    def __init__(self, dimensions: int = 64) -> None:
        self._dimensions = dimensions
        self.identity = f"hashing-{dimensions}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text; texts of the same words are the same vector."""
        rows = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _WORD.findall(text.casefold()):
                code = zlib.crc32(word.encode())
                row[(code >> 1) % self._dimensions] += 1.0 if code & 1 else -1.0
        return unit(rows)
