"""A site on this machine that answers what a test says."""

import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class WebSite:
    """Answers by path: a body, or a status with headers; `asked` are the paths that were asked for."""

    address: str
    pages: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, tuple[int, Mapping[str, str]]] = field(default_factory=dict)  # each is answered once
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def web_site() -> Iterator[WebSite]:
    site = WebSite("")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, headers = site.statuses.pop(self.path, (200 if self.path in site.pages else 404, {}))
            if self.path in site.redirects:
                status, headers = 302, {"Location": site.redirects[self.path]}
            body = site.pages.get(self.path, b"") if status == 200 else b""
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site.address = f"http://127.0.0.1:{server.server_port}"
        yield site
        server.shutdown()
