"""GET /api/hot."""

from flask import Blueprint, request

from search.present import Json, hot_answer
from search.request import Filters
from web.params import HotParams, hot_request, read_params
from web.reading import reads
from web.service import Service


def hot_routes(service: Service) -> Blueprint:
    """What readers go to."""
    blueprint = Blueprint("hot", __name__)

    @blueprint.get("/api/hot")
    @reads(service)
    def hot(visible: Filters) -> Json:
        asked = hot_request(read_params(HotParams, request.args), visible)
        return hot_answer(asked, service.trender.hot(asked, service.signals.all()))

    return blueprint
