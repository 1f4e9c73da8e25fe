from datetime import timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from werkzeug.test import TestResponse

from tests.web.newsroom import NOON, TOKEN, Newsroom, bearer
from tests.web.routes.harbour import ARTICLES
from web.routes.signals import LARGEST_SIGNAL

HOUR = timedelta(hours=1)
PIN = {"kind": "pin", "article": "comet", "place": "search", "query": "Harbour  Bridge", "author": "Ada"}
SHOWN = {
    "id": "top",
    "kind": "pin",
    "article": "comet",
    "place": "search",
    "section": "",
    "query": "harbour bridge",
    "position": 1,
    "start": None,
    "end": None,
    "author": "Ada",
    "note": "",
    "is_live": True,
}


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, ARTICLES)


def asked(newsroom: Newsroom, method: str, path: str, **more: Any) -> TestResponse:
    return newsroom.client.open(path, method=method, headers=bearer(TOKEN), **more)


def put(newsroom: Newsroom, id_: str = "top", **fields: object) -> Any:
    response = asked(newsroom, "PUT", f"/api/signals/{id_}", json={**PIN, **fields})
    assert response.status_code == 200, response.text
    return response.get_json()["signal"]


def delete(newsroom: Newsroom, id_: str = "top", **query: str) -> TestResponse:
    return asked(newsroom, "DELETE", f"/api/signals/{id_}", query_string=query)


def listed(newsroom: Newsroom, **query: str) -> list[str]:
    response = asked(newsroom, "GET", "/api/signals", query_string=query)
    assert response.status_code == 200, response.text
    return [each["id"] for each in response.get_json()["signals"]]


def test_a_pin_is_live_on_the_next_request_on_page_one_alone_and_gone_when_it_is_deleted(newsroom: Newsroom) -> None:
    query = {"q": "harbour bridge", "size": 2}
    pages = [newsroom.found(**query, page=page) for page in (1, 2)]
    flat = [id_ for page in pages for id_ in page if id_ != "comet"]
    total = newsroom.json("/api/search", **query)["total"]
    assert put(newsroom) == SHOWN
    assert [newsroom.found(**query, page=page) for page in (1, 2)] == [["comet", flat[0]], flat[1:3]]
    assert newsroom.json("/api/search", **query)["total"] == total + ("comet" not in pages[0] + pages[1])
    assert delete(newsroom).status_code == 200
    assert [newsroom.found(**query, page=page) for page in (1, 2)] == pages


def test_a_signal_holds_by_the_clock_from_its_start_until_its_end(newsroom: Newsroom) -> None:
    put(newsroom, kind="exclude", article="ferry", query="", start=(NOON + HOUR).isoformat(), end="2026-05-11T14:00Z")
    holding = []
    for hours in (0, 1, 2):
        newsroom.now = NOON + hours * HOUR
        holding.append(("ferry" in newsroom.found(q="ferry"), "ferry" in newsroom.found()))
    assert holding == [(True, True), (False, False), (True, True)]


def test_an_excluded_article_is_in_no_list_and_can_still_be_read(newsroom: Newsroom) -> None:
    put(newsroom, kind="exclude", article="ferry", place="all", query="")
    put(newsroom, "also", article="ferry", query="")
    for query in ({}, {"q": "ferry"}, {"q": "noon", "sort": "oldest"}, {"q": "ferry", "mode": "semantic"}):
        assert "ferry" not in newsroom.found(**query)
    assert "ferry" not in newsroom.related("bridge", limit=50)
    assert "/articles/ferry" not in newsroom.get("/").text + newsroom.get("/articles/bridge").text
    assert newsroom.get("/articles/ferry").status_code == newsroom.get("/api/articles/ferry").status_code == 200


def test_a_withdrawn_article_is_not_pinned(newsroom: Newsroom) -> None:
    put(newsroom)
    newsroom.delete("comet")
    assert "comet" not in newsroom.found(q="harbour bridge")


