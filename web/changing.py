"""Changes of articles: how many at once, and what is answered when one is in the ledger."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response

from search.errors import Unavailable
from search.present import Json
from web.admin import admin
from web.params import ChangeParams
from web.present import answer
from web.service import Service

PATIENCE_SECONDS = 30.0  # that ?wait=visible waits

Given = ParamSpec("Given")


def changes(service: Service) -> Callable[[Callable[Given, Response]], Callable[Given, Response]]:
    """Makes a route of what changes articles: for those with the token, and only so many at once."""

    def route(change: Callable[Given, Response]) -> Callable[Given, Response]:
        @wraps(change)
        def in_turn(*args: Given.args, **kwargs: Given.kwargs) -> Response:
            with service.writes.turn():
                return change(*args, **kwargs)

        return admin(service.settings.admin_token)(in_turn)

    return route


def changed(service: Service, sequence: int, params: ChangeParams, told: Json) -> Response:
    """What is told of a change that is in the ledger, at once or when readers see it."""
    service.publisher.wake()
    if params.wait and not service.publisher.wait_until_visible(sequence, PATIENCE_SECONDS):
        raise Unavailable(f"change {sequence} is safe in the ledger, but not visible after {PATIENCE_SECONDS:.0f} s")
    return answer({"sequence": sequence, **told, "generation": service.generation(), "degraded": []})
