"""Whether it lives, whether it can answer, and what it answers to."""

from flask import Blueprint, Response, jsonify

from web.openapi import openapi
from web.present import answer
from web.service import Service


def health_routes(service: Service) -> Blueprint:
    """What operators and tools ask."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return answer({"status": "alive"})

    @blueprint.get("/readyz")
    def ready() -> Response:
        return answer({"status": "ready", "generation": service.engine.reader().generation})

    @blueprint.get("/openapi.json")
    def description() -> Response:
        return jsonify(openapi())

    return blueprint