def test_the_boxes_of_a_page_and_of_a_draft_are_steered(newsroom: Newsroom) -> None:
    put(newsroom, place="related", query="", section="METRO")
    assert newsroom.related("bridge")[0] == "comet"
    assert newsroom.json("/api/articles/bridge/related", explain=1)["items"][0]["explain"]["pinned"] is True
    assert "Chosen by the editors" in newsroom.get("/articles/bridge").text
    assert "Chosen by the editors" not in newsroom.get("/articles/ferry").text
    put(newsroom, place="all", query="")
    draft = newsroom.client.post("/api/related", json={"title": "Harbour bridge ferry"}).get_json()
    assert draft["items"][0]["id"] == "comet"


def test_the_parts_of_a_steered_score_multiply_out_to_it_and_a_pin_says_that_it_is_one(newsroom: Newsroom) -> None:
    put(newsroom, article="opening")
    put(newsroom, "more", kind="boost", article="opening", query="")
    put(newsroom, "other", position=2)
    hits = newsroom.json("/api/search", q="harbour bridge", explain=1, mode="lexical")["hits"]
    parts = {hit["id"]: hit["explain"] for hit in hits}
    assert [hit["id"] for hit in hits][:2] == ["opening", "comet"]
    assert (parts["opening"]["editorial"], parts["opening"]["pinned"]) == (1.5, True)
    assert (parts["comet"], hits[1]["score"]) == ({"pinned": True}, 0.0)
    assert all("pinned" not in parts[hit["id"]] for hit in hits[2:])
    for hit in hits:
        legs = [part for part in hit["explain"].values() if isinstance(part, dict)]
        factors = hit["explain"].get("freshness", 1) * hit["explain"].get("editorial", 1)
        assert hit["score"] == pytest.approx(factors * sum(p["weight"] * p["normalised"] for p in legs), abs=2e-6)


def test_the_search_page_shows_pins_like_any_hit_and_says_so_where_scores_are_explained(newsroom: Newsroom) -> None:
    put(newsroom, article="opening")
    put(newsroom, "other", position=2)
    plain, explained = (newsroom.get("/search", q="harbour bridge", mode="lexical", explain=n).text for n in (0, 1))
    assert "newsroom" not in lxml.html.fromstring(plain).find(".//main").text_content()
    shown = lxml.html.fromstring(explained).find(".//main").text_content()
    assert (shown.count("; pinned by the newsroom"), shown.count("Pinned by the newsroom")) == (1, 1)


def test_a_signal_put_twice_is_one_change(newsroom: Newsroom) -> None:
    assert put(newsroom) == put(newsroom)
    changes = asked(newsroom, "GET", "/api/signals/audit").get_json()["changes"]
    assert [(each["number"], each["action"]) for each in changes] == [(1, "put")]


def test_the_log_tells_who_did_what_and_when(newsroom: Newsroom) -> None:
    put(newsroom)
    newsroom.now = NOON + HOUR
    delete(newsroom, author="Jo")
    changes = asked(newsroom, "GET", "/api/signals/audit").get_json()["changes"]
    assert changes == [
        {"number": 2, "at": "2026-05-11T13:00:00Z", "action": "delete", "author": "Jo", "signal": SHOWN},
        {"number": 1, "at": "2026-05-11T12:00:00Z", "action": "put", "author": "Ada", "signal": SHOWN},
    ]
    assert asked(newsroom, "GET", "/api/signals/audit?limit=1").get_json()["changes"] == changes[:1]


def test_signals_are_listed_by_article_and_by_the_place_they_hold_in(newsroom: Newsroom) -> None:
    put(newsroom, "a", query="", place="hot")
    put(newsroom, "b", query="", place="all", article="ferry")
    put(newsroom, "c")
    assert listed(newsroom) == ["a", "b", "c"]
    assert listed(newsroom, article="comet") == ["a", "c"]
    assert listed(newsroom, place="search") == ["b", "c"]
    assert listed(newsroom, place="topics", article="comet") == []


