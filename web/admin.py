"""Changes: who may make them, how many at once, and what is answered when one is in the ledger."""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, abort, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from search.errors import Unavailable
from search.present import Json
from web.params import ChangeParams
from web.present import answer
from web.service import Service

PATIENCE_SECONDS = 30.0  # that ?wait=visible waits
CHALLENGE = WWWAuthenticate("bearer", {"realm": "changes"})

Given = ParamSpec("Given")


def changes(service: Service) -> Callable[[Callable[Given, Response]], Callable[Given, Response]]:
    """Makes a route of what changes something: for those with the token, and only so many at once."""

    def route(change: Callable[Given, Response]) -> Callable[Given, Response]:
        @wraps(change)
        def checked(*args: Given.args, **kwargs: Given.kwargs) -> Response:
            token = service.settings.admin_token
            if not token:
                abort(403, "changes are off: set SEARCH_ADMIN_TOKEN to allow them")
            scheme, _, given = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), token.encode()):
                message = "the header Authorization: Bearer TOKEN is missing or wrong"
                raise Unauthorized(message, www_authenticate=CHALLENGE)
            with service.writes.turn():
                return change(*args, **kwargs)

        return checked

    return route


def changed(service: Service, sequence: int, params: ChangeParams, told: Json) -> Response:
    """What is told of a change that is in the ledger, at once or when readers see it."""
    service.publisher.wake()
    if params.wait and not service.publisher.wait_until_visible(sequence, PATIENCE_SECONDS):
        raise Unavailable(f"change {sequence} is safe in the ledger, but not visible after {PATIENCE_SECONDS:.0f} s")
    return answer({"sequence": sequence, **told, "generation": service.generation(), "degraded": []})
