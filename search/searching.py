"""Searching: from a request to one page of hits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from search.article import ArticleId
from search.broadening import broader
from search.correcting import Corrector
from search.embedding.embedder import Embedder, Vector
from search.embedding.queries import Encoded, QueryEncoder
from search.embedding.static import StaticEmbedder
from search.engines.engine import Engine, Reader
from search.ranking.candidates import NO_CANDIDATES, Candidates
from search.ranking.editorial import UNSTEERED, Steering, pinned_first, placed, steering, weighed
from search.ranking.feedback import FEEDBACK_ARTICLES, FEEDBACK_CHARACTERS, FEEDBACK_WORDS, moved, weights_of, widened
from search.ranking.freshness import BURST_DEPTH, aged, freshness, recency
from search.ranking.fusion import CANDIDATES, fuse
from search.ranking.popularity import Popularity, read, unread
from search.ranking.threshold import above_floor, answer_floor, is_answered
from search.ranking.versions import Versions, folded
from search.request import Filters, Mode, SearchRequest, Sort, Spelling
from search.result import Hit, SearchHit, SearchResult
from search.settings import Settings
from search.signal import Place, Signal, query_key
from search.text.analysis import Analyzer
from search.text.normalise import facet_key
from search.text.query_syntax import ParsedQuery, parse_query
from search.text.snippets import highlights, sought
from search.text.synonyms import Synonyms
from search.wording import Wording, every_word, worded

LOOKED_AT = 10  # best hits in words that tell whether a broader search finds anything
UNASKED = Encoded(None, [])  # where meaning is not asked for, nothing is missing


@dataclass(frozen=True, slots=True)
class Found:
    """Every hit there is to page through, in order, the versions folded into each, and what they were scored by."""

    hits: Sequence[Hit]
    total: int
    degraded: Sequence[str] = ()
    versions: Versions = field(default_factory=dict)
    scored: Candidates = NO_CANDIDATES


class Searcher:
    """Answers searches from an engine's live generation.

    `embedder` is asked at every search and may answer None while a model loads: then `static` stands in for it, or the
    lexical leg answers alone where there is none, and `degraded` says so. A word's synonyms are found by the lexical
    leg alone: the model knows its own.
    """

    def __init__(
        self,
        engine: Engine,
        embedder: Callable[[], Embedder | None],
        analyzer: Analyzer,
        settings: Settings,
        synonyms: Synonyms | None = None,
        popularity: Popularity = unread,
        static: StaticEmbedder | None = None,
    ) -> None:
        self._engine, self._analyzer = engine, analyzer
        self._encoder = QueryEncoder(embedder, static, settings.query_encoder)
        self._synonyms = synonyms or Synonyms((), analyzer)
        self._popularity = popularity
        self._corrector: Corrector | None = None
        self._weights, self._half_lives = settings.weights, settings.freshness

    def search(self, request: SearchRequest, signals: Sequence[Signal] = ()) -> SearchResult:
        """One page of hits, as the newsroom's signals have it.

        Raises InvalidValue for a query too long to parse, Unavailable before the first publish.
        """
        reader, typed = self._engine.reader(), request.text
        request, corrected = self._understood(reader, request)
        query = parse_query(request.text)
        steered = _steered(request, typed, signals)
        request = replace(request, filters=request.filters.without(steered.excluded))
        found = self._find(reader, query, request, steered)
        first = (request.page - 1) * request.size
        page = found.hits[first : first + request.size]
        articles = reader.articles([hit.id for hit in page])
        marks = sought(query.wanted, self._analyzer, worded(query, self._analyzer, self._synonyms).marked)
        hits = [
            SearchHit(article, ranked, highlights(article, marks, self._analyzer))
            for ranked in found.scored.ranked(page, found.versions, {pin.article for pin in steered.pins})
            for article in [articles[ranked.hit.id]]
        ]
        suggested = self._corrected(reader, request) if not (found.total or corrected) else None
        offered = [] if found.total else self._broader(reader, request)
        return SearchResult(found.total, hits, reader.generation, found.degraded, corrected, suggested, offered)

    def rank(self, request: SearchRequest) -> Sequence[Hit]:
        """Every hit of a search, best first, whatever its page: what evaluation judges."""
        reader = self._engine.reader()
        request, _ = self._understood(reader, request)
        return self._find(reader, parse_query(request.text), request).hits

    def _understood(self, reader: Reader, request: SearchRequest) -> tuple[SearchRequest, str | None]:
        """The request with its spelling corrected, and the corrected text, None where nothing was."""
        corrected = self._corrected(reader, request) if request.spelling is Spelling.AUTO else None
        return (replace(request, text=corrected), corrected) if corrected else (request, None)

    def _corrected(self, reader: Reader, request: SearchRequest) -> str | None:
        corrector = self._corrector
        if corrector is None or corrector.reader is not reader:
            corrector = self._corrector = Corrector(reader, self._analyzer, self._synonyms)
        return corrector.corrected(request)

    def _broader(self, reader: Reader, request: SearchRequest) -> Sequence[str]:
        def finds(text: str) -> bool:
            return self._finds(reader, replace(request, text=text))

        return broader(request.text, request.filters, reader, self._analyzer, finds)

    def _finds(self, reader: Reader, request: SearchRequest) -> bool:
        """Whether a search finds anything: told by its best hits in words, which costs less than to make it.

        Of meaning, the search counts the nearest 200 alone and this all, which is rarely more. By meaning alone, or by
        date, the search is made.
        """
        request, _ = self._understood(reader, request)
        query = parse_query(request.text)
        if request.mode is Mode.SEMANTIC or request.sort is not Sort.RELEVANCE:
            return self._find(reader, query, replace(request, page=1)).total > 0
        wording = worded(query, self._analyzer, self._synonyms)
        filters = replace(request.filters, phrases=query.phrases, excluded=query.excluded)
        best = reader.match_text(query.wanted, filters, LOOKED_AT, wording.beside)
        encoded = self._encoded(reader, query, request.mode)
        vector = encoded.vector
        if vector is None or not best:
            return bool(best)
        cosines = reader.score_vector(vector, [hit.id for hit in best])
        return _is_answered(reader, encoded, wording, query, Candidates.of(best), cosines)

    def _find(self, reader: Reader, query: ParsedQuery, request: SearchRequest, steered: Steering = UNSTEERED) -> Found:
        filters = replace(request.filters, phrases=query.phrases, excluded=query.excluded)
        wording = worded(query, self._analyzer, self._synonyms)
        if not query.wanted and (query.excluded or not request.text.strip()):
            return _by_date(reader, filters, request, steered)
        if query.wanted and request.sort is not Sort.RELEVANCE and request.mode is not Mode.SEMANTIC:
            return _by_date(reader, every_word(query, filters, wording, self._analyzer), request, steered)
        encoded = self._encoded(reader, query, request.mode) if query.wanted else UNASKED
        matched = self._matched(reader, query, wording, filters, request, encoded) if query.wanted else NO_CANDIDATES
        candidates = weighed(matched, steered.factors)
        pinned = reader.among(steered.pinned(is_answered=len(candidates) > 0), filters) if steered.pins else []
        hits = pinned_first(candidates.hits(), pinned)
        versions = folded(hits, reader.vectors([hit.id for hit in hits]), reader.articles)
        hits = placed([hit for hit in hits if hit.id in versions], steered.pins)
        if request.sort is Sort.NEWEST:
            hits.sort(key=lambda hit: (-hit.published, hit.id))
        elif request.sort is Sort.OLDEST:
            hits.sort(key=lambda hit: (hit.published, hit.id))
        return Found(hits, len(hits), encoded.degraded, versions, candidates)

    def _matched(
        self,
        reader: Reader,
        query: ParsedQuery,
        wording: Wording,
        filters: Filters,
        request: SearchRequest,
        encoded: Encoded,
    ) -> Candidates:
        """What matches, versions of one text among it; nothing where nothing answers."""
        vector = encoded.vector
        legs: dict[str, Sequence[Hit]] = {}
        if request.mode is not Mode.SEMANTIC or vector is None:
            legs["lexical"] = reader.match_text(query.wanted, filters, CANDIDATES, wording.beside)
        if vector is not None:
            legs["semantic"] = above_floor(reader.match_vector(vector, filters, CANDIDATES))
        candidates = Candidates.of(hit for hits in legs.values() for hit in hits)
        scores = {leg: {hit.id: hit.score for hit in hits} for leg, hits in legs.items()}
        if not candidates or not _is_answered(reader, encoded, wording, query, candidates, scores.get("semantic", {})):
            return NO_CANDIDATES
        weights = self._weights if len(legs) > 1 else dict.fromkeys(legs, 1.0)
        fused = fuse(candidates, scores, weights)
        judged = fuse(fused, self._judged(reader, wording, vector, fused), weights)
        return self._weighed(reader, query.words, judged, request.filters.now)

    def _encoded(self, reader: Reader, query: ParsedQuery, mode: Mode) -> Encoded:
        """What the query means, where the mode asks."""
        return UNASKED if mode is Mode.LEXICAL else self._encoder.encode(query.meaning, reader.model)

    def _judged(
        self,
        reader: Reader,
        wording: Wording,
        vector: Vector | None,
        fused: Candidates,
    ) -> dict[str, Mapping[ArticleId, float]]:
        """The scores of each leg, by all that is known now: neighbouring words and feedback."""
        best = fused.best(FEEDBACK_ARTICLES)
        weights = weights_of([hit.score for hit in best])
        judged: dict[str, Mapping[ArticleId, float]] = {}
        if "lexical" in fused.legs:
            articles = reader.articles([hit.id for hit in best])
            leads = [f"{articles[hit.id].title}\n{articles[hit.id].text[:FEEDBACK_CHARACTERS]}" for hit in best]
            words = [reader.strongest_words(lead, FEEDBACK_WORDS) for lead in leads]
            question = wording.question(widened(wording.words, words, weights))
            judged["lexical"] = reader.score_text(question, fused.ids)
        if vector is not None:
            vectors = reader.vectors([hit.id for hit in best])
            towards = moved(vector, np.stack([vectors[hit.id] for hit in best]), weights)
            judged["semantic"] = reader.score_vector(towards, fused.ids)
        return judged

    def _weighed(self, reader: Reader, words: Sequence[str], judged: Candidates, now: datetime) -> Candidates:
        """The candidates, each score less what its age and its want of readers take from it."""
        asked = recency(words, [hit.published for hit in judged.best(BURST_DEPTH)], reader.newest(now))
        sections = reader.sections(judged.ids)
        half_lives = self._half_lives.of([sections.get(id_, "") for id_ in judged.ids])
        fresh = freshness(judged.published, asked.first, asked.last, half_lives)
        dated = judged.times("freshness", aged(fresh, asked.weight))
        return read(dated, self._popularity(dated.ids, now))


def _is_answered(
    reader: Reader,
    encoded: Encoded,
    wording: Wording,
    query: ParsedQuery,
    candidates: Candidates,
    cosines: Mapping[ArticleId, float],
) -> bool:
    """Whether any candidate answers the query, and is not just the least unlike it; any does if nothing can tell."""
    if encoded.vector is None:
        return True
    near, likeness = candidates.column(cosines, 0.0) / encoded.fidelity, reader.likeness()
    if near.max() >= answer_floor(likeness, encoded.vector, is_heard=False):
        return True  # so near that no word need be looked at
    coverage = reader.coverage(query.wanted, candidates.ids, wording.instead)
    floor = answer_floor(likeness, encoded.vector, is_heard=bool(coverage))
    return is_answered(near, candidates.column(coverage, 0.0), floor)


def _steered(request: SearchRequest, typed: str, signals: Sequence[Signal]) -> Steering:
    """What the signals make of a search, by its text as it was typed and as it was corrected.

    By date, nothing but what is left out: the reader asked for another order.
    """
    queries = {query_key(typed), query_key(request.text)} if signals else set()
    sections = {facet_key(section) for section in request.filters.sections}
    steered = steering(signals, Place.SEARCH, request.filters.now, queries, sections)
    return steered if request.sort is Sort.RELEVANCE else steered.without_pins()


def _by_date(reader: Reader, filters: Filters, request: SearchRequest, steered: Steering) -> Found:
    """Every article the filters allow, in order of time: newest first unless the oldest are asked for."""
    pinned = reader.among(steered.pinned(is_answered=True), filters) if steered.pins else []
    rest = filters.without(frozenset(hit.id for hit in pinned))
    listing = reader.by_date(rest, request.page * request.size, oldest_first=request.sort is Sort.OLDEST)
    return Found(placed(pinned_first(listing.hits, pinned), steered.pins), listing.total + len(pinned))
