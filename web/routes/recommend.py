"""For you: what to read next for somebody who tells what they have read. It is not kept."""

from flask import Blueprint, Response, request

from search.present import for_you_answer
from web.params import NoParams, for_you_request, json_body, read_params
from web.present import answer
from web.service import Service

LARGEST_READ = 200_000  # bytes: a hundred of the longest ids, in their most wasteful escapes


def recommend_routes(service: Service) -> Blueprint:
    """`POST /api/recommend`: what was read stands in the body, and so in no log, no cache and no address."""
    blueprint = Blueprint("recommend", __name__)

    @blueprint.post("/api/recommend")
    def recommend() -> Response:
        read_params(NoParams, request.args)
        request.max_content_length = LARGEST_READ
        asked = for_you_request(json_body(request), service.visible())
        with service.reads.turn():
            result = service.for_you.recommend(asked, service.signals.all())
        return answer(for_you_answer(result))

    return blueprint
