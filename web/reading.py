"""Reading: answers to GET that everybody may keep, and must ask about before showing them again.

An answer is made from the request and `Service.state`: the generation, what is hidden now, and whatever else steers it.
While that is the same, the next is taken from the cache, in `web/front.py`. Its ETag is of its content, so that a
browser's copy is good for as long as it is right.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import Response, current_app, g, request

from search.present import Json
from search.request import Filters
from web.cache import JSON, Entry, Kept
from web.front import asked
from web.service import Service

ETAG_LENGTH = 32  # hexadecimal digits of SHA-256

Given = ParamSpec("Given")


@dataclass(frozen=True, slots=True)
class Text:
    """An answer that is no JSON."""

    text: str
    mimetype: str = "text/html"


def reads(
    service: Service, *, is_kept: bool = True
) -> Callable[[Callable[Concatenate[Filters, Given], Json | Text]], Callable[Given, Response]]:
    """Makes a route of what answers a GET: given what is visible, it returns JSON or text.

    Where answers are kept here it must ask for nothing else that changes: what `Service.state` leaves out comes to
    readers up to a minute late.
    """

    def route(made: Callable[Concatenate[Filters, Given], Json | Text]) -> Callable[Given, Response]:
        @wraps(made)
        def answered(*args: Given.args, **kwargs: Given.kwargs) -> Response:
            visible = service.visible()
            state = service.state(service.engine.reader(), visible)
            with service.reads.turn():
                kept = _kept(made(visible, *args, **kwargs))
            if (
                is_kept and service.state(service.engine.reader(), service.visible()) == state
            ):  # else it may be of another
                service.answers.keep(asked(request.environ), Entry(kept, state, visible.now))
            service.metrics.note_cache(is_hit=False)
            status, headers, body = kept.told(request.headers.get("If-None-Match"), g.started)
            return Response(body, status, headers)

        return answered

    return route


def _kept(made: Json | Text) -> Kept:
    """The answer as it is kept. The ETag leaves out the generation: another one may say the same."""
    route = request.url_rule.rule if request.url_rule else ""
    if isinstance(made, Text):
        body = made.text.encode()
        return Kept(route, made.mimetype, body, _etag(body))
    said = {name: value for name, value in made.items() if name != "generation"}
    body = _dumps(said)[:-1].encode()
    return Kept(route, JSON, b'%s,"generation":%s' % (body, _dumps(made["generation"]).encode()), _etag(body))


def _dumps(value: object) -> str:
    return current_app.json.dumps(value, separators=(",", ":"))


def _etag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:ETAG_LENGTH]
