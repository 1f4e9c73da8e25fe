"""The front of the service: what the cache has is answered here, and Flask never hears of it."""

import time
from collections.abc import Iterable
from http.client import responses
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from search.errors import BroadsheetError
from web.cache import Asked, Kept
from web.service import Service


class Front:
    """A WSGI application before another: answers GETs that were answered before, where that answer is right still."""

    def __init__(self, service: Service, behind: WSGIApplication) -> None:
        self._service, self._behind = service, behind

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers, or has the application behind answer."""
        started = time.perf_counter()
        kept = self._kept(environ) if environ["REQUEST_METHOD"] == "GET" else None
        if kept is None:
            return self._behind(environ, start_response)
        status, headers, body = kept.told(environ.get("HTTP_IF_NONE_MATCH"), started)
        start_response(f"{status} {responses[status]}", headers)
        self._service.metrics.note(kept.route, "GET", status, time.perf_counter() - started)
        self._service.metrics.note_cache(is_hit=True)
        return [body]

    def _kept(self, environ: WSGIEnvironment) -> Kept | None:
        service = self._service
        entry = service.answers.find(asked(environ))
        if entry is None:
            return None
        try:
            visible = service.visible()
            state = service.state(service.engine.reader(), visible)
        except BroadsheetError:  # told by what is behind
            return None
        return entry.kept if entry.is_right(state, visible.now) else None


def asked(environ: WSGIEnvironment) -> Asked:
    """A GET as it was written, with the host, which some answers repeat."""
    return environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ["QUERY_STRING"]
