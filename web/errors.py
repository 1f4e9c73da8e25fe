"""One table from what went wrong to what the client is told."""

import logging

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, UnsupportedMediaType

from search.errors import BroadsheetError, Corrupt, InvalidValue, NotFound, Unavailable

STATUS: dict[type[BroadsheetError], tuple[int, str]] = {
    InvalidValue: (400, "invalid_value"),
    NotFound: (404, "not_found"),
    Unavailable: (503, "unavailable"),
    Corrupt: (503, "corrupt_index"),
}
RETRY_SECONDS = 2
log = logging.getLogger(__name__)


class NativePanic(Exception):
    """A native library gave up on a request: Rust's panics are no Exception to Python, and would end the thread."""


class Application(Flask):
    """Flask, which answers a native panic as any other error."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Runs the route. Raises NativePanic for what is neither an Exception nor meant to end the process."""
        try:
            return super().dispatch_request()
        except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as panic:
            raise NativePanic(str(panic)) from panic


def register_errors(app: Flask, site_name: str) -> None:
    """Answers errors to programs as JSON, to people as a page."""

    def asks_a_program() -> bool:
        is_for_programs = request.path.startswith("/api/") or request.blueprint == "health"
        return is_for_programs or request.method not in ("GET", "HEAD")

    def answer(status: int, code: str, message: str, field: str | None = None) -> Response:
        if asks_a_program():
            error = {"code": code, "message": message} | ({"field": field} if field else {})
            response = jsonify({"error": error})
        else:
            page = render_template("error.html", status=status, message=message, site_name=site_name)
            response = Response(page, mimetype="text/html")
        response.status_code = status
        if status == 503:
            response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def sentence(error: HTTPException) -> str:
        """What is wrong and what is allowed; of what only werkzeug knows, its own words."""
        if isinstance(error, UnsupportedMediaType):
            return f"Content-Type is {request.mimetype!r}, allowed: 'application/json'"
        if isinstance(error, RequestEntityTooLarge) and error.description == RequestEntityTooLarge.description:
            return f"body is too large, allowed: at most {request.max_content_length:,} bytes"
        return error.description or error.name

    @app.errorhandler(BroadsheetError)
    def told(error: BroadsheetError) -> Response:
        status, code = STATUS[type(error)]
        if status >= 500:
            log.error("%s: %s", request.path, error)
        message = "what is kept here is damaged; the log says how" if isinstance(error, Corrupt) else str(error)
        return answer(status, code, message, error.field if isinstance(error, InvalidValue) else None)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        code = error.name.lower().replace(" ", "_")
        response = answer(error.code or 500, code, sentence(error))
        own = [header for header in error.get_headers() if header[0] != "Content-Type"]
        response.headers.update(own)  # Allow, WWW-Authenticate, Retry-After
        return response

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        log.exception("%s failed", request.path, exc_info=error)
        return answer(500, "internal", "something went wrong here; the log says what")
