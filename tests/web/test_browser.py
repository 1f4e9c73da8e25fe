"""The scripts in a real browser: the widgets on a page of another origin, and what our pages tell of readers.

Where there is no browser, this is skipped.
"""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from indexer.cli.group import now
from indexer.events.tally import Outcomes
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from indexer.ledger_report import ReportStore
from indexer.reporting.rate import Rate
from indexer.reporting.report import Report, read_report
from search.result import EPOCH
from tests.web.chromium import CHROMIUM, chromium
from tests.web.newsroom import eventually
from tests.web.test_serving import Service, started

PAGE = """<!doctype html><title>A CMS</title>
<script src="{service}/static/widgets.js" defer></script>
<related-articles id="plain" article="bridge"></related-articles>
<related-articles id="one" article="bridge" limit="1"></related-articles>
<related-articles id="less" article="bridge" exclude="ferry
 opening"></related-articles>
<related-articles id="unknown" article="nothing">Nothing yet</related-articles>
"""
FOR_YOU = """<!doctype html><title>A CMS</title>
<script src="{service}/static/widgets.js" defer></script>
<for-you article="{read}"></for-you>
"""
TOLD = """<!doctype html><title>A CMS</title>
<script src="{service}/static/widgets.js" defer></script>
<script src="{service}/static/readers.js" type="module"></script>
<article data-view="bridge"></article>
<related-articles article="bridge"></related-articles>
"""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


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


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a site of another origin than the service's."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://localhost:{site.server_port}/"
        site.shutdown()


