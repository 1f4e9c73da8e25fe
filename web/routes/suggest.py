"""GET /api/suggest."""

from flask import Blueprint, request, url_for

from search.present import Json, suggest_answer
from search.request import Filters, SuggestRequest
from search.result import Suggestion
from web.params import SuggestParams, read_params
from web.reading import reads
from web.service import Service


def suggest_routes(service: Service) -> Blueprint:
    """What a reader may be typing."""
    blueprint = Blueprint("suggest", __name__)

    @blueprint.get("/api/suggest")
    @reads(service, is_kept=False)  # what others searched comes and goes, and nobody types it twice
    def suggest(visible: Filters) -> Json:
        params = read_params(SuggestParams, request.args)
        asked = SuggestRequest(params.q, visible, params.limit)
        return suggest_answer(service.suggester.suggest(asked), _address)

    return blueprint


def _address(suggestion: Suggestion) -> str:
    """The page that a suggestion leads to."""
    if suggestion.kind == "title":
        return url_for("pages.article", id_=suggestion.article)
    if suggestion.kind == "query":
        return url_for("pages.search", q=suggestion.text)
    if suggestion.kind == "section":
        return url_for("pages.search", section=suggestion.text)
    return url_for("pages.search", tag=suggestion.text)
