"""Articles: read one, put one, withdraw one, send many."""

from io import BytesIO

from flask import Blueprint, Response, request

from indexer.accept import Accepted, accept, withdraw
from indexer.clean.article import clean_article
from indexer.decide import Withdraw
from indexer.item import Item
from indexer.sources.jsonl import read_jsonl
from search.errors import NotFound
from search.present import Json, whole
from search.request import Filters
from web.changing import changed, changes
from web.params import MOST_LINES, ChangeParams, NoParams, article_record, json_body, lines_body, read_params
from web.reading import reads
from web.service import Service

ONE: Json = {"accepted": 1, "refused": []}  # what is told of a change of one article


def _ignored(accepted: Accepted) -> Json:
    """Fields that no article has, where any were sent: a misspelt one would else be missed for years."""
    return {"ignored": accepted.ignored} if accepted.ignored else {}


def article_routes(service: Service) -> Blueprint:
    """The articles of the API."""
    blueprint = Blueprint("articles", __name__)

    @blueprint.get("/api/articles/<id:id_>")
    @reads(service)
    def read(visible: Filters, id_: str) -> Json:
        read_params(NoParams, request.args)
        return {**whole(service.article(id_, visible)), "generation": service.generation(), "degraded": []}

    @blueprint.put("/api/articles/<id:id_>")
    @changes(service)
    def put(id_: str) -> Response:
        params = read_params(ChangeParams, request.args)
        record = article_record(json_body(request), id_)
        clean_article(record)  # refuses here, where the client can be told
        accepted = accept([Item(record, "body", 1)], service.changes, restores=True)
        return changed(service, accepted.sequence, params, {**ONE, **_ignored(accepted)})

    @blueprint.delete("/api/articles/<id:id_>")
    @changes(service)
    def delete(id_: str) -> Response:
        params = read_params(ChangeParams, request.args)
        (decision,), sequence = withdraw([id_], service.changes)
        if not isinstance(decision, Withdraw):
            raise NotFound(f"there is no article {id_!r}: {decision.why}")
        return changed(service, sequence, params, ONE)

    @blueprint.post("/api/articles")
    @changes(service)
    def send() -> Response:
        params = read_params(ChangeParams, request.args)
        records = read_jsonl(BytesIO(lines_body(request)), "body")
        accepted = accept(records, service.changes, most_told=MOST_LINES)
        told = {
            "accepted": accepted.added + accepted.updated + accepted.unchanged,
            "withdrawn": accepted.withdrawn,
            **_ignored(accepted),
            "refused": [
                {"line": each.line, "field": each.field, "value": each.value, "allowed": each.allowed}
                for each in accepted.refusals
            ],
        }
        return changed(service, accepted.sequence, params, told)

    return blueprint
