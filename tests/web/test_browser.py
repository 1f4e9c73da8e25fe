"""The widgets in a real browser, on a page of another origin; where there is no browser, this is skipped."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

from tests.web.test_serving import Service, started

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --virtual-time-budget=10000 --timeout=20000"
).split()
PAGE = """<!doctype html><title>A CMS</title>
<script src="{service}/static/widgets.js" defer></script>
<related-articles id="plain" article="bridge"></related-articles>
<related-articles id="one" article="bridge" limit="1"></related-articles>
<related-articles id="less" article="bridge" exclude="ferry
 opening"></related-articles>
<related-articles id="unknown" article="nothing">Nothing yet</related-articles>
"""
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = started(tmp_path_factory.mktemp("home"), "serve")
    for id_, title in (
        ("bridge", "Harbour bridge closes"),
        ("ferry", "Ferry for the harbour bridge"),
        ("opening", "A <b>harbour</b> bridge & a ferry"),
    ):
        record = {"title": title.replace("<", "&lt;"), "body": "Engineers found rust on the harbour bridge."}
        assert service.ask("PUT", f"/api/articles/{id_}?wait=visible", {**record, "summary": id_ * 9})[0] == 200
    yield service
    service.stop()


def rendered(folder: Path, address: str) -> lxml.html.HtmlElement:
    """The page as the browser has it once its scripts have run."""
    command = [BROWSER or "", *FLAGS, f"--user-data-dir={folder}", "--dump-dom", address]
    output = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    return lxml.html.fromstring(output)


def test_one_script_tag_puts_related_articles_into_a_page_of_another_origin(service: Service, tmp_path: Path) -> None:
    home = f"http://127.0.0.1:{service.port}"
    page = PAGE.format(service=home).encode()

    class Cms(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *arguments: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cms) as cms:
        threading.Thread(target=cms.serve_forever, daemon=True).start()
        document = rendered(tmp_path, f"http://localhost:{cms.server_port}/")
        cms.shutdown()
    boxes = {box.get("id"): box for box in document.iter("related-articles")}
    related = service.ask("GET", "/api/articles/bridge/related")[1]["items"]
    offered = [(item["title"], f"{home}/articles/{item['id']}") for item in related]
    assert offered
    assert [(link.text_content(), link.get("href")) for link in boxes["plain"].iter("a")] == offered
    assert [link.text_content() for link in boxes["one"].iter("a")] == [offered[0][0]]
    assert list(boxes["less"].iter("a")) == []
    assert boxes["unknown"].text_content() == "Nothing yet"
