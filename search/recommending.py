"""Recommending: what to read after an article.

The article's strongest words as a BM25 query fused with its vector: the steadiest finding of TREC's background
linking task is to query with the article itself, then add embeddings (Soboroff, Huang and Harman 2019, 2020).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from search.article import Article
from search.engines.engine import Engine
from search.errors import NotFound
from search.ranking.fusion import CANDIDATES, fuse
from search.request import RelatedRequest
from search.result import Ranked, Reason, RelatedItem, RelatedResult
from search.text.analysis import Analyzer

STRONGEST_WORDS = 25  # of the article, as its BM25 query
SHARED_WORDS = 5  # that a reason names
SAME_STORY_COSINE = 0.75  # the threshold at which clustering by cosine alone fits the events of NeuS best
SAME_STORY_AGE = timedelta(days=7)
BACKGROUND_AGE = timedelta(days=30)


class Recommender:
    """Finds articles to read next in an engine's live generation; no model is needed, every vector is stored."""

    def __init__(self, engine: Engine, analyzer: Analyzer, semantic_weight: float) -> None:
        self._engine, self._analyzer = engine, analyzer
        self._weights = {"lexical": 1 - semantic_weight, "semantic": semantic_weight}

    def related(self, request: RelatedRequest) -> RelatedResult:
        """The articles nearest to one in words and meaning, best first, never itself.

        Raises NotFound for an article that is unknown or that nobody may see.
        """
        reader = self._engine.reader()
        article = reader.articles([request.article]).get(request.article)
        if (
            article is None
            or request.article in request.filters.without_ids
            or not article.is_visible(request.filters.now)
        ):
            raise NotFound(f"there is no article {request.article!r}")
        filters = replace(request.filters, without_ids=request.filters.without_ids | {article.id})
        words = list(reader.strongest_words(_whole_text(article), STRONGEST_WORDS))
        legs = {
            "lexical": reader.match_text(words, filters, CANDIDATES),
            "semantic": reader.match_vector(reader.vectors([article.id])[article.id], filters, CANDIDATES),
        }
        best = fuse(legs, self._weights)[: request.limit]
        found = reader.articles([ranked.hit.id for ranked in best])
        items = [self._item(article, found[ranked.hit.id], ranked, words) for ranked in best]
        return RelatedResult(article, items, reader.generation)

    def _item(self, source: Article, article: Article, ranked: Ranked, words: Sequence[str]) -> RelatedItem:
        own = frozenset(self._analyzer.terms(_whole_text(article)))
        shared = [word for word in words if self._analyzer.term(word) in own][:SHARED_WORDS]
        cosine = ranked.parts["semantic"].score if "semantic" in ranked.parts else 0.0
        return RelatedItem(article, ranked.hit.score, reason(source, article, cosine, shared), ranked.parts)


def reason(source: Article, article: Article, cosine: float, shared: Sequence[str]) -> Reason:
    """Why `article` is offered beside `source`: near in meaning and time, much older, or just alike."""
    if source.published is None or article.published is None:
        return Reason("similar", shared)
    age = source.published - article.published
    if cosine >= SAME_STORY_COSINE and abs(age) <= SAME_STORY_AGE:
        return Reason("same story", shared)
    return Reason("background" if age >= BACKGROUND_AGE else "similar", shared)


def _whole_text(article: Article) -> str:
    return "\n".join((article.title, article.summary, article.body))
