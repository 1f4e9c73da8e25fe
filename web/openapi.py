"""The API's description, made from the models that read its requests and those that describe its answers."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from indexer.events.event import LONGEST_AGENT, LONGEST_PLACE, LONGEST_VISITOR, EventType
from search.article import LONGEST_ID, Article
from search.request import LONGEST_QUERY, MOST_READ, MOST_RECOMMENDED
from search.signal import Signal
from web.answers import (
    Alive,
    Answer,
    ArticleAnswer,
    AuditAnswer,
    ChangeAnswer,
    Error,
    EventsAnswer,
    LinesAnswer,
    Ready,
    RelatedAnswer,
    SearchAnswer,
    SignalAnswer,
    SignalsAnswer,
    SuggestAnswer,
)
from web.box_answers import BoxesAnswer, ForYouAnswer, HotAnswer, TopicAnswer, TopicsAnswer
from web.params import (
    MOST_EVENTS,
    AuditParams,
    BoxesParams,
    ChangeParams,
    HotParams,
    NoParams,
    RelatedParams,
    SearchParams,
    SignalDeleteParams,
    SignalsParams,
    SuggestParams,
    TopicParams,
    TopicsParams,
)

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One route of the API as its users see it."""

    method: str
    path: str
    summary: str
    params: type[BaseModel]
    answer: type[Answer]
    statuses: tuple[int, ...] = ()
    takes: str = ""  # the schema of the body
    needs_token: bool = False
    done: int = 200  # the status of a good answer


ARTICLE = "/api/articles/{id}"
READ_STATUSES = (304, 400, 404, 503)
SIGNAL = "/api/signals/{id}"
GUARDED = (400, 401, 403, 503)
PUT_STATUSES = (400, 401, 403, 413, 415, 503)
POST_STATUSES = (400, 413, 415, 503)
LINES_STATUSES = (400, 401, 403, 413, 503)
DELETE_STATUSES = (400, 401, 403, 404, 503)
OPERATIONS = (
    Operation("get", "/api/search", "Find articles by words and meaning", SearchParams, SearchAnswer, (304, 400, 503)),
    Operation("get", "/api/suggest", "What a reader may be typing", SuggestParams, SuggestAnswer, (304, 400, 503)),
    Operation("get", ARTICLE, "One article as published", NoParams, ArticleAnswer, READ_STATUSES),
    Operation("put", ARTICLE, "Add or replace an article", ChangeParams, ChangeAnswer, PUT_STATUSES, "Article", True),
    Operation("delete", ARTICLE, "Withdraw an article", ChangeParams, ChangeAnswer, DELETE_STATUSES, "", True),
    Operation(
        "post", "/api/articles", "Add or replace many", ChangeParams, LinesAnswer, LINES_STATUSES, "Articles", True
    ),
    Operation("get", f"{ARTICLE}/related", "What to read next", RelatedParams, RelatedAnswer, READ_STATUSES),
    Operation(
        "post", "/api/related", "What to read after a text", RelatedParams, RelatedAnswer, POST_STATUSES, "Draft"
    ),
    Operation("get", f"{ARTICLE}/widgets", "The boxes of an article's page", BoxesParams, BoxesAnswer, READ_STATUSES),
    Operation("post", "/api/recommend", "What to read for a reader", NoParams, ForYouAnswer, POST_STATUSES, "Read"),
    Operation("get", "/api/topics", "What the site writes about", TopicsParams, TopicsAnswer, (304, 400, 503)),
    Operation("get", "/api/topics/{slug}", "One topic", TopicParams, TopicAnswer, READ_STATUSES),
    Operation("get", "/api/hot", "What readers go to", HotParams, HotAnswer, (304, 400, 503)),
    Operation(
        "post",
        "/api/events",
        "Tell what readers saw, clicked and searched",
        NoParams,
        EventsAnswer,
        POST_STATUSES,
        "Events",
        done=202,
    ),
    Operation("get", "/api/signals", "What the newsroom wants", SignalsParams, SignalsAnswer, GUARDED, "", True),
    Operation("get", "/api/signals/audit", "Who changed signals", AuditParams, AuditAnswer, GUARDED, "", True),
    Operation("put", SIGNAL, "Add or replace a signal", NoParams, SignalAnswer, PUT_STATUSES, "SignalRecord", True),
    Operation("delete", SIGNAL, "Delete a signal", SignalDeleteParams, SignalAnswer, DELETE_STATUSES, "", True),
    Operation("get", "/healthz", "Whether the process lives", NoParams, Alive),
    Operation("get", "/readyz", "Whether a generation is loaded", NoParams, Ready, (503,)),
)
STATUS_TEXT = {
    304: "nothing has changed since the answer with this ETag",
    400: "a value is not allowed: the message names field, value and what is",
    401: "the token is missing or wrong",
    403: "changes are off: no token is set",
    404: "there is none, or nobody may see it",
    413: "the body is too large",
    415: "the body is not JSON",
    503: "nothing is published yet, the change is not visible in time, or too much is asked or waits at once",
}
DRAFT: Schema = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "body": {"type": "string"}},
    "additionalProperties": False,
}
READ: Schema = {
    "type": "object",
    "properties": {
        "read": {
            "type": "array",
            "maxItems": MOST_READ,
            "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
            "description": "ids of what the reader has read, the last one last; it is not kept",
        },
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST_RECOMMENDED, "default": 10},
    },
    "required": ["read"],
    "additionalProperties": False,
}
LINES: Schema = {"type": "string", "description": "JSON lines: an article, with its id, on each"}
LINES_TYPE = "application/x-ndjson"
TEXT: Schema = {"type": "string", "minLength": 1}
EVENT: Schema = {
    "type": "object",
    "properties": {
        "type": {"enum": list(get_args(EventType))},
        "article": {**TEXT, "maxLength": LONGEST_ID, "description": "needed by all but a search"},
        "visitor": {**TEXT, "maxLength": LONGEST_VISITOR, "description": "opaque; it is not kept"},
        "at": {"type": "string", "format": "date-time", "description": "within the last 24 hours; else now"},
        "query": {"type": "string", "maxLength": LONGEST_QUERY, "description": "needed by a search"},
        "position": {"type": "integer", "minimum": 1},
        "place": {"type": "string", "maxLength": LONGEST_PLACE},
        "agent": {"type": "string", "maxLength": LONGEST_AGENT, "description": "the reader's user agent"},
        "team": {"enum": ["a", "b"], "description": "of the hit, where two rankings are interleaved"},
        "total": {"type": "integer", "minimum": 0, "description": "of a search: how many hits it had"},
    },
    "required": ["type", "visitor"],
}
EVENTS: Schema = {
    "type": "object",
    "properties": {"events": {"type": "array", "maxItems": MOST_EVENTS, "items": EVENT}},
    "required": ["events"],
    "additionalProperties": False,
}
REFERENCE = "#/components/schemas/{model}"


