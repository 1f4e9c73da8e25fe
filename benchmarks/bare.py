"""What the service is measured against: a Flask route that does nothing: `python -m benchmarks.bare PORT`.

`/` is that route; `/plain` is answered without Flask, which shows what the server and the generator of load can do.
"""

import multiprocessing
import sys
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from search.settings import Settings
from web.admission import server_threads


def application() -> Callable[..., Iterable[bytes]]:
    """The two routes, as the server's worker process calls for them."""
    app = Flask(__name__)

    @app.get("/")
    def nothing() -> str:
        return ""

    def dispatch(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/plain":
            start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        return app.wsgi_app(environ, start_response)

    return dispatch


def main() -> None:
    """Serves until it is told to stop, as `web/serving.py` does."""
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "benchmarks.bare:application",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=server_threads(Settings().threads),
        factory=True,
        log_level=LogLevels.warning,
    )
    server.serve()


if __name__ == "__main__":
    main()
