"""What is asked again is not embedded again."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from search.embedding.embedder import Embedder, Vectors
from search.request import LONGEST_QUERY

MOST_REMEMBERED = 10_000  # texts: 15 MB of 384 dimensions, and at most 10 MB of words


class RememberingEmbedder:
    """An embedder that keeps the vectors of the last 10,000 short texts it was given alone, as queries are.

    One model, one memory: another model's embedder has its own. Its vectors are read-only, since they are shared.
    """

    def __init__(self, embedder: Embedder, most: int = MOST_REMEMBERED) -> None:
        self._embedder, self._most = embedder, most
        self._known: OrderedDict[str, Vectors] = OrderedDict()  # the one longest unasked first
        self._lock = threading.Lock()

    @property
    def identity(self) -> str:
        """That of the embedder."""
        return self._embedder.identity

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in order. Raises what the embedder does."""
        if len(texts) != 1 or len(texts[0]) > LONGEST_QUERY:
            return self._embedder.embed(texts)
        text = texts[0]
        with self._lock:
            if text in self._known:
                self._known.move_to_end(text)
                return self._known[text]
        vectors = self._embedder.embed(texts)
        vectors.flags.writeable = False
        with self._lock:
            self._known[text] = vectors
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return vectors
