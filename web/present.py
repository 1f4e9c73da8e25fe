"""Every way out: answers with what each of them carries."""

import time
from collections.abc import Callable

from flask import Response, g, jsonify, request

from search.present import Json
from web.metrics import Metrics

# A browser runs nothing but our own files, and keeps readers' queries to itself.
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' https: http:;"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

ANY_PAGE = {"Access-Control-Allow-Origin": "*"}  # of any site may read it: what anybody may read, and scripts


def start_clock() -> None:
    """Notes when a request came."""
    g.started = time.perf_counter()


def answer(body: Json, status: int = 200) -> Response:
    """A JSON answer, and the milliseconds it took."""
    took = (time.perf_counter() - g.started) * 1000
    response = jsonify({**body, "took_ms": round(took, 2)})
    response.status_code = status
    return response


def counted(metrics: Metrics) -> Callable[[Response], Response]:
    """Counts every answer by its route, as the rule is written and not the address: that is anybody's text."""

    def count(response: Response) -> Response:
        rule = request.url_rule
        route, method = (rule.rule, request.method) if rule else ("none", "any")
        metrics.note(route, method, response.status_code, time.perf_counter() - g.started)
        return response

    return count


def secure(response: Response) -> Response:
    """Adds the headers of every answer. What does not say that it may be kept may not."""
    response.headers.update(SECURITY)
    response.headers.setdefault("Cache-Control", "no-store")
    if request.endpoint == "static":
        response.headers.update(ANY_PAGE)
    return response
