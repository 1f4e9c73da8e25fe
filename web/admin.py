"""Who may change things: whoever sends the site's token."""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, abort, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

CHALLENGE = WWWAuthenticate("bearer", {"realm": "changes"})

Given = ParamSpec("Given")
Route = Callable[Given, Response]


def admin(token: str) -> Callable[[Route[Given]], Route[Given]]:
    """Lets a request reach a route only with `Authorization: Bearer TOKEN`, else 401; without a token nobody, 403."""

    def guarded(route: Route[Given]) -> Route[Given]:
        @wraps(route)
        def checked(*args: Given.args, **kwargs: Given.kwargs) -> Response:
            if not token:
                abort(403, "changes are off: set SEARCH_ADMIN_TOKEN to allow them")
            scheme, _, given = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), token.encode()):
                message = "the header Authorization: Bearer TOKEN is missing or wrong"
                raise Unauthorized(message, www_authenticate=CHALLENGE)
            return route(*args, **kwargs)

        return checked

    return guarded
