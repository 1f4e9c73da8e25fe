import logging
from pathlib import Path

import lxml.html
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotImplemented as NotBuilt
from werkzeug.exceptions import TooManyRequests

from search.errors import BroadsheetError, Corrupt, InvalidValue, NotFound, Unavailable
from tests.web.newsroom import Newsroom
from web.errors import STATUS

FAILURES: dict[str, Exception] = {
    "invalid": InvalidValue("size", 500, "1 to 50"),
    "missing": NotFound("there is no article 'x'"),
    "unavailable": Unavailable("nothing is published yet"),
    "corrupt": Corrupt("lexical/a is missing"),
    "unforeseen": ZeroDivisionError("password is hunter2"),
    "busy": TooManyRequests(retry_after=7),
    "not-built": NotBuilt(),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The service, and a route under /api and one beside it that fail as they are told to."""
    app = Newsroom(tmp_path_factory.mktemp("home")).app

    def fail(kind: str) -> str:
        raise FAILURES[kind]

    def panic() -> str:
        raise Panic("index out of bounds")

    def end(kind: str) -> str:
        raise {"KeyboardInterrupt": KeyboardInterrupt, "SystemExit": SystemExit}[kind]

    app.add_url_rule("/api/panic", "/api/panic", panic)
    app.add_url_rule("/panic", "/panic", panic)
    app.add_url_rule("/api/end/<kind>", "/api/end/<kind>", end)
    for path in ("/api/fail/<kind>", "/fail/<kind>"):
        app.add_url_rule(path, path, fail, methods=["GET", "POST"])
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


TABLE: list[tuple[str, int, dict[str, str]]] = [
    ("invalid", 400, {"code": "invalid_value", "message": "size is 500, allowed: 1 to 50", "field": "size"}),
    ("missing", 404, {"code": "not_found", "message": "there is no article 'x'"}),
    ("unavailable", 503, {"code": "unavailable", "message": "nothing is published yet"}),
    ("corrupt", 503, {"code": "corrupt_index", "message": "what is kept here is damaged; the log says how"}),
    ("unforeseen", 500, {"code": "internal", "message": "something went wrong here; the log says what"}),
]


@pytest.mark.parametrize(("kind", "status", "error"), TABLE)
def test_an_error_has_its_status_and_says_what_is_wrong(
    client: FlaskClient, kind: str, status: int, error: dict[str, str]
) -> None:
    response = client.get(f"/api/fail/{kind}")
    assert (response.status_code, response.get_json()) == (status, {"error": error})


@pytest.mark.parametrize(("kind", "status", "error"), TABLE)
def test_an_error_outside_the_api_is_a_page(client: FlaskClient, kind: str, status: int, error: dict[str, str]) -> None:
    response = client.get(f"/fail/{kind}")
    assert (response.status_code, response.mimetype) == (status, "text/html")
    text = lxml.html.fromstring(response.text).text_content()
    assert kind == "missing" or error["message"] in text


def test_a_program_that_posts_outside_the_api_is_told_in_json(client: FlaskClient) -> None:
    assert client.post("/fail/missing").get_json() == {"error": TABLE[1][2]}


class Panic(BaseException):
    """As pyo3 raises where Rust panics: no Exception."""


@pytest.mark.parametrize("path", ["/api/panic", "/panic"])
def test_a_native_panic_is_an_error_of_one_request_and_no_more(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    response = client.get(path)
    assert response.status_code == 500
    assert "index out of bounds" not in response.text
    assert "index out of bounds" in caplog.text
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_what_is_to_end_the_process_does(client: FlaskClient, end: type[BaseException]) -> None:
    with pytest.raises(end):
        client.get(f"/api/end/{end.__name__}")


def test_every_kind_of_error_has_its_row() -> None:
    assert set(STATUS) == set(BroadsheetError.__subclasses__())


@pytest.mark.parametrize("path", ["/api/fail/unforeseen", "/fail/unforeseen"])
def test_an_unforeseen_error_tells_the_log_and_not_the_client(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    response = client.get(path)
    for secret in ("hunter2", "ZeroDivision", "Traceback"):
        assert secret not in response.text
    assert "hunter2" in caplog.text


def test_what_can_be_had_later_says_when(client: FlaskClient) -> None:
    waits = [
        client.get(f"/api/fail/{kind}").headers.get("Retry-After") for kind in ("unavailable", "corrupt", "missing")
    ]
    assert waits == ["2", "2", None]


def test_an_index_that_is_not_whole_is_logged_and_a_wrong_value_is_not(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/api/fail/invalid")
    client.get("/api/fail/corrupt")
    logged = [(record.levelno, record.getMessage()) for record in caplog.records if record.name == "web.errors"]
    assert logged == [(logging.ERROR, "/api/fail/corrupt: lexical/a is missing")]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("POST", "/api/search", 405, "method_not_allowed"),
        ("POST", "/nothing", 404, "not_found"),
        ("GET", "/api/fail/busy", 429, "too_many_requests"),
        ("GET", "/api/fail/not-built", 501, "not_implemented"),
    ],
)
def test_what_http_refuses_is_told_in_the_same_shape(
    client: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    response = client.open(path, method=method)
    error = response.get_json()["error"]
    assert (response.status_code, error["code"], set(error)) == (status, code, {"code", "message"})


def test_the_headers_of_a_refusal_are_kept(client: FlaskClient) -> None:
    assert client.get("/api/fail/busy").headers["Retry-After"] == "7"
    assert set(client.post("/api/search").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.post("/api/search").headers.getlist("Content-Type") == ["application/json"]


def test_errors_carry_the_headers_that_lock_the_browser_down(client: FlaskClient) -> None:
    for path in ("/api/fail/unforeseen", "/fail/unforeseen", "/nothing"):
        assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_of_the_home_folder_is_told_to_readers(tmp_path: Path) -> None:
    response = Newsroom(tmp_path).get("/api/search")
    assert response.status_code == 503
    assert str(tmp_path) not in response.text
