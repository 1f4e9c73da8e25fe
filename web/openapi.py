"""The API's description, made from the same models that read its requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

from pydantic import BaseModel, TypeAdapter

from search.article import Article
from web.params import ChangeParams, NoParams, RelatedParams, SearchParams

Schema = dict[str, object]


@dataclass(frozen=True, slots=True)
class Operation:
    """One route of the API as its users see it."""

    method: str
    path: str
    summary: str
    params: type[BaseModel]
    answer: Mapping[str, str]  # the keys of its answer, and what they hold
    statuses: tuple[int, ...] = ()
    takes_article: bool = False
    needs_token: bool = False


CHANGE = {"sequence": "its number in the ledger", "accepted": "1", "refused": "empty: else the answer is 400"}
OPERATIONS = (
    Operation(
        "get",
        "/api/search",
        "Find articles by words and meaning",
        SearchParams,
        {
            "query": "what was asked",
            "total": "hits on all pages",
            "page": "",
            "size": "",
            "hits": "cards with scores",
        },
        (400, 503),
    ),
    Operation(
        "get",
        "/api/articles/{id}",
        "One article as published",
        NoParams,
        {"id": "and its fields"},
        (404, 503),
    ),
    Operation(
        "put",
        "/api/articles/{id}",
        "Add or replace an article",
        ChangeParams,
        CHANGE,
        (400, 401, 403, 413, 415, 503),
        takes_article=True,
        needs_token=True,
    ),
    Operation(
        "delete",
        "/api/articles/{id}",
        "Withdraw an article",
        ChangeParams,
        CHANGE,
        (400, 401, 403, 404, 503),
        needs_token=True,
    ),
    Operation(
        "get",
        "/api/articles/{id}/related",
        "What to read after an article",
        RelatedParams,
        {"article": "the id asked about", "items": "cards with scores and reasons", "fallback": "null"},
        (400, 404, 503),
    ),
    Operation("get", "/healthz", "Whether the process lives", NoParams, {"status": "alive"}),
    Operation("get", "/readyz", "Whether a generation is loaded", NoParams, {"status": "ready"}, (503,)),
)
STATUS_TEXT = {
    400: "a value is not allowed: the message names field, value and what is",
    401: "the token is missing or wrong",
    403: "changes are off: no token is set",
    404: "no such article, or nobody may see it",
    413: "the body is too large",
    415: "the body is not JSON",
    503: "nothing is published yet, or the change is not visible in time",
}


def openapi() -> Schema:
    """The description in OpenAPI 3.1."""
    paths: dict[str, dict[str, object]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    article = TypeAdapter(Article).json_schema() | {
        "required": []
    }  # the address says the id, a body may do for a title
    return {
        "openapi": "3.1.0",
        "info": {"title": "Broadsheet", "version": version("broadsheet")},
        "paths": paths,
        "components": {
            "schemas": {"Article": article, "Error": ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "field": {"type": "string"},
            },
        }
    },
}


def _described(operation: Operation) -> Schema:
    answer = {name: {"description": text} for name, text in operation.answer.items()}
    responses: Schema = {
        "200": {
            "description": "done",
            "content": _json({"type": "object", "properties": answer, "required": [*answer]}),
        }
    }
    for status in operation.statuses:
        responses[str(status)] = {
            "description": STATUS_TEXT[status],
            "content": _json({"$ref": "#/components/schemas/Error"}),
        }
    described: Schema = {
        "summary": operation.summary,
        "operationId": f"{operation.method}_{operation.path.strip('/').replace('/', '_').translate(_PLAIN)}",
        "parameters": [*_path_parameters(operation.path), *_query_parameters(operation.params)],
        "responses": responses,
    }
    if operation.takes_article:
        described["requestBody"] = {
            "required": True,
            "content": _json({"$ref": "#/components/schemas/Article"}),
        }
    if operation.needs_token:
        described["security"] = [{"token": []}]
    return described


_PLAIN = str.maketrans({"{": None, "}": None, ".": "_"})


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _path_parameters(path: str) -> list[Schema]:
    if "{id}" not in path:
        return []
    schema: Schema = {"type": "string", "minLength": 1, "maxLength": 128}
    return [{"name": "id", "in": "path", "required": True, "schema": schema}]


def _query_parameters(model: type[BaseModel]) -> list[Schema]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    definitions = schema.get("$defs", {})
    found: list[Schema] = []
    for name, value in schema.get("properties", {}).items():
        inlined = {**definitions.get(str(value.get("$ref", "")).rsplit("/", 1)[-1], {}), **value}
        inlined.pop("$ref", None)
        found.append({"name": name, "in": "query", "description": inlined.pop("description", ""), "schema": inlined})
    return found
