"""One article: read it, put it, withdraw it."""

from flask import Blueprint, Response, request

from indexer.accept import accept, withdraw
from indexer.clean.article import clean_article
from indexer.decide import Withdraw
from indexer.item import Item
from search.errors import NotFound, Unavailable
from search.present import Json, whole
from web.admin import admin
from web.params import ChangeParams, NoParams, article_record, json_body, read_params
from web.present import answer
from web.service import Service

PATIENCE_SECONDS = 30.0  # that ?wait=visible waits


def article_routes(service: Service) -> Blueprint:
    """The articles of the API."""
    blueprint = Blueprint("articles", __name__)
    guarded = admin(service.settings.admin_token)

    def changed(sequence: int, params: ChangeParams) -> Response:
        service.publisher.wake()
        if params.wait and not service.publisher.wait_until_visible(sequence, PATIENCE_SECONDS):
            raise Unavailable(
                f"change {sequence} is safe in the ledger, but not visible after {PATIENCE_SECONDS:.0f} s"
            )
        body: Json = {"sequence": sequence, "accepted": 1, "refused": [], "generation": None, "degraded": []}
        return answer({**body, "generation": service.generation()})

    @blueprint.get("/api/articles/<id:id_>")
    def read(id_: str) -> Response:
        read_params(NoParams, request.args)
        article = service.article(id_)
        return answer({**whole(article), "generation": service.generation(), "degraded": []})

    @blueprint.put("/api/articles/<id:id_>")
    @guarded
    def put(id_: str) -> Response:
        params = read_params(ChangeParams, request.args)
        record = article_record(json_body(request), id_)
        clean_article(record)  # refuses here, where the client can be told
        return changed(accept([Item(record, "body", 1)], service.changes, restores=True).sequence, params)

    @blueprint.delete("/api/articles/<id:id_>")
    @guarded
    def delete(id_: str) -> Response:
        params = read_params(ChangeParams, request.args)
        (decision,), sequence = withdraw([id_], service.changes)
        if not isinstance(decision, Withdraw):
            raise NotFound(f"there is no article {id_!r}: {decision.why}")
        return changed(sequence, params)

    return blueprint
