"""GET /api/search."""

from flask import Blueprint, request

from search.present import Json, search_answer
from search.request import Filters
from web.params import SearchParams, read_params, search_request
from web.reading import reads
from web.service import Service


def search_routes(service: Service) -> Blueprint:
    """The search of the API."""
    blueprint = Blueprint("search", __name__)

    @blueprint.get("/api/search")
    @reads(service)
    def search(visible: Filters) -> Json:
        params = read_params(SearchParams, request.args)
        asked = search_request(params, visible)
        result = service.searcher.search(asked, service.signals.all())
        return search_answer(asked, result, explain=params.explain == "1")

    return blueprint
