"""/docs: the API's description as a page, made here: no script, nothing from elsewhere."""

from typing import Any

from flask import Blueprint, render_template, request

from web.openapi import Schema, openapi
from web.params import NoParams, read_params
from web.service import Service


def docs_routes(service: Service) -> Blueprint:
    """The page of the API."""
    blueprint = Blueprint("docs", __name__)
    blueprint.add_app_template_filter(kind)

    @blueprint.get("/docs")
    def page() -> str:
        read_params(NoParams, request.args)
        return render_template("docs.html", api=openapi(), **service.context())

    return blueprint


def kind(schema: Schema) -> str:
    """What a value may be, in words; other schemas by their names.

    >>> kind({"type": "array", "items": {"$ref": "#/components/schemas/Hit"}})
    'list of Hit'
    >>> kind({"anyOf": [{"type": "string"}, {"type": "null"}]}), kind({"enum": ["free", "subscriber"]}), kind({})
    ('string or null', '"free" or "subscriber"', 'anything')
    """
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "const" in schema or "enum" in schema:
        values: list[Any] = schema.get("enum", [schema.get("const")])
        return " or ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in values)
    if "anyOf" in schema:
        return " or ".join(kind(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    return str(schema.get("type", "anything"))
