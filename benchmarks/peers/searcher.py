"""Ours: a whole search as a reader gets it, with the encoder and without, and its two legs and their fusion alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.peers.hybrid_peer import Corpus, Vector, Vectors
from search.article import from_json
from search.embedding.open import open_embedder
from search.engines.engine import EmbeddedArticle, Engine
from search.engines.local.writer import LocalWriter
from search.engines.open import open_engine
from search.ranking.fusion import CANDIDATES, fuse, pooled
from search.request import Filters, SearchRequest
from search.searching import Searcher
from search.settings import Settings
from search.text.analysis import Analyzer
from search.text.query_syntax import parse_query

MODEL = "given"
BATCH = 2_000


class GivenEncoder:
    """An encoder that hands over the vector it was given, whatever the text."""

    vector: Vector

    def __init__(self, identity: str) -> None:
        self.identity = identity

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vector, once for each text."""
        return np.stack([self.vector] * len(texts))


class _Own:
    """A generation of the corpus, an article's row as its id."""

    distributions = ("tantivy", "faiss-cpu")

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Writes a generation, with its graph and its stories."""
        writer = LocalWriter(Settings(home=folder).index, None, MODEL, Settings().language, lambda: datetime.now(UTC))
        articles, vectors = corpus.articles(), corpus.vectors()
        for first in range(0, len(articles), BATCH):
            rows = range(first, min(first + BATCH, len(articles)))
            writer.put(
                [
                    EmbeddedArticle(replace(from_json(articles[row]), id=str(row)), vectors[row : row + 1])
                    for row in rows
                ]
            )
        writer.commit(1, MODEL)

    def open(self, folder: Path) -> None:
        """Opens the generation."""
        settings = Settings(home=folder)
        engine = open_engine(settings)
        self._reader, self._filters, self._weights = engine.reader(), Filters(datetime.now(UTC)), settings.weights
        self._encoder = GivenEncoder(self._reader.model)
        self._searcher = self._searching(engine, settings)

    def _searching(self, engine: Engine, settings: Settings) -> Searcher:
        return Searcher(engine, lambda: self._encoder, Analyzer(settings.language), settings)

    def near(self, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """The semantic leg."""
        return [int(hit.id) for hit in self._reader.match_vector(vector, self._filters, depth)[:limit]]


class WholeSearch(_Own):
    """Spelling, both legs, threshold, fusion, feedback, freshness, versions, the page and its highlights."""

    depths = (CANDIDATES,)

    def search(self, text: str, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """The first page."""
        self._encoder.vector = vector
        found = self._searcher.search(SearchRequest(text, self._filters, size=limit))
        return [int(hit.article.id) for hit in found.hits]


class EncodedSearch(WholeSearch):
    """The same, the query encoded by the model of its folder as the service encodes one it has not met before."""

    def _searching(self, engine: Engine, settings: Settings) -> Searcher:
        model = open_embedder(settings)
        return Searcher(engine, lambda: model, Analyzer(settings.language), settings)


class LegsAndFusion(_Own):
    """What a rival's hybrid search does, and no more."""

    depths = (10, 100, CANDIDATES)

    def search(self, text: str, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """The best of both legs, fused as a search fuses them."""
        words = self._reader.match_text(parse_query(text).wanted, self._filters, depth)
        candidates, scores = pooled(
            {"lexical": words, "semantic": self._reader.match_vector(vector, self._filters, depth)}
        )
        return [int(hit.id) for hit in fuse(candidates, scores, self._weights).best(limit)]