class Cms(http.server.BaseHTTPRequestHandler):
    """A site whose pages are what they are asked for in the query string."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(unquote(self.path.partition("?")[2]).encode())

    def log_message(self, *arguments: object) -> None: ...


def test_one_script_tag_puts_related_articles_into_a_page_of_another_origin(service: Service, tmp_path: Path) -> None:
    home = f"http://127.0.0.1:{service.port}"
    with serving(Cms) as cms, chromium(tmp_path / "profile") as browser:
        page = browser.open(f"{cms}?{quote(PAGE.format(service=home))}")
        page.waited_for("document.querySelector('#one a') && document.querySelector('#plain a')")
        page.rest(0.5)  # what comes to be empty stays so
        boxes = {box.get("id"): box for box in page.document().iter("related-articles")}
    related = service.ask("GET", "/api/articles/bridge/related")[1]["items"]
    offered = [(item["title"], f"{home}/articles/{item['id']}") for item in related]
    assert offered
    assert [(link.text_content(), link.get("href")) for link in boxes["plain"].iter("a")] == offered
    assert [link.text_content() for link in boxes["one"].iter("a")] == [offered[0][0]]
    assert list(boxes["less"].iter("a")) == []
    assert boxes["unknown"].text_content() == "Nothing yet"


def test_what_was_read_on_pages_before_is_not_offered_and_is_known_to_the_browser_alone(
    service: Service, tmp_path: Path
) -> None:
    home = f"http://127.0.0.1:{service.port}"
    with serving(Cms) as cms, chromium(tmp_path / "profile") as browser:
        for read in ("bridge", "ferry"):
            body = FOR_YOU.format(service=home, read=read)
            page = browser.open(f"{cms}?{quote(body)}").waited_for("document.querySelector('for-you a')")
        links = page.document().xpath("//for-you//a/@href")
        assert page.value("localStorage.broadsheetRead") == '["bridge","ferry"]'
    assert links == [f"{home}/articles/opening"]


PERSON = ("--user-agent=Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "--window-size=1280,2000")  # headless: a robot
TOLD_SECONDS = 3  # the script waits for one before it tells


def report(home: Path, searches: int, places: int = 0) -> Report:
    """What the ledger has of readers, once it has so many searches, and links seen in so many places."""
    with Ledger(home / "ledger.sqlite3") as ledger:

        def told() -> Report:
            return read_report(ReportStore(ledger), now(), 1)

        assert eventually(lambda: told().searches.searches >= searches and len(told().places) >= places), told()
        return told()


def positions_of(report: Report) -> dict[str, dict[int, Rate]]:
    return {each.place: dict(each.positions) for each in report.places}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def quiet(home: Path) -> Iterator[Service]:
    """A service of its own whose counts begin at nothing."""
    service = started(home, "serve")
    for id_, title in (("bridge", "Harbour bridge closes"), ("ferry", "Ferry for the harbour bridge")):
        record = {"title": title, "body": f"Engineers found rust on the harbour bridge {id_}."}
        assert service.ask("PUT", f"/api/articles/{id_}?wait=visible", record)[0] == 200
    yield service
    service.stop()


def test_our_pages_tell_what_a_reader_searched_saw_and_viewed(quiet: Service, home: Path, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{quiet.port}"
    with chromium(tmp_path / "profile", *PERSON) as browser:
        page = browser.open(f"{address}/articles/bridge")
        assert page.value("document.querySelectorAll('[data-place=related] > li').length") == 1
        report(home, 0, places=1)  # the next tab hides this one, and nobody sees what is hidden
        browser.open(f"{address}/search?q=harbour+bridge")
        report(home, 1, places=2)
        browser.open(f"{address}/search?q=zeppelin&mode=lexical")
        told = report(home, 2, places=2)
    assert told.searches == Outcomes(searches=2, unanswered=1)
    assert positions_of(told) == {"search": {1: Rate(0, 1), 2: Rate(0, 1)}, "related": {1: Rate(0, 1)}}
    with Ledger(home / "ledger.sqlite3") as ledger:
        assert EventStore(ledger).reads_since(EPOCH)["bridge"].views == 1


def test_a_page_of_another_origin_tells_what_became_of_its_boxes(quiet: Service, home: Path, tmp_path: Path) -> None:
    body = TOLD.format(service=f"http://127.0.0.1:{quiet.port}")
    with serving(Cms) as cms, chromium(tmp_path / "profile", *PERSON) as browser:
        page = browser.open(f"{cms}?{quote(body)}").waited_for("document.querySelector('related-articles a')")
        report(home, 0, places=1)
        page.value("document.querySelector('related-articles a').click()")
        clicked = {"related": {1: Rate(1, 1)}}
        with Ledger(home / "ledger.sqlite3") as ledger:
            assert eventually(lambda: positions_of(read_report(ReportStore(ledger), now(), 1)) == clicked)
            assert EventStore(ledger).reads_since(EPOCH)["bridge"].views == 1


def test_a_robot_with_a_browser_is_not_counted(quiet: Service, home: Path, tmp_path: Path) -> None:
    with chromium(tmp_path / "profile") as browser:
        browser.open(f"http://127.0.0.1:{quiet.port}/search?q=harbour+bridge").rest(TOLD_SECONDS)
    status, _ = quiet.ask("POST", "/api/events", {"events": [{"type": "search", "visitor": "v", "query": "ferry"}]})
    assert status == 202
    assert report(home, 1).searches == Outcomes(searches=1)


LIST = """<!doctype html><title>A search</title>{before}
<div data-search="harbour bridge" data-total="2"></div>
<ol data-place="search" data-query="harbour bridge">
<li data-article="bridge" data-position="11" data-team="b"><h2><a href="#one">Bridge</a></h2>
<p><a href="#section">News</a></p></li>
<li data-article="ferry" data-position="12" style="margin-top: 9000px"><h2><a href="#two">Ferry</a></h2></li>
</ol>
<script src="/static/readers.js" type="module"></script>
<script type="module">for (const link of document.querySelectorAll("a")) link.click();</script>
"""


def told_by(page: str, folder: Path) -> list[dict[str, object]]:
    """The events that the script tells of a page, and nothing else: no request carries a cookie."""
    script = (Path(__file__).parents[2] / "web/static/readers.js").read_bytes()
    events: list[dict[str, object]] = []

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path.endswith("readers.js")
            self._answer(script if is_script else page.encode(), "text/javascript" if is_script else "text/html")

        def do_POST(self) -> None:
            assert (self.path, self.headers["Cookie"]) == ("/api/events", None)
            events.extend(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["events"])
            self._answer(b"{}", "application/json")

        def _answer(self, body: bytes, mimetype: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", mimetype)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None: ...

    with serving(Site) as address, chromium(folder / "profile") as browser:
        browser.open(address).rest(TOLD_SECONDS)
    return events


def test_a_link_is_told_when_it_is_seen_and_when_its_headline_is_clicked(tmp_path: Path) -> None:
    events = told_by(LIST.format(before=""), tmp_path)
    (visitor,) = {each.pop("visitor") for each in events}
    assert isinstance(visitor, str)
    assert len(visitor) > 12
    first = {"article": "bridge", "place": "search", "query": "harbour bridge", "position": 11, "team": "b"}
    second = {"article": "ferry", "place": "search", "query": "harbour bridge", "position": 12}
    assert sorted(events, key=lambda each: (str(each["type"]), str(each.get("article")))) == [
        {"type": "click", **first},
        {"type": "click", **second},
        {"type": "impression", **first},
        {"type": "search", "query": "harbour bridge", "total": 2},
    ]


def test_who_asks_not_to_be_tracked_is_not_counted(tmp_path: Path) -> None:
    before = "<script>Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })</script>"
    assert told_by(LIST.format(before=before), tmp_path) == []