ROUTES = [
    ("GET", "/api/signals"),
    ("GET", "/api/signals/audit"),
    ("PUT", "/api/signals/a"),
    ("DELETE", "/api/signals/a"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_reads_or_changes_signals_without_the_token(tmp_path: Path, method: str, path: str) -> None:
    newsroom = Newsroom(tmp_path / "on")
    for headers in ({}, bearer("wrong"), {"Authorization": f"Basic {TOKEN}"}):
        response = newsroom.client.open(path, method=method, json=PIN, headers=headers)
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer realm=changes")
    off = Newsroom(tmp_path / "off", token="").client.open(path, method=method, json=PIN, headers=bearer(""))
    assert (off.status_code, off.get_json()["error"]["code"]) == (403, "forbidden")
    assert listed(newsroom) == []


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"kind": "raise"}, "kind", "kind is 'raise', allowed: pin, boost, bury, exclude"),
        ({"position": 11}, "position", "position is 11, allowed: 1 to 10"),
        ({"id": "other"}, "id", "id is 'other', allowed: 'top', as in the address, or none"),
        (
            {"end": "soon"},
            "end",
            "end is 'soon', allowed: an ISO 8601 time, such as 2026-05-10 or 2026-05-10T09:30:00Z",
        ),
        (
            {"_id": "top"},
            "field",
            "field is '_id', allowed: id, kind, article, place, section, query, position, start,",
        ),
    ],
)
def test_a_wrong_signal_is_refused_with_what_is_allowed(
    newsroom: Newsroom, body: dict[str, object], field: str, message: str
) -> None:
    response = asked(newsroom, "PUT", "/api/signals/top", json={**PIN, **body})
    error = response.get_json()["error"]
    assert (response.status_code, error["code"], error["field"]) == (400, "invalid_value", field)
    assert error["message"].startswith(message)
    assert listed(newsroom) == []


def test_what_is_no_json_object_is_refused_and_so_is_what_is_too_large(newsroom: Newsroom) -> None:
    def status(**more: Any) -> int:
        return asked(newsroom, "PUT", "/api/signals/top", **more).status_code

    assert status(json=[PIN]) == status(data="{", content_type="application/json") == 400
    assert status(data="[" * 20_000, content_type="application/json") == 400
    assert status(json={**PIN, "note": "x" * LARGEST_SIGNAL}) == 413
    assert status(data="kind=pin", content_type="application/x-www-form-urlencoded") == 415
    assert listed(newsroom) == []


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("GET", "/api/signals?kind=pin", "parameter is 'kind', allowed: article, place"),
        ("GET", "/api/signals?place=front", "place is 'front', allowed: search, related, hot, topics, for-you or all"),
        ("GET", "/api/signals/audit?limit=0", "limit is '0', allowed: how many changes, 1 to 1000"),
        ("PUT", "/api/signals/top?wait=visible", "parameter is 'wait', allowed: none here"),
        ("DELETE", "/api/signals/top?by=Jo", "parameter is 'by', allowed: author"),
    ],
)
def test_wrong_parameters_are_refused(newsroom: Newsroom, method: str, path: str, message: str) -> None:
    response = asked(newsroom, method, path, json=PIN)
    assert response.status_code == 400
    assert response.get_json()["error"]["message"].startswith(message)


def test_what_is_not_there_cannot_be_deleted(newsroom: Newsroom) -> None:
    put(newsroom)
    assert [delete(newsroom).status_code for _ in range(2)] == [200, 404]
    assert delete(newsroom).get_json()["error"]["message"] == "there is no signal 'top'"


def test_signals_can_be_put_before_anything_is_published(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, has_model=False)
    put(newsroom)
    assert asked(newsroom, "GET", "/api/signals").get_json()["generation"] is None