def openapi() -> Schema:
    """The description in OpenAPI 3.1."""
    paths: Schema = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    answers: list[type[BaseModel]] = [*dict.fromkeys(operation.answer for operation in OPERATIONS), Error]
    _, answer_schemas = models_json_schema([(answer, "serialization") for answer in answers], ref_template=REFERENCE)
    article = {**TypeAdapter(Article).json_schema(), "required": []}  # the address says the id, a body may do alone
    return {
        "openapi": "3.1.0",
        "info": {"title": "Broadsheet", "version": version("broadsheet")},
        "paths": paths,
        "components": {
            "schemas": {
                "Article": article,
                "Articles": LINES,
                "Draft": DRAFT,
                "Events": EVENTS,
                "Read": READ,
                "SignalRecord": _signal(),
                **answer_schemas["$defs"],
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _signal() -> Schema:
    """A signal as it is sent: the address says the id."""
    schema = TypeAdapter(Signal).json_schema(ref_template=REFERENCE)
    kept = {name: value for name, value in schema.items() if name != "$defs"}  # the answers' schemas hold these
    return {**kept, "required": ["kind", "article", "place"], "additionalProperties": False}


def _described(operation: Operation) -> Schema:
    responses: Schema = {str(operation.done): {"description": "done", "content": _json(operation.answer.__name__)}}
    for status in operation.statuses:
        content = {} if status == 304 else {"content": _json(Error.__name__)}
        responses[str(status)] = {"description": STATUS_TEXT[status], **content}
    described: Schema = {
        "summary": operation.summary,
        "operationId": f"{operation.method}_{operation.path.strip('/').replace('/', '_').translate(_PLAIN)}",
        "parameters": [*_path_parameters(operation.path), *_query_parameters(operation.params)],
        "responses": responses,
    }
    if operation.takes:
        described["requestBody"] = {"required": True, "content": _taken(operation.takes)}
    if operation.needs_token:
        described["security"] = [{"token": []}]
    return described


_PLAIN = str.maketrans({"{": None, "}": None, ".": "_"})


def _json(model: str) -> Schema:
    return {"application/json": {"schema": {"$ref": REFERENCE.format(model=model)}}}


def _taken(model: str) -> Schema:
    content = _json(model)
    return {LINES_TYPE: content["application/json"]} if model == "Articles" else content


def _path_parameters(path: str) -> list[Schema]:
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_ID}
    names = [name for name in ("id", "slug") if f"{{{name}}}" in path]
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]


def _query_parameters(model: type[BaseModel]) -> list[Schema]:
    schema = model.model_json_schema(ref_template=REFERENCE)
    definitions = schema.get("$defs", {})
    found: list[Schema] = []
    for name, value in schema.get("properties", {}).items():
        inlined = {**definitions.get(str(value.get("$ref", "")).rsplit("/", 1)[-1], {}), **value}
        inlined.pop("$ref", None)
        found.append({"name": name, "in": "query", "description": inlined.pop("description", ""), "schema": inlined})
    return found
