"""What the API answers, as types: they describe it in `/openapi.json`, and tests hold every answer to them.

Answers themselves are made in `search/present.py`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from search.article import Access
from search.request import Mode
from search.result import FacetField, Fallback, ReasonKind, SuggestionKind
from search.signal import Action, Kind, Place

Time = Annotated[str | None, Field(description="ISO 8601 in UTC; null where it is unknown")]


class Answer(BaseModel):
    """Keys that are not described are not answered."""

    model_config = ConfigDict(extra="forbid")


class Card(Answer):
    """What stands for an article in every list."""

    id: str
    url: str
    title: str
    summary: str
    section: str
    authors: list[str]
    published: Time
    image: str
    access: Access


class Part(Answer):
    """One leg's share in a score: weight × normalised."""

    rank: int
    score: float
    normalised: float
    weight: float


class Explanation(Answer):
    """What a score is made of: the sum of the legs' parts, times the factors."""

    lexical: Part | None = None
    semantic: Part | None = None
    freshness: float | None = None
    popularity: float | None = None
    editorial: float | None = None
    pinned: Annotated[bool | None, Field(description="the newsroom put it here, whatever its score")] = None


class Highlights(Answer):
    """Escaped HTML in which only `<mark>` is markup."""

    title: str
    body: str


class Hit(Card):
    """A card found by a search."""

    score: float
    highlights: Highlights
    versions: list[str]
    team: Annotated[
        Literal["a", "b"] | None, Field(description="whose hit it is, where two rankings are interleaved: for events")
    ] = None
    explain: Explanation | None = None


class Query(Answer):
    """What was asked."""

    text: str
    corrected: Annotated[str | None, Field(description="the text that was searched instead; null where it is as asked")]
    broader: Annotated[
        list[str], Field(description="where nothing was found: up to three texts that ask for less and find something")
    ]
    mode: Mode


class Served(Answer):
    """What every answer carries: the generation it came from, and what was missing."""

    generation: str | None
    degraded: list[str]
    took_ms: float


class FacetCount(Answer):
    """A value of a field, and how many of the hits of all pages carry it."""

    value: str
    count: int


class SearchAnswer(Served):
    """One page of hits; `total` counts those of all pages, and so do `facets`, where they are asked for."""

    query: Query
    total: int
    page: int
    size: int
    hits: list[Hit]
    facets: Annotated[
        dict[FacetField, list[FacetCount]] | None, Field(description="the 20 commonest values of each field")
    ] = None


class ArticleAnswer(Served, Card):
    """An article as published."""

    body: str
    updated: Time
    tags: list[str]
    source: str
    language: str
    embargo_until: Time
    expires_at: Time


class Reason(Answer):
    """Why an article is offered, the words it shares, and both in words."""

    kind: ReasonKind
    shared: list[str]
    text: str


class RelatedItem(Card):
    """A card to read next."""

    score: float
    reason: Reason
    versions: list[str]
    explain: Explanation | None = None


class RelatedAnswer(Served):
    """What to read after an article."""

    article: str
    items: list[RelatedItem]
    fallback: Fallback | None


class Suggestion(Answer):
    """What a reader may be typing, and the page it leads to."""

    text: str
    kind: SuggestionKind
    url: str


class SuggestAnswer(Served):
    """Past searches, sections, topics and titles, in the order they are shown."""

    suggestions: list[Suggestion]


Ignored = Annotated[
    dict[str, int] | None, Field(description="fields that no article has, by how many articles had them; else absent")
]


class ChangeAnswer(Served):
    """A change that is in the ledger, by its number there."""

    sequence: int
    accepted: int
    refused: list[str]
    ignored: Ignored = None


class Refused(Answer):
    """Why a line was not taken: the field, what came, what is allowed."""

    line: Annotated[int, Field(description="from 1")]
    field: str
    value: str
    allowed: str


class RefusedEvent(Answer):
    """What is wrong with an event: where it stands in the request, counted from 0, and what is allowed."""

    index: int
    field: str
    value: str
    allowed: str


class LinesAnswer(Served):
    """What became of the articles of a request: how many are in the ledger as sent, and which lines are not."""

    sequence: int
    accepted: int
    withdrawn: Annotated[int, Field(description="left out: they were withdrawn, and only a PUT brings them back")]
    refused: list[Refused]
    ignored: Ignored = None


class EventsAnswer(Served):
    """How many events will be counted, how many were of robots, and which are wrong."""

    accepted: int
    robots: int
    refused: list[RefusedEvent]


class Signal(Answer):
    """What the newsroom wants of one article; section and query as they are compared."""

    id: str
    kind: Kind
    article: str
    place: Place
    section: str
    query: str
    position: int | None
    start: Time
    end: Time
    author: str
    note: str
    is_live: Annotated[bool, Field(description="whether it holds now, between start and end")]


class SignalsAnswer(Served):
    """The signals there are, by id."""

    signals: list[Signal]


class SignalAnswer(Served):
    """The signal that was put or deleted."""

    signal: Signal


class SignalChange(Answer):
    """One entry of the log of signals."""

    number: int
    at: Time
    action: Action
    author: str
    signal: Signal


class AuditAnswer(Served):
    """The latest changes of signals, the last one first."""

    changes: list[SignalChange]


class Alive(Answer):
    """The process lives."""

    status: Literal["alive"]
    took_ms: float


class Ready(Answer):
    """A generation is loaded."""

    status: Literal["ready"]
    generation: str
    damaged: list[str] | None = Field(
        description="files that were damaged when it started; null where that is not known"
    )
    rebuild_needed: str | None = Field(description="what of the settings the index is not of: model, language")
    took_ms: float


class Problem(Answer):
    """What is wrong: which field, what came, what is allowed."""

    code: str
    message: str
    field: str | None = None


class Error(Answer):
    """Every answer that is no 200."""

    error: Problem
