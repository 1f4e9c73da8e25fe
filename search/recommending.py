"""Recommending: what to read after an article.

The article's strongest words as a BM25 query fused with its vector: the steadiest finding of TREC's background
linking task is to query with the article itself, then add embeddings (Soboroff, Huang and Harman 2019, 2020).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from search.article import Article, ArticleId
from search.embedding.embedder import Vector
from search.engines.engine import Engine, Question, Reader
from search.errors import NotFound
from search.ranking.candidates import Candidates
from search.ranking.editorial import pinned_first, placed, steering, weighed
from search.ranking.freshness import MICROSECOND, aged, freshness
from search.ranking.fusion import CANDIDATES, fuse, pooled
from search.ranking.hubness import HUBNESS_WEIGHT, hubness
from search.ranking.popularity import Popularity, read, unread
from search.ranking.threshold import evidence, evidence_floor, undecided
from search.ranking.versions import Versions, folded
from search.reasons import PINNED, reason
from search.request import Filters, RelatedMode, RelatedRequest
from search.result import Fallback, Hit, Ranked, Reason, RelatedItem, RelatedResult, microseconds
from search.settings import Settings
from search.signal import Place, Signal
from search.text.analysis import Analyzer
from search.text.normalise import facet_key

CANDIDATE_WORDS = 25  # of the article, that look for candidates
JUDGING_WORDS = 60  # of the article, that candidates are judged by: docs/ranking.md
HEADLINE_WEIGHT = 0.5  # of two words that stand side by side in its headline, beside a word of mean weight
SHARED_WORDS = 5  # that a reason names
BACKGROUND_AGE = timedelta(days=1)  # that background is older than the article, at least
HALF_LIFE = {RelatedMode.BALANCED: timedelta(days=180), RelatedMode.LATEST: timedelta(days=14)}
AGE_WEIGHT = {RelatedMode.BALANCED: 0.1, RelatedMode.LATEST: 0.6}  # the share of a score that age can take
RELATED_DRAWS = 1000  # articles that a link is as strict as, however few there are: docs/ranking.md
SPARE = 10  # of the newest that stand in, beyond those wanted: some are versions
FALLBACK_REASON = Reason("newest", (), "")
PINNED_REASON = Reason("pinned", (), PINNED)


@dataclass(frozen=True, slots=True)
class Source:
    """The article to read after: its words, strongest first with their weights, and where its lead lies."""

    article: Article
    words: Mapping[str, float]
    vector: Vector | None


class Recommender:
    """Finds articles to read next in an engine's live generation; of a published article every vector is stored."""

    def __init__(self, engine: Engine, analyzer: Analyzer, settings: Settings, popularity: Popularity = unread) -> None:
        self._engine, self._analyzer, self._popularity = engine, analyzer, popularity
        self._weights = settings.weights

    def related(self, request: RelatedRequest, signals: Sequence[Signal] = ()) -> RelatedResult:
        """The articles nearest to one in words and meaning, best first, never itself, as the signals have it.

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
        return self._beside(reader, article, reader.vectors([article.id])[article.id], request, signals)

    def related_to(
        self, draft: Article, vector: Vector | None, request: RelatedRequest, signals: Sequence[Signal] = ()
    ) -> RelatedResult:
        """The same for an article that is not published; without a vector, by its words alone."""
        return self._beside(self._engine.reader(), draft, vector, request, signals)

    def _beside(
        self,
        reader: Reader,
        article: Article,
        vector: Vector | None,
        request: RelatedRequest,
        signals: Sequence[Signal],
    ) -> RelatedResult:
        source = Source(article, reader.strongest_words(_whole_text(article), JUDGING_WORDS), vector)
        steered = steering(signals, Place.RELATED, request.filters.now, (), {facet_key(article.section)})
        visible = request.filters.without(steered.excluded | {article.id})
        of_mode = _of_mode(visible, article, request.mode)
        near, cosines = self._near(reader, source, of_mode)
        dated = read(_aged(near, article, request), self._popularity(near.ids, request.filters.now))
        candidates = weighed(dated, steered.factors)
        pinned = reader.among(steered.pinned(is_answered=True), of_mode) if steered.pins else []
        hits, versions = _others(source, pinned_first(candidates.hits(), pinned), reader)
        fallback: Fallback | None = None
        if set(candidates.ids).isdisjoint(hit.id for hit in hits):
            fallback, newest = _fallback(reader, article, of_mode, request.limit + SPARE)
            hits, versions = _others(source, pinned_first(newest, hits), reader)
        hits = placed(hits, steered.pins)[: request.limit]
        found = reader.articles([hit.id for hit in hits])
        items = [
            self._item(source, found[each.hit.id], each, None if fallback else cosines.get(each.hit.id, 0.0))
            for each in candidates.ranked(hits, versions, {pin.article for pin in steered.pins})
        ]
        return RelatedResult(article, items, reader.generation, fallback, [] if vector is not None else ["semantic"])

    def _near(self, reader: Reader, source: Source, filters: Filters) -> tuple[Candidates, Mapping[ArticleId, float]]:
        """What is near enough to be offered, and the cosines to the source."""
        words = list(source.words)[:CANDIDATE_WORDS]
        legs: dict[str, Sequence[Hit]] = {"lexical": reader.match_text(words, filters, CANDIDATES)}
        if source.vector is not None:
            legs["semantic"] = reader.match_vector(source.vector, filters, CANDIDATES)
        weights = self._weights if len(legs) > 1 else dict.fromkeys(legs, 1.0)
        near, _ = pooled(legs)
        cosines: Mapping[ArticleId, float] = {}
        if source.vector is not None:
            cosines = reader.score_vector(source.vector, near.ids)
            own, floor = near.column(cosines, 0.0), evidence_floor(reader.likeness(), RELATED_DRAWS)
            coverage = near.column(reader.coverage(words, near.chosen(undecided(own, floor)).ids), 0.0)
            near = near.chosen(evidence(own, coverage) >= floor)
        if not near:
            return near, cosines
        judged = {"lexical": reader.score_text(self._question(source), near.ids)}
        if source.vector is not None:
            leads = reader.vectors(near.ids)
            share = HUBNESS_WEIGHT * hubness(np.stack([leads[id_] for id_ in near.ids]))
            judged["semantic"] = {id_: cosines[id_] - hub for id_, hub in zip(near.ids, share.tolist(), strict=True)}
        return fuse(near, judged, weights), cosines

    def _question(self, source: Source) -> Question:
        """The article's words, each by its weight against their mean, and the neighbours in its headline."""
        mean = sum(source.words.values()) / len(source.words) if source.words else 1.0
        words = {word: weight / mean for word, weight in source.words.items()}
        return Question(words, dict.fromkeys(self._analyzer.neighbours([source.article.title]), HEADLINE_WEIGHT))

    def _item(self, source: Source, article: Article, ranked: Ranked, cosine: float | None) -> RelatedItem:
        """An article with why it is offered: by its cosine to the source, None where it only stands in."""
        if ranked.is_pinned:
            return RelatedItem(article, ranked, PINNED_REASON)
        if cosine is None:
            return RelatedItem(article, ranked, FALLBACK_REASON)
        own = frozenset(self._analyzer.terms(_whole_text(article)))
        words = list(source.words)[:CANDIDATE_WORDS]
        shared = [word for word in words if self._analyzer.term(word) in own][:SHARED_WORDS]
        return RelatedItem(article, ranked, reason(source.article, article, cosine, shared))


