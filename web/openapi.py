"""The API's description, made from the models that read its requests and those that describe its answers."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from search.article import LONGEST_ID, Article
from web.answers import (
    Alive,
    Answer,
    ArticleAnswer,
    ChangeAnswer,
    Error,
    LinesAnswer,
    Ready,
    RelatedAnswer,
    SearchAnswer,
    SuggestAnswer,
)
from web.params import ChangeParams, NoParams, RelatedParams, SearchParams, SuggestParams

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


ARTICLE = "/api/articles/{id}"
READ_STATUSES = (304, 400, 404, 503)
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
    Operation("get", "/healthz", "Whether the process lives", NoParams, Alive),
    Operation("get", "/readyz", "Whether a generation is loaded", NoParams, Ready, (503,)),
)
STATUS_TEXT = {
    304: "nothing has changed since the answer with this ETag",
    400: "a value is not allowed: the message names field, value and what is",
    401: "the token is missing or wrong",
    403: "changes are off: no token is set",
    404: "no such article, or nobody may see it",
    413: "the body is too large",
    415: "the body is not JSON",
    503: "nothing is published yet, the change is not visible in time, or too much is asked at once",
}
DRAFT: Schema = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "body": {"type": "string"}},
    "additionalProperties": False,
}
LINES: Schema = {"type": "string", "description": "JSON lines: an article, with its id, on each"}
LINES_TYPE = "application/x-ndjson"
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
            "schemas": {"Article": article, "Draft": DRAFT, "Articles": LINES, **answer_schemas["$defs"]},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(operation: Operation) -> Schema:
    responses: Schema = {"200": {"description": "done", "content": _json(operation.answer.__name__)}}
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
    if "{id}" not in path:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_ID}
    return [{"name": "id", "in": "path", "required": True, "schema": schema}]


def _query_parameters(model: type[BaseModel]) -> list[Schema]:
    schema = model.model_json_schema(ref_template=REFERENCE)
    definitions = schema.get("$defs", {})
    found: list[Schema] = []
    for name, value in schema.get("properties", {}).items():
        inlined = {**definitions.get(str(value.get("$ref", "")).rsplit("/", 1)[-1], {}), **value}
        inlined.pop("$ref", None)
        found.append({"name": name, "in": "query", "description": inlined.pop("description", ""), "schema": inlined})
    return found
