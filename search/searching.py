"""Searching: from a request to one page of hits."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from search.article import ArticleId
from search.broadening import broader
from search.correcting import Corrector
from search.embedding.embedder import Embedder
from search.embedding.queries import Encoded, QueryEncoder
from search.embedding.static import StaticEmbedder
from search.engines.engine import Engine, Reader
from search.matching import Asked, Weighing
from search.ranking.candidates import NO_CANDIDATES, Candidates
from search.ranking.editorial import UNSTEERED, Steering, pinned_first, placed, steering, weighed
from search.ranking.interleaving import lots, team_draft
from search.ranking.popularity import Popularity, unread
from search.ranking.threshold import SEMANTIC_FLOOR
from search.ranking.versions import Versions, folded
from search.request import Filters, Mode, SearchRequest, Sort, Spelling
from search.result import Facets, Hit, Ranked, SearchHit, SearchResult, Team
from search.settings import Settings
from search.signal import Place, Signal, query_key
from search.text.analysis import Analyzer
from search.text.normalise import facet_key
from search.text.query_syntax import ParsedQuery, parse_query
from search.text.snippets import highlights, sought
from search.text.synonyms import Synonyms
from search.wording import every_word, worded

MOST_VALUES = 20  # of one field, counted
LOOKED_AT = 10  # best hits in words that tell whether a broader search finds anything
UNASKED = Encoded(None, [])  # where meaning is not asked for, nothing is missing


@dataclass(frozen=True, slots=True)
class Found:
    """Every hit there is to page through, in order, the versions folded into each, and what they were scored by."""

    hits: Sequence[Hit]
    total: int
    degraded: Sequence[str] = ()
    versions: Versions = field(default_factory=dict)
    teams: Mapping[ArticleId, Team] = field(default_factory=dict)  # of two rankings, that which put the hit there
    scored: Mapping[Team, Candidates] = field(default_factory=lambda: {"": NO_CANDIDATES})
    listed: Filters | None = None  # what allows them all, where the hits are only the first of `total`

    def ranked(self, page: Sequence[Hit], pinned: Collection[ArticleId]) -> list[Ranked]:
        """The hits of a page with how their scores came about."""
        told = {team: scored.ranked(page, self.versions, pinned) for team, scored in self.scored.items()}
        teams = [self.teams.get(hit.id, "") for hit in page]
        return [replace(told[team][place], team=team) for place, team in enumerate(teams)]

    def facets(self, reader: Reader) -> Facets:
        """What all there is to page through carries."""
        return reader.facets(self.listed or [hit.id for hit in self.hits], MOST_VALUES)


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
        self._weighings = [Weighing(each.weights, each.freshness) for each in (settings, second) if each]

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
            for ranked in found.ranked(page, {pin.article for pin in steered.pins})
            for article in [articles[ranked.hit.id]]
        ]
        suggested = self._corrected(reader, request) if not (found.total or corrected) else None
        offered = [] if found.total else self._broader(reader, request)
        facets = found.facets(reader) if request.facets else None
        return SearchResult(found.total, hits, reader.generation, found.degraded, corrected, suggested, offered, facets)

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
        filters = replace(request.filters, phrases=query.phrases, excluded=query.excluded)
        asked = self._asked(reader, query, filters, request.mode)
        best = reader.match_text(query.wanted, filters, LOOKED_AT, asked.wording.beside)
        vector = asked.encoded.vector
        if vector is None or not best:
            return bool(best)
        cosines = reader.score_vector(vector, [hit.id for hit in best])
        near = {
            id_: cosine for id_, cosine in cosines.items() if cosine >= SEMANTIC_FLOOR
        }  # as the semantic leg has it
        return asked.is_answered(Candidates.of(best), near)

    def _find(self, reader: Reader, query: ParsedQuery, request: SearchRequest, steered: Steering = UNSTEERED) -> Found:
        filters = replace(request.filters, phrases=query.phrases, excluded=query.excluded)
        if not query.wanted and (query.excluded or not request.text.strip()):
            return _by_date(reader, filters, request, steered)
        if query.wanted and request.sort is not Sort.RELEVANCE and request.mode is not Mode.SEMANTIC:
            wording = worded(query, self._analyzer, self._synonyms)
            return _by_date(reader, every_word(query, filters, wording, self._analyzer), request, steered)
        if not query.wanted:
            rankings, degraded = [NO_CANDIDATES], list[str]()
        else:
            asked = self._asked(reader, query, filters, request.mode)
            rankings, degraded = asked.rankings(request.mode, self._weighings, self._popularity), asked.encoded.degraded
        first, *second = [weighed(each, steered.factors) for each in rankings]
        hits, teams, scored = first.hits(), dict[ArticleId, Team](), dict[Team, Candidates]({"": first})
        if second and request.sort is Sort.RELEVANCE:
            scored |= {"a": first, "b": second[0]}
            hits, teams = team_draft(hits, second[0].hits(), lots(f"{query_key(request.text)}\n{filters.now.date()}"))
        pinned = reader.among(steered.pinned(is_answered=bool(hits)), filters) if steered.pins else []
        hits = pinned_first(hits, pinned)
        versions = folded(hits, reader.vectors([hit.id for hit in hits]), reader.articles)
        hits = placed([hit for hit in hits if hit.id in versions], steered.pins)
        if request.sort is Sort.NEWEST:
            hits.sort(key=lambda hit: (-hit.published, hit.id))
        elif request.sort is Sort.OLDEST:
            hits.sort(key=lambda hit: (hit.published, hit.id))
        return Found(hits, len(hits), degraded, versions, teams, scored)

    def _asked(self, reader: Reader, query: ParsedQuery, filters: Filters, mode: Mode) -> Asked:
        """The query as it is put to a generation; where the mode does not ask for meaning, none is missing."""
        encoded = UNASKED if mode is Mode.LEXICAL else self._encoder.encode(query.meaning, reader.model)
        return Asked(reader, query, worded(query, self._analyzer, self._synonyms), encoded, filters)


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
    hits = placed(pinned_first(listing.hits, pinned), steered.pins)
    return Found(hits, listing.total + len(pinned), listed=filters)
