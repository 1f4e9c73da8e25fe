import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pydantic import BaseModel

from search.article import Article
from search.errors import Corrupt
from tests.web.newsroom import TOKEN, Newsroom, bearer
from web.answers import Error
from web.openapi import OPERATIONS, Operation
from web.params import (
    AuditParams,
    ChangeParams,
    NoParams,
    RelatedParams,
    SearchParams,
    SignalDeleteParams,
    SignalsParams,
    SuggestParams,
)

BODIES = {
    "Article": {"title": "More rain"},
    "Draft": {"title": "More rain"},
    "SignalRecord": {"kind": "pin", "article": "rain", "place": "all"},
    "Events": {"events": [{"type": "view", "article": "rain", "visitor": "v"}, {"type": "look"}]},
    "Read": {"read": ["rain"]},
}
METHODS = {"GET", "PUT", "POST", "DELETE", "PATCH"}


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"), [Article("rain", "Rain"), Article("sun", "Sun")])


@pytest.fixture(scope="module")
def description(newsroom: Newsroom) -> Any:
    return newsroom.json("/openapi.json")


def operations(description: Any) -> Iterator[tuple[str, str, Any]]:
    """Method, path and description of every operation."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_the_service_is_alive_before_anything_is_published(tmp_path: Path) -> None:
    answer = Newsroom(tmp_path).json("/healthz")
    assert {**answer, "took_ms": 0} == {"status": "alive", "took_ms": 0}


def test_the_service_is_ready_once_a_generation_is_loaded(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    waiting = newsroom.get("/readyz")
    assert (waiting.status_code, waiting.get_json()["error"]["code"]) == (503, "unavailable")
    assert int(waiting.headers["Retry-After"]) > 0
    newsroom.put("rain", {"title": "Rain"})
    answer = newsroom.json("/readyz")
    ready = {"status": "ready", "generation": "000001", "damaged": None, "rebuild_needed": None, "took_ms": 0}
    assert {**answer, "took_ms": 0} == ready


def test_a_ledger_that_cannot_be_read_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom = Newsroom(tmp_path, [Article("rain", "Rain")])
    ledger = newsroom.app.extensions["broadsheet"].ledger
    monkeypatch.setattr(type(ledger), "hidden_from", Mock(side_effect=Corrupt("it is not a whole ledger")))
    response = newsroom.get("/readyz")
    assert (response.status_code, response.get_json()["error"]["code"]) == (503, "corrupt_index")


def test_an_index_that_is_not_of_the_settings_is_told(tmp_path: Path) -> None:
    Newsroom(tmp_path, [Article("rain", "Rain")])
    service = Newsroom(tmp_path).app.extensions["broadsheet"]
    settings = replace(service.settings, language="german")
    said = "the index is in english, the settings say german"
    assert replace(service, settings=settings).rebuild_needed() == said


def test_what_is_damaged_is_told_once_every_byte_was_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    whole = Newsroom(tmp_path, [Article("rain", "Rain")], has_model=False)
    checkup = whole.app.extensions["broadsheet"].checkup
    checkup.wait(30)
    assert whole.json("/readyz")["damaged"] == []
    file = tmp_path / "index" / "000001" / "vectors" / "columns.npz"
    file.write_bytes(bytes([*file.read_bytes()[:-1], 1]))
    damaged = Newsroom(tmp_path, has_model=False)
    damaged.app.extensions["broadsheet"].checkup.wait(30)
    told = damaged.json("/readyz")["damaged"]
    assert told == ["vectors/columns.npz is changed: its SHA-256 is another"]
    assert f"generation 000001: {told[0]}; run search-index verify --fix" in caplog.text


def test_a_generation_that_is_not_whole_is_not_ready(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [Article("rain", "Rain")], has_model=False)
    (tmp_path / "index" / "000001" / "manifest.json").write_text("{}")
    response = newsroom.get("/readyz")
    assert (response.status_code, response.get_json()["error"]["code"]) == (503, "corrupt_index")


def test_the_description_lists_exactly_the_routes_of_the_api(newsroom: Newsroom, description: Any) -> None:
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+?)_?>", r"{\1}", rule.rule))
        for rule in newsroom.app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule in ("/healthz", "/readyz")
        for method in (rule.methods or set()) & METHODS
    }
    assert {(method, path) for method, path, _ in operations(description)} == routes
    assert ("GET", "/api/articles/{id}/related") in routes


@pytest.mark.parametrize(
    ("method", "path", "model"),
    [
        ("get", "/api/search", SearchParams),
        ("get", "/api/suggest", SuggestParams),
        ("get", "/api/articles/{id}", NoParams),
        ("put", "/api/articles/{id}", ChangeParams),
        ("delete", "/api/articles/{id}", ChangeParams),
        ("get", "/api/articles/{id}/related", RelatedParams),
        ("get", "/api/signals", SignalsParams),
        ("get", "/api/signals/audit", AuditParams),
        ("put", "/api/signals/{id}", NoParams),
        ("delete", "/api/signals/{id}", SignalDeleteParams),
    ],
)
def test_the_parameters_described_are_those_that_are_read(
    description: Any, method: str, path: str, model: type[BaseModel]
) -> None:
    parameters = description["paths"][path][method]["parameters"]
    described = {each["name"]: each["description"] for each in parameters if each["in"] == "query"}
    assert described == {field.alias or name: field.description for name, field in model.model_fields.items()}


def test_the_limits_described_are_those_that_hold(newsroom: Newsroom, description: Any) -> None:
    schemas = {each["name"]: each["schema"] for each in description["paths"]["/api/search"]["get"]["parameters"]}
    size, q, mode = schemas["size"], schemas["q"], schemas["mode"]
    assert (size["type"], size["minimum"], size["maximum"], size["default"]) == ("integer", 1, 50, 20)
    assert (q["type"], q["maxLength"]) == ("string", 256)
    assert mode["enum"] == ["hybrid", "lexical", "semantic"]
    statuses = [newsroom.get("/api/search", size=n).status_code for n in (0, 1, 50, 51)]
    assert statuses == [400, 200, 200, 400]


def test_the_description_is_openapi(description: Any) -> None:
    assert description["openapi"].startswith("3.1.")
    assert description["info"].keys() >= {"title", "version"}
    names = [operation["operationId"] for _, _, operation in operations(description)]
    assert len(set(names)) == len(names)
    for method, path, operation in operations(description):
        assert re.fullmatch(r"\w+", operation["operationId"])
        assert path.startswith("/")
        assert all(re.fullmatch(r"[1-5]\d\d", status) for status in operation["responses"])
        assert all(response["description"] for response in operation["responses"].values())
        parameters = operation["parameters"]
        keys = [(each["name"], each["in"]) for each in parameters]
        assert len(set(keys)) == len(keys), (method, path)
        assert all(each["in"] in ("path", "query") and each["schema"] for each in parameters)
        in_path = {each["name"] for each in parameters if each["in"] == "path" and each["required"]}
        assert in_path == set(re.findall(r"{(\w+)}", path))


def test_every_reference_in_the_description_leads_somewhere(description: Any) -> None:
    found = list(references(description))
    assert "#/components/schemas/Article" in found
    for reference in found:
        target = description
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def references(node: Any) -> Iterator[str]:
    """Every `$ref` in a description."""
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref")
        yield from (each for value in node.values() for each in references(value))
    if isinstance(node, list):
        yield from (each for value in node for each in references(value))


def test_changes_and_signals_alone_are_described_as_needing_the_token(description: Any) -> None:
    secured = {(method, path) for method, path, operation in operations(description) if operation.get("security")}
    assert secured == {
        ("PUT", "/api/articles/{id}"),
        ("DELETE", "/api/articles/{id}"),
        ("POST", "/api/articles"),
        ("GET", "/api/signals"),
        ("GET", "/api/signals/audit"),
        ("PUT", "/api/signals/{id}"),
        ("DELETE", "/api/signals/{id}"),
    }
    assert description["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_every_answer_is_of_the_type_that_is_described(tmp_path: Path, operation: Operation) -> None:
    newsroom = Newsroom(tmp_path, [Article("rain", "Rain"), Article("sun", "Sun and rain")])
    newsroom.client.put("/api/signals/rain", json=BODIES["SignalRecord"], headers=bearer(TOKEN))
    response = newsroom.client.open(
        operation.path.replace("{id}", "rain").replace("{slug}", "story-rain"),
        method=operation.method.upper(),
        json=BODIES.get(operation.takes),
        query_string={"explain": "1"} if "explain" in operation.params.model_fields else {},
        headers=bearer(TOKEN),
    )
    assert response.status_code == operation.done
    operation.answer.model_validate(response.get_json(), strict=False)
    lists = [value for name, value in response.get_json().items() if name in ("hits", "items", "signals", "changes")]
    assert all(lists)
    Error.model_validate(newsroom.get("/api/search", size=0).get_json())


def metrics(newsroom: Newsroom) -> dict[str, float]:
    """Every sample, by its name and labels."""
    response = newsroom.get("/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4"
    lines = [line for line in response.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_operators_are_told_what_waits_before_anything_is_published(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, has_model=False)
    newsroom.put("rain", {"title": "Rain"}, query="")
    samples = metrics(newsroom)
    assert samples["broadsheet_unpublished_changes"] == 1
    assert "broadsheet_generation_age_seconds" not in samples
    assert samples['broadsheet_requests_total{route="/api/articles/<id:id_>",method="PUT",status="200"}'] == 1


def test_operators_are_told_how_old_the_generation_is_and_what_it_lacks(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [Article("rain", "Rain")], has_model=False)
    newsroom.put("sun", {"title": "Sun"}, query="")
    newsroom.now += timedelta(seconds=90)
    samples = metrics(newsroom)
    assert samples["broadsheet_generation_age_seconds"] == 90
    assert (samples["broadsheet_generation_sequence"], samples["broadsheet_unpublished_changes"]) == (1, 1)


def test_requests_are_counted_by_route_and_never_by_address(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [Article("rain", "Rain")])
    for path in ('/nowhere"}', "/api/articles/rain", "/api/articles/rain", "/api/articles/unknown"):
        newsroom.get(path)
    newsroom.client.open("/api/search", method="BREW")
    samples = metrics(newsroom)
    route = "/api/articles/<id:id_>"
    assert samples[f'broadsheet_requests_total{{route="{route}",method="GET",status="200"}}'] == 2
    assert samples[f'broadsheet_requests_total{{route="{route}",method="GET",status="404"}}'] == 1
    assert samples['broadsheet_requests_total{route="none",method="any",status="404"}'] == 1
    assert samples['broadsheet_requests_total{route="none",method="any",status="405"}'] == 1
    assert samples[f'broadsheet_request_seconds_count{{route="{route}"}}'] == 3
    assert (samples['broadsheet_answers_total{cache="hit"}'], samples["broadsheet_answers_kept"]) == (1, 1)
