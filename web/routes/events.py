"""POST /api/events."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, request

from indexer.events.event import Event, read_event, time_of
from indexer.events.robots import is_robot
from search.errors import InvalidValue
from web.params import NoParams, event_records, json_body, read_params
from web.present import answer
from web.service import Service

LARGEST_BODY = 1_000_000  # bytes: a thousand events of the longest fields that are likely


def event_routes(service: Service) -> Blueprint:
    """Where a site tells what its readers saw and clicked."""
    blueprint = Blueprint("events", __name__)

    @blueprint.post("/api/events")
    def take() -> Response:
        read_params(NoParams, request.args)
        request.max_content_length = LARGEST_BODY
        read = list(_read(event_records(json_body(request, is_plain=True)), service.clock()))
        events = [each for each in read if isinstance(each, Event)]
        refused = [each for each in read if not isinstance(each, Event)]
        sender = request.headers.get("User-Agent", "")
        of_people = [event for event in events if not is_robot(event.agent or sender)]
        service.intake.put(of_people)
        told = {"accepted": len(of_people), "robots": len(events) - len(of_people), "refused": refused}
        return answer({**told, "generation": service.generation(), "degraded": []}, 202)

    return blueprint


def _read(records: list[object], now: datetime) -> Iterator[Event | Mapping[str, object]]:
    """Each event, its time known; or where it stands among the records and what is wrong with it."""
    for index, record in enumerate(records):
        try:
            if not isinstance(record, dict):
                raise InvalidValue("event", record, "a JSON object")
            event = read_event(record)
            yield replace(event, at=time_of(event, now))
        except InvalidValue as error:
            yield {"index": index, "field": error.field, "value": error.value, "allowed": error.allowed}
