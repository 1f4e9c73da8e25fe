"""Distilling: a static query encoder learnt from the archive, which puts a short text where the model puts it.

How near it puts short texts that were held out says whether it may stand in for the model.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.follow import BATCH, SLICE, Progress
from indexer.ledger import Ledger
from indexer.ledger_texts import keep_text_vectors, text_vectors
from indexer.lessons import Lessons, lessons_of
from search.embedding.embedder import Embedder, Vector
from search.embedding.queries import MODEL
from search.embedding.static import (
    Header,
    StaticEmbedder,
    features,
    most_pairs,
    opened_tokenizer,
    quantised,
    read_static,
    write_static,
)
from search.errors import Corrupt, Unavailable
from search.settings import Settings

FEWEST_ARTICLES = 10_000  # that a rebuild learns from: a guess between 423, too few, and 256,198: docs/ranking.md
FEWEST_HELD_OUT = 5  # short texts: of fewer a mean says nothing
GROWTH = 1.5  # times the articles learnt from: from there on a rebuild learns again
TEXTS_SEEN = 500_000  # of all rounds together
FEWEST_ROUNDS, MOST_ROUNDS = 4, 20
MARKS = "#Ġ▁"  # what tokenizers put before a piece that begins a word, or goes on with one
PAIRS = 1 << 17  # rows of hashed pairs, where the table has room for them

Reporting = Callable[[str, str], AbstractContextManager[Progress]]  # label, unit: where to tell how far the work is


@dataclass(frozen=True, slots=True)
class Distilled:
    """What was learnt: the header of the table, the loss of each round (0 to 2), and what it took."""

    header: Header
    identity: str
    losses: Sequence[float]
    embedded: int
    seconds: float


class Distiller:
    """Learns the encoder of an archive, with the model that embedded it and that model's tokenizer as JSON."""

    def __init__(self, settings: Settings, ledger: Ledger, embedder: Embedder, tokenizer: str) -> None:
        self._file, self._ledger = settings.static_encoder, ledger
        self._embedder, self._tokenizer = embedder, opened_tokenizer(tokenizer)

    def distill(self, without: frozenset[str], seed: int, reporting: Reporting) -> Distilled:
        """Puts a new encoder in place of the one before; killed, it embeds nothing twice when it runs again.

        Of `without`, wordings, nothing is learnt. Raises Unavailable for an archive too small to learn from.
        """
        started = time.perf_counter()
        lessons = lessons_of(self._ledger, self._embedder.identity, without)
        if len(lessons.held_out) < FEWEST_HELD_OUT or not lessons.short_texts:
            raise Unavailable(f"{lessons.articles:,} articles are too few to learn a query encoder from")
        with reporting("Embedding", "short texts") as advance:
            texts = [*self._pieces(), *lessons.short_texts, *lessons.held_out]
            vectors, embedded = self._embedded(texts, advance)
        with reporting("Learning", "texts") as advance:
            draft, losses = self._learnt(lessons, vectors, seed, advance)
        wanted = np.stack([vectors[text] for text in lessons.held_out])
        cosines = np.sum(draft.embed(lessons.held_out) * wanted, axis=1)
        header = replace(draft.header, held_out_cosine=round(float(cosines.mean()), 4))
        identity = write_static(self._file, replace(draft, header=header))
        return Distilled(header, identity, losses, embedded, time.perf_counter() - started)

    def _embedded(self, texts: Sequence[str], progress: Progress) -> tuple[dict[str, Vector], int]:
        """The model's vectors of short texts, kept in the ledger slice by slice, and how many of them are new."""
        model = self._embedder.identity
        known = text_vectors(self._ledger, model, texts)
        missing = sorted({text for text in texts if text not in known}, key=len)  # texts of like length go together
        progress(0, len(missing))
        for first in range(0, len(missing), SLICE):
            part = missing[first : first + SLICE]
            new = dict(zip(part, self._embedder.embed(part), strict=True))
            keep_text_vectors(self._ledger, model, new)
            known |= new
            progress(first + len(part), len(missing))
        return known, len(missing)

    def _learnt(
        self, lessons: Lessons, vectors: dict[str, Vector], seed: int, progress: Progress
    ) -> tuple[StaticEmbedder, list[float]]:
        """The encoder, not yet judged, and the loss of each round."""
        from indexer.training import bagged, trained  # torch: what only searches need not wait for it

        texts = [*lessons.short_texts, *lessons.passages]
        targets = np.stack([*(vectors[text].astype(np.float16) for text in lessons.short_texts), *lessons.vectors])
        prior = np.stack([vectors[piece] for piece in self._pieces()])
        pieces, dimensions = prior.shape
        pairs = min(PAIRS, most_pairs(pieces, dimensions))
        bags = bagged(self._features(texts, pieces, pairs))
        rounds = min(max(TEXTS_SEEN // len(texts), FEWEST_ROUNDS), MOST_ROUNDS)
        table, losses = trained(bags, targets, prior, pairs, rounds, seed, progress)
        counts = {"articles": lessons.articles, "texts": len(texts), "held_out_texts": len(lessons.held_out)}
        header = Header(self._embedder.identity, dimensions, pieces, pairs, **counts, held_out_cosine=0.0)
        return StaticEmbedder(header, "draft", self._tokenizer, *quantised(table)), losses

    def _pieces(self) -> list[str]:
        """What each word piece says by itself, by its number."""
        named = self._tokenizer.get_vocab()
        words = [""] * (max(named.values()) + 1)
        for piece, number in named.items():
            words[number] = piece.strip(MARKS) or piece
        return words

    def _features(self, texts: Sequence[str], pieces: int, pairs: int) -> list[NDArray[np.int64]]:
        batches = (self._tokenizer.encode_batch(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH))
        return [features(text.ids, pieces, pairs) for batch in batches for text in batch]


def is_due(settings: Settings, articles: int, model: str) -> bool:
    """Whether a rebuild of so many articles should learn an encoder: none of the model is there, or enough is new."""
    if settings.query_encoder == MODEL or articles < FEWEST_ARTICLES:
        return False
    try:
        header = read_static(settings.static_encoder).header
    except (Unavailable, Corrupt):
        return True
    return header.space != model or articles >= GROWTH * header.articles
