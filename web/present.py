"""Every way out: answers with what each of them carries."""

import time

from flask import Response, g, jsonify

from search.present import Json


def start_clock() -> None:
    """Notes when a request came."""
    g.started = time.perf_counter()


def answer(body: Json, status: int = 200) -> Response:
    """A JSON answer, and the milliseconds it took."""
    took = (time.perf_counter() - g.started) * 1000
    response = jsonify({**body, "took_ms": round(took, 2)})
    response.status_code = status
    return response


def secure(response: Response) -> Response:
    """Headers that let a browser run nothing but our own files, and keep readers' queries to themselves."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' https: http:;"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
