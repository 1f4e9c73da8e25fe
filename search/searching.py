"""Searching: from a request to one page of hits."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from search.broadening import broader
from search.correcting import Corrector
from search.embedding.embedder import Embedder, Vector
from search.embedding.queries import Encoded, QueryEncoder
from search.embedding.static import StaticEmbedder
from search.engines.engine import Engine, Reader
from search.ranking.editorial import UNSTEERED, Steering, pinned_first, placed, steering, weighed
from search.ranking.feedback import FEEDBACK_ARTICLES, FEEDBACK_CHARACTERS, FEEDBACK_WORDS, moved, weights_of, widened
from search.ranking.freshness import HalfLives, aged, freshness, recency
from search.ranking.fusion import CANDIDATES, by_score, fuse
from search.ranking.interleaving import lots, team_draft
from search.ranking.popularity import Popularity, read, unread
from search.ranking.threshold import above_floor, answer_floor, is_answered
from search.ranking.versions import folded
from search.request import Filters, Mode, SearchRequest, Sort, Spelling
from search.result import Hit, Ranked, SearchHit, SearchResult, in_order
from search.settings import Settings
from search.signal import Place, Signal, query_key
from search.text.analysis import Analyzer
from search.text.normalise import facet_key
from search.text.query_syntax import ParsedQuery, parse_query
from search.text.snippets import highlights
from search.text.synonyms import Synonyms
from search.wording import Wording, every_word, worded

LOOKED_AT = 10  # best hits in words that tell whether a broader search finds anything


@dataclass(frozen=True, slots=True)
class Found:
    """Every hit there is to page through, in order."""

    ranked: Sequence[Ranked]
    total: int
    degraded: Sequence[str] = ()
    second: Sequence[Ranked] = ()  # the same hits as a second ranking orders them, where there is one


@dataclass(frozen=True, slots=True)
class Weighing:
    """What makes one ranking another: the weights of the legs, and how fast news fades."""

    weights: Mapping[str, float]
    half_lives: HalfLives


class Searcher:
    """Answers searches from an engine's live generation.

    `embedder` is asked at every search and may answer None while a model loads: then `static` stands in for it, or the
    lexical leg answers alone where there is none, and `degraded` says so. A word's synonyms are found by the lexical
    leg alone: the model knows its own. With the settings of a `second` ranking, what matches best is of both,
    interleaved, and the same for a query all day.
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
        second: Settings | None = None,
    ) -> None:
        self._engine, self._analyzer = engine, analyzer
        self._encoder = QueryEncoder(embedder, static, settings.query_encoder)
        self._synonyms = synonyms or Synonyms((), analyzer)
        self._popularity = popularity
        self._corrector: Corrector | None = None
        self._weighing, *self._second = [Weighing(each.weights, each.freshness) for each in (settings, second) if each]

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
        page = found.ranked[first : first + request.size]
        articles = reader.articles([ranked.hit.id for ranked in page])
        marked = worded(query, self._analyzer, self._synonyms).marked
        hits = [
            SearchHit(article, ranked, highlights(article, query.wanted, self._analyzer, marked))
            for ranked in page
            for article in [articles[ranked.hit.id]]
        ]
        suggested = self._corrected(reader, request) if not (found.total or corrected) else None
        offered = [] if found.total else self._broader(reader, request)
        return SearchResult(found.total, hits, reader.generation, found.degraded, corrected, suggested, offered)

    def rank(self, request: SearchRequest) -> Sequence[Ranked]:
        """Every hit of a search, best first, whatever its page: what evaluation judges."""
        reader = self._engine.reader()
        request, _ = self._understood(reader, request)
        return self._find(reader, parse_query(request.text), request).ranked

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
        nearest = [hit._replace(score=cosines[hit.id]) for hit in best]
        return _is_answered(reader, encoded, wording, query, {"lexical": best, "semantic": nearest})

    def _find(self, reader: Reader, query: ParsedQuery, request: SearchRequest, steered: Steering = UNSTEERED) -> Found:
        filters = replace(request.filters, phrases=query.phrases, excluded=query.excluded)
        wording = worded(query, self._analyzer, self._synonyms)
        if not query.wanted and (query.excluded or not request.text.strip()):
            return _by_date(reader, filters, request, steered)
        if query.wanted and request.sort is not Sort.RELEVANCE and request.mode is not Mode.SEMANTIC:
            return _by_date(reader, every_word(query, filters, wording, self._analyzer), request, steered)
        matched = self._matched(reader, query, wording, filters, request) if query.wanted else Found([], 0)
        candidates = weighed(matched.ranked, steered.factors)
        if matched.second and request.sort is Sort.RELEVANCE:
            tosses = lots(f"{query_key(request.text)}\n{filters.now.date()}")
            candidates = team_draft(candidates, weighed(matched.second, steered.factors), tosses)
        pinned = reader.among(steered.pinned(is_answered=bool(candidates)), filters) if steered.pins else []
        candidates = pinned_first(candidates, pinned)
        leads = reader.vectors([each.hit.id for each in candidates])
        ranked = placed(folded(candidates, leads, reader.articles), steered.pins)
        if request.sort is Sort.NEWEST:
            ranked.sort(key=lambda each: (-each.hit.published, each.hit.id))
        elif request.sort is Sort.OLDEST:
            ranked.sort(key=lambda each: (each.hit.published, each.hit.id))
        return Found(ranked, len(ranked), matched.degraded)

    def _matched(
        self, reader: Reader, query: ParsedQuery, wording: Wording, filters: Filters, request: SearchRequest
    ) -> Found:
        """What matches, best first, versions of one text among it; nothing where nothing answers."""
        encoded = self._encoded(reader, query, request.mode)
        vector, degraded = encoded.vector, encoded.degraded
        legs: dict[str, Sequence[Hit]] = {}
        if request.mode is not Mode.SEMANTIC or vector is None:
            legs["lexical"] = reader.match_text(query.wanted, filters, CANDIDATES, wording.beside)
        if vector is not None:
            legs["semantic"] = above_floor(reader.match_vector(vector, filters, CANDIDATES))
        if not _is_answered(reader, encoded, wording, query, legs):
            return Found([], 0, degraded)

        def ordered(weighing: Weighing) -> Sequence[Ranked]:
            weights = weighing.weights if len(legs) > 1 else dict.fromkeys(legs, 1.0)
            ranked: Sequence[Ranked] = fuse(legs, weights)
            if not ranked:
                return ranked
            judged = fuse(self._judged(reader, wording, vector, ranked, legs), weights)
            return self._weighed(reader, query.words, judged, request.filters.now, weighing.half_lives)

        ranked, *others = [ordered(weighing) for weighing in (self._weighing, *self._second)]
        return Found(ranked, len(ranked), degraded, *others)

    def _encoded(self, reader: Reader, query: ParsedQuery, mode: Mode) -> Encoded:
        """What the query means; where the mode does not ask, nothing, and nothing is missing."""
        return Encoded(None, []) if mode is Mode.LEXICAL else self._encoder.encode(query.meaning, reader.model)

    def _judged(
        self,
        reader: Reader,
        wording: Wording,
        vector: Vector | None,
        ranked: Sequence[Ranked],
        legs: Iterable[str],
    ) -> dict[str, Sequence[Hit]]:
        """The candidates of both legs, scored again by all that is known now: neighbouring words and feedback."""
        candidates = [each.hit for each in ranked]
        best = candidates[:FEEDBACK_ARTICLES]
        weights = weights_of([hit.score for hit in best])
        judged: dict[str, Sequence[Hit]] = {}
        if "lexical" in legs:
            articles = reader.articles([hit.id for hit in best])
            leads = [f"{articles[hit.id].title}\n{articles[hit.id].text[:FEEDBACK_CHARACTERS]}" for hit in best]
            words = [reader.strongest_words(lead, FEEDBACK_WORDS) for lead in leads]
            question = wording.question(widened(wording.words, words, weights))
            judged["lexical"] = by_score(candidates, reader.score_text(question, [hit.id for hit in candidates]))
        if vector is not None:
            vectors = reader.vectors([hit.id for hit in best])
            towards = moved(vector, np.stack([vectors[hit.id] for hit in best]), weights)
            judged["semantic"] = by_score(candidates, reader.score_vector(towards, [hit.id for hit in candidates]))
        return judged

    def _weighed(
        self, reader: Reader, words: Sequence[str], judged: Sequence[Ranked], now: datetime, half_lives: HalfLives
    ) -> list[Ranked]:
        """The candidates in order again, each score less what its age and its want of readers take from it."""
        asked = recency(words, [each.hit.published for each in judged], reader.newest(now))
        sections = reader.sections([each.hit.id for each in judged])
        dated = []
        for each in judged:
            half_life = half_lives.of(sections.get(each.hit.id, ""))
            factor = aged(freshness(each.hit.published, asked.first, asked.last, half_life), asked.weight)
            dated.append(each.times("freshness", factor))
        popular = self._popularity([each.hit.id for each in dated], now)
        return sorted(read(dated, popular), key=lambda each: in_order(each.hit))


def _is_answered(
    reader: Reader, encoded: Encoded, wording: Wording, query: ParsedQuery, legs: Mapping[str, Sequence[Hit]]
) -> bool:
    """Whether any candidate answers the query, and is not just the least unlike it; any does if nothing can tell."""
    if encoded.vector is None:
        return True
    cosines = {hit.id: hit.score / encoded.fidelity for hit in legs["semantic"]}
    ids = list(dict.fromkeys(hit.id for hits in legs.values() for hit in hits))
    coverage = reader.coverage(query.wanted, ids, wording.instead)
    return is_answered(cosines, coverage, answer_floor(reader.likeness(), encoded.vector, is_heard=bool(coverage)))


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
    ranked = pinned_first([Ranked(hit, {}) for hit in listing.hits], pinned)
    return Found(placed(ranked, steered.pins), listing.total + len(pinned))