def _of_mode(filters: Filters, article: Article, mode: RelatedMode) -> Filters:
    """What a mode looks at: background is what was there before the article."""
    if mode is not RelatedMode.BACKGROUND or article.published is None:
        return filters
    last = article.published - BACKGROUND_AGE
    return replace(filters, published_to=min(last, filters.published_to or last))


def _aged(near: Candidates, article: Article, request: RelatedRequest) -> Candidates:
    """The candidates, less what their distance in time takes: from now, or from the article's own date."""
    mode = request.mode
    if mode not in HALF_LIFE:
        return near
    reference = request.filters.now if mode is RelatedMode.LATEST else article.published or request.filters.now
    moment = microseconds(reference)
    fresh = freshness(near.published, moment, moment, HALF_LIFE[mode] / MICROSECOND)
    return near.times("freshness", aged(fresh, AGE_WEIGHT[mode]))


def _others(source: Source, hits: Sequence[Hit], reader: Reader) -> tuple[list[Hit], Versions]:
    """The list without versions of what stands before them, and without those of the source; and the versions."""
    own, vector = source.article, source.vector
    leads = reader.vectors([hit.id for hit in hits])

    def articles(ids: Sequence[ArticleId]) -> Mapping[ArticleId, Article]:
        return {**reader.articles(ids), own.id: own}

    if vector is None:
        versions = folded(hits, leads, reader.articles)
    else:
        first = Hit(own.id, 0.0, microseconds(own.published))
        versions = folded([first, *hits], {**leads, own.id: vector}, articles)
    return [hit for hit in hits if hit.id in versions], versions


def _fallback(reader: Reader, article: Article, filters: Filters, limit: int) -> tuple[Fallback | None, list[Hit]]:
    """Where nothing is on topic: the newest of the section, else the newest of all."""
    for name, chosen in _rungs(article, filters):
        hits = reader.by_date(chosen, limit).hits
        if hits:
            return name, hits
    return None, []


def _rungs(article: Article, filters: Filters) -> Iterator[tuple[Fallback, Filters]]:
    if article.section:
        yield "section", replace(filters, sections=[article.section])
    yield "newest", filters


def _whole_text(article: Article) -> str:
    return f"{article.title}\n{article.text}"
