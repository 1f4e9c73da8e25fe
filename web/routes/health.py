"""Whether it lives, whether it can answer, what it counts, and what it answers to."""

from flask import Blueprint, Response, jsonify

from search.errors import BroadsheetError
from web.metrics import MIMETYPE, Gauge
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
        generation, damaged = service.engine.reader().generation, service.checkup.damaged
        service.visible()  # without a ledger that can be read nothing is answered
        needed = service.rebuild_needed()
        return answer({"status": "ready", "generation": generation, "damaged": damaged, "rebuild_needed": needed})

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(service.metrics.text(_gauges(service)), content_type=MIMETYPE)

    @blueprint.get("/openapi.json")
    def description() -> Response:
        return jsonify(openapi())

    return blueprint


def _gauges(service: Service) -> list[Gauge]:
    """How old the live generation is and what it lacks; without one, what waits for the first."""
    kept = Gauge("broadsheet_answers_kept", "Answers in the cache.", len(service.answers))
    try:
        reader = service.engine.reader()
    except BroadsheetError:
        waiting = service.ledger.count_changes(0)
        return [kept, Gauge("broadsheet_unpublished_changes", "Ledger changes that readers do not see.", waiting)]
    age = (service.clock() - reader.published_at).total_seconds()
    held = reader.sequence if service.ledger.knows_generation(reader.token) else 0
    return [
        kept,
        Gauge("broadsheet_generation_age_seconds", "Since the live generation was published.", age),
        Gauge("broadsheet_generation_sequence", "The last change of the ledger that readers see.", reader.sequence),
        Gauge(
            "broadsheet_unpublished_changes",
            "Ledger changes that readers do not see.",
            service.ledger.count_changes(held),
        ),
    ]
