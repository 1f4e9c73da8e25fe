"""Every way in: what a request may say, read strictly. A wrong value is an error that says what is allowed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal, TypeVar, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.wrappers import Request

from indexer.clean.article import clean_end, clean_time
from search.article import check_id
from search.errors import InvalidValue
from search.request import (
    DEEPEST_HIT,
    LARGEST_PAGE,
    LONGEST_QUERY,
    MOST_BOXED,
    MOST_HOT,
    MOST_HOT_DAYS,
    MOST_RECOMMENDED,
    MOST_RELATED,
    MOST_SUGGESTIONS,
    MOST_TOPICS,
    Filters,
    ForYouRequest,
    HotRequest,
    Mode,
    RelatedMode,
    SearchRequest,
    Sort,
    Spelling,
)
from search.signal import LONGEST, Place

MOST_VALUES = 20  # of one filter
MOST_LINES = 10_000  # of one request that sends articles
LARGEST_LINES = 32_000_000  # bytes of them all
MOST_EVENTS = 1_000  # of one request
MOST_CHANGES = 1_000  # of the log of signals in one answer


def _digits(value: object) -> object:
    """Lets only plain digits through: pydantic would take 1_0 for 10, 1.0 and " 1" for 1."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError
    return value


Whole = Annotated[int, BeforeValidator(_digits)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[list[Name], Field(max_length=MOST_VALUES)]
Flag = Literal["0", "1"]


class _Params(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SearchParams(_Params):
    """`GET /api/search` and the search page."""

    q: str = Field("", max_length=LONGEST_QUERY, description=f"words to find, at most {LONGEST_QUERY} characters")
    mode: Mode = Field(Mode.HYBRID, description="hybrid, lexical or semantic")
    sort: Sort = Field(Sort.RELEVANCE, description="relevance, newest or oldest")
    section: Names = Field([], description=f"names of sections, at most {MOST_VALUES} of 200 characters")
    tag: Names = Field([], description=f"tags, at most {MOST_VALUES} of 200 characters")
    author: Names = Field([], description=f"names of authors, at most {MOST_VALUES} of 200 characters")
    source: Names = Field([], description=f"names of sources, at most {MOST_VALUES} of 200 characters")
    language: Names = Field([], description=f"language tags, at most {MOST_VALUES} of 200 characters")
    access: list[Literal["free", "subscriber"]] = Field([], max_length=2, description="free or subscriber")
    from_: str | None = Field(None, alias="from", description="an ISO 8601 time, the earliest")
    to: str | None = Field(None, description="an ISO 8601 time, the latest; of a date alone, its whole day")
    page: Whole = Field(1, ge=1, le=DEEPEST_HIT, description=f"a page from 1, page × size at most {DEEPEST_HIT}")
    size: Whole = Field(20, ge=1, le=LARGEST_PAGE, description=f"hits on a page, 1 to {LARGEST_PAGE}")
    explain: Flag = Field("0", description="0 or 1: what each score is made of")
    facets: Flag = Field("0", description="0 or 1: how many of all hits carry each section, tag, author and so on")
    spelling: Spelling = Field(Spelling.AUTO, description="auto or off: whether misspelt words are put right")


class WidgetParams(_Params):
    """`GET /widgets/related/ID`."""

    limit: Whole = Field(5, ge=1, le=MOST_RELATED, description=f"how many articles, 1 to {MOST_RELATED}")
    exclude: Annotated[list[Name], Field(max_length=100)] = Field([], description="ids to leave out, at most 100")
    mode: RelatedMode = Field(RelatedMode.BALANCED, description="balanced, latest or background")


class RelatedParams(WidgetParams):
    """`GET /api/articles/ID/related` and `POST /api/related`."""

    explain: Flag = Field("0", description="0 or 1: what each score is made of")


class SuggestParams(_Params):
    """`GET /api/suggest`."""

    q: str = Field(
        "", max_length=LONGEST_QUERY, description=f"what is typed so far, at most {LONGEST_QUERY} characters"
    )
    limit: Whole = Field(8, ge=1, le=MOST_SUGGESTIONS, description=f"how many suggestions, 1 to {MOST_SUGGESTIONS}")


class HotParams(_Params):
    """`GET /api/hot` and `GET /widgets/hot`."""

    window: str = Field(
        "7d", pattern=r"^[1-9][0-9]?d$", description=f"the days over which views count, 1d to {MOST_HOT_DAYS}d"
    )
    section: Names = Field([], description=f"names of sections, at most {MOST_VALUES} of 200 characters")
    limit: Whole = Field(5, ge=1, le=MOST_HOT, description=f"how many articles, 1 to {MOST_HOT}")


class TopicsParams(_Params):
    """`GET /api/topics` and `GET /widgets/topics`."""

    limit: Whole = Field(8, ge=1, le=MOST_TOPICS, description=f"how many topics, 1 to {MOST_TOPICS}")


class TopicParams(_Params):
    """`GET /api/topics/SLUG`."""

    limit: Whole = Field(20, ge=1, le=MOST_TOPICS, description=f"how many articles, 1 to {MOST_TOPICS}")


class ForYouParams(_Params):
    """`POST /widgets/recommend`."""

    limit: Whole = Field(5, ge=1, le=MOST_RECOMMENDED, description=f"how many articles, 1 to {MOST_RECOMMENDED}")


class BoxesParams(_Params):
    """`GET /api/articles/ID/widgets`."""

    related: Whole = Field(5, ge=1, le=MOST_BOXED, description=f"how many related articles, 1 to {MOST_BOXED}")
    hot: Whole = Field(5, ge=1, le=MOST_BOXED, description=f"how many hot articles, 1 to {MOST_BOXED}")
    topics: Whole = Field(8, ge=1, le=MOST_BOXED, description=f"how many topics, 1 to {MOST_BOXED}")


class ChangeParams(_Params):
    """`PUT` and `DELETE /api/articles/ID`, and `POST /api/articles`."""

    wait: Literal["visible"] | None = Field(None, description="visible: answer when readers see the change")


class SignalsParams(_Params):
    """`GET /api/signals`."""

    article: Name | None = Field(None, description="the id of an article: only its signals")
    place: Place | None = Field(None, description="search, related, hot, topics, for-you or all: only what holds there")


class AuditParams(_Params):
    """`GET /api/signals/audit`."""

    limit: Whole = Field(100, ge=1, le=MOST_CHANGES, description=f"how many changes, 1 to {MOST_CHANGES}")


class SignalDeleteParams(_Params):
    """`DELETE /api/signals/ID`."""

    author: str = Field("", max_length=LONGEST["author"], description="who deletes it, at most 200 characters")


class NoParams(_Params):
    """Routes that take none."""


Params = TypeVar("Params", bound=_Params)


def read_params(model: type[Params], arguments: MultiDict[str, str]) -> Params:
    """The parameters of a request. Raises InvalidValue for one that is unknown, repeated or not allowed."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    values: dict[str, object] = {}
    for name in arguments:
        if name not in fields:
            raise InvalidValue("parameter", name, ", ".join(fields) or "none here")
        given = arguments.getlist(name)
        is_list = get_origin(fields[name].annotation) is list
        if len(given) > 1 and not is_list:
            raise InvalidValue(name, f"given {len(given)} times", "once")
        values[name] = given if is_list else given[0]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise InvalidValue(name, first["input"], fields[name].description or "") from error


def of_a_page(model: type[_Params], arguments: MultiDict[str, str]) -> MultiDict[str, str]:
    """What a page's address asks: without what a form left empty, and what others hang on to links (`utm_source`)."""
    known = {field.alias or name for name, field in model.model_fields.items()}
    return MultiDict((name, value) for name, value in arguments.items(multi=True) if name in known and value.strip())


def search_request(params: SearchParams, visible: Filters) -> SearchRequest:
    """The search that the parameters ask for, within what is visible."""
    filters = Filters(
        now=visible.now,
        sections=params.section,
        tags=params.tag,
        authors=params.author,
        sources=params.source,
        languages=params.language,
        access=params.access,
        published_from=clean_time("from", params.from_) if params.from_ is not None else None,
        published_to=clean_end("to", params.to) if params.to is not None else None,
        without_ids=visible.without_ids,
    )
    page, facets = (params.page, params.size), params.facets == "1"
    return SearchRequest(params.q, filters, params.mode, params.sort, *page, params.spelling, facets)


def hot_request(params: HotParams, visible: Filters) -> HotRequest:
    """What readers go to, within what is visible."""
    return HotRequest(replace(visible, sections=params.section), int(params.window[:-1]), params.limit)


def json_body(request: Request, *, is_plain: bool = False) -> object:
    """The JSON that a request carries, whatever type it says if `is_plain`. Raises InvalidValue where it is none."""
    try:
        return request.get_json(force=is_plain)
    except (BadRequest, RecursionError) as error:
        raise InvalidValue("body", request.get_data(as_text=True), "JSON in UTF-8") from error


def lines_body(request: Request) -> bytes:
    """The lines that a request carries. Raises RequestEntityTooLarge where they are too many or too long."""
    request.max_content_length = LARGEST_LINES
    data = request.get_data(cache=False)
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if lines > MOST_LINES:
        raise RequestEntityTooLarge(f"lines is {lines:,}, allowed: at most {MOST_LINES:,}, and nothing is kept")
    return data


def draft_record(body: object, id_: str) -> Mapping[str, object]:
    """The text that a POST carries, as a record. Raises InvalidValue for anything but a title and a body."""
    if not isinstance(body, dict):
        raise InvalidValue("body", body, "a JSON object with a title and a body")
    for name in body:
        if name not in {"title", "body"}:
            raise InvalidValue("field", name, "title, body")
    return {**body, "id": id_}


def event_records(body: object) -> list[object]:
    """The events that a POST carries, each still to be read. Raises InvalidValue for anything else, or too many."""
    if not isinstance(body, dict) or body.keys() != {"events"} or not isinstance(body["events"], list):
        raise InvalidValue("body", body, 'a JSON object {"events": [...]}')
    if len(body["events"]) > MOST_EVENTS:
        raise InvalidValue("events", f"{len(body['events']):,} events", f"at most {MOST_EVENTS:,}")
    return body["events"]


def for_you_request(body: object, visible: Filters, limit: int = 10) -> ForYouRequest:
    """What a POST says was read, and how much is wanted. Raises InvalidValue for anything else."""
    if not isinstance(body, dict) or not isinstance(body.get("read"), list):
        raise InvalidValue("body", body, 'a JSON object {"read": [ids], "limit": a number}')
    for name in body:
        if name not in {"read", "limit"}:
            raise InvalidValue("field", name, "read, limit")
    for id_ in body["read"]:
        if not isinstance(id_, str):
            raise InvalidValue("read", id_, "ids, which are strings")
        check_id("read", id_)
    limit = body.get("limit", limit)
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise InvalidValue("limit", limit, "a whole number")
    return ForYouRequest(body["read"], visible, limit)


def article_record(body: object, id_: str) -> Mapping[str, object]:
    """The article that a PUT carries. Raises InvalidValue where it is none, or says another id than the address."""
    return _record(body, id_, "article")


def signal_record(body: object, id_: str) -> Mapping[str, object]:
    """The signal that a PUT carries. Raises InvalidValue where it is none, or says another id than the address."""
    return _record(body, id_, "signal")


def _record(body: object, id_: str, what: str) -> Mapping[str, object]:
    if not isinstance(body, dict):
        raise InvalidValue("body", body, f"a JSON object, one {what}")
    said = body.get("_id") if body.get("id") is None else body["id"]
    if said is not None and said != id_:
        raise InvalidValue("id", said, f"{id_!r}, as in the address, or none")
    return {**body, "id": id_}
