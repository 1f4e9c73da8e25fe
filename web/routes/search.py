"""GET /api/search."""

from flask import Blueprint, Response, request

from search.present import search_answer
from web.params import SearchParams, read_params, search_request
from web.present import answer
from web.service import Service


def search_routes(service: Service) -> Blueprint:
    """The search of the API."""
    blueprint = Blueprint("search", __name__)

    @blueprint.get("/api/search")
    def search() -> Response:
        params = read_params(SearchParams, request.args)
        asked = search_request(params, service.visible())
        return answer(
            search_answer(asked, service.searcher.search(asked, service.signals.all()), explain=params.explain == "1")
        )

    return blueprint
