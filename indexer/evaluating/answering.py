"""Ways to answer a judged query: as readers get it, one leg at a time, and by baselines that read nothing."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from indexer.evaluating.judgments import JudgedQuery, as_typed
from search.article import ArticleId
from search.embedding.embedder import Embedder, Vector, Vectors
from search.embedding.static import StaticEmbedder
from search.engines.engine import Engine
from search.recommending import Recommender
from search.request import MOST_RELATED, Filters, Mode, RelatedRequest, SearchRequest
from search.searching import Searcher
from search.settings import Settings
from search.text.analysis import Analyzer
from search.text.query_syntax import parse_query

HYBRID = Mode.HYBRID.value  # the row that the others are compared with
DEPTH = 100  # answers to a query that are judged
MOST_ARTICLES = 10_000_000  # no judged archive is larger

Answer = Callable[[JudgedQuery], Sequence[ArticleId]]  # best first


class KnownQueries:
    """An embedder that has embedded the queries beforehand, in one batch."""

    def __init__(self, embedder: Embedder, queries: Sequence[JudgedQuery]) -> None:
        self.identity, self._embedder = embedder.identity, embedder
        texts = list(dict.fromkeys(parse_query(as_typed(query.text)).meaning for query in queries))
        self._known: dict[str, Vector] = dict(zip(texts, embedder.embed(texts), strict=True))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors made before; any other text is embedded now."""
        if all(text in self._known for text in texts) and texts:
            return np.stack([self._known[text] for text in texts])
        return self._embedder.embed(texts)


def searcher_of(
    settings: Settings, engine: Engine, embedder: Embedder, static: StaticEmbedder | None = None
) -> Searcher:
    """A searcher as the service has it: the one place here that builds one."""
    return Searcher(engine, lambda: embedder, Analyzer(settings.language), settings, static=static)


def recommender_of(settings: Settings, engine: Engine) -> Recommender:
    """A recommender as the service has it: the one place here that builds one."""
    return Recommender(engine, Analyzer(settings.language), settings)


def published_ids(engine: Engine, filters: Filters) -> list[ArticleId]:
    """Every article that may be found, newest first."""
    return [hit.id for hit in engine.reader().by_date(filters, MOST_ARTICLES).hits]


def searched(searcher: Searcher, filters: Filters, mode: Mode = Mode.HYBRID) -> Answer:
    """Search, as a reader who types the query gets it."""

    def answer(query: JudgedQuery) -> Sequence[ArticleId]:
        hits = searcher.rank(SearchRequest(as_typed(query.text), filters, mode))
        return [hit.id for hit in hits[:DEPTH]]

    return answer


def recommended(recommender: Recommender, filters: Filters) -> Answer:
    """Related articles, as a page of the article that is the query shows them."""

    def answer(query: JudgedQuery) -> Sequence[ArticleId]:
        result = recommender.related(RelatedRequest(query.id, filters, MOST_RELATED))
        return [item.article.id for item in result.items]

    return answer


def search_ways(searcher: Searcher, ids: Sequence[ArticleId], now: datetime) -> Mapping[str, Answer]:
    """Every way to answer a search, by its name."""
    filters = Filters(now)
    legs = {mode.value: searched(searcher, filters, mode) for mode in (Mode.LEXICAL, Mode.SEMANTIC, Mode.HYBRID)}
    return _baselines(ids, DEPTH) | legs


def related_ways(settings: Settings, engine: Engine, ids: Sequence[ArticleId], now: datetime) -> Mapping[str, Answer]:
    """Every way to say what is related to an article, by its name."""
    weights = {Mode.LEXICAL.value: 0.0, Mode.SEMANTIC.value: 1.0, HYBRID: settings.semantic_weight}
    each = {name: replace(settings, semantic_weight=weight) for name, weight in weights.items()}
    legs = {name: recommended(recommender_of(own, engine), Filters(now)) for name, own in each.items()}
    return _baselines(ids, MOST_RELATED) | legs


def _baselines(ids: Sequence[ArticleId], depth: int) -> dict[str, Answer]:
    """Answers by lot, the same every time for a query, and the newest; never the article that is itself the query."""

    def by_lot(query: JudgedQuery) -> Sequence[ArticleId]:
        drawn = random.Random(query.id).sample(ids, min(depth + 1, len(ids)))  # noqa: S311 - no secret hangs on it
        return [id_ for id_ in drawn if id_ != query.id][:depth]

    newest = ids[: depth + 1]
    return {"random": by_lot, "newest first": lambda query: [id_ for id_ in newest if id_ != query.id][:depth]}
