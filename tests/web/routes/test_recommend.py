from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.web.newsroom import CARD, NOON, Newsroom, bearer
from tests.web.routes.harbour import ARTICLES


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, ARTICLES)


def post(newsroom: Newsroom, body: object) -> TestResponse:
    return newsroom.client.post("/api/recommend", json=body)


def test_recommend_is_exactly_the_contracts_and_names_what_was_read(newsroom: Newsroom) -> None:
    response = post(newsroom, {"read": ["bridge", "unknown"], "limit": 1})
    assert response.headers["Cache-Control"] == "no-store"
    answer = response.get_json()
    (item,) = answer.pop("items")
    assert answer.pop("took_ms") >= 0
    assert answer == {"fallback": None, "unknown": 1, "generation": "000001", "degraded": []}
    assert set(item) == CARD | {"score", "reason"}
    assert item["id"] == "ferry"
    title = next(article.title for article in ARTICLES if article.id == "bridge")
    text = f"Because you read “{title}”"
    assert item["reason"] == {"kind": "read", "article": "bridge", "title": title, "text": text}


def test_nothing_known_is_answered_from_the_ladder_and_the_answer_names_the_rung(newsroom: Newsroom) -> None:
    answer = post(newsroom, {"read": []}).get_json()
    assert answer["fallback"] == "newest"
    assert answer["items"][0]["reason"] == {"kind": "newest", "article": None, "title": None, "text": "New"}
    event = {"type": "view", "article": "ferry", "visitor": "v"}
    assert newsroom.client.post("/api/events", json={"events": [event]}).status_code == 202
    newsroom.intake.flush()
    newsroom.now = NOON + timedelta(minutes=1)
    answer = post(newsroom, {"read": [], "limit": 1}).get_json()
    assert (answer["fallback"], [item["id"] for item in answer["items"]]) == ("hot", ["ferry"])


def test_what_is_withdrawn_or_excluded_is_gone_with_the_next_request(newsroom: Newsroom) -> None:
    def offered() -> list[str]:
        return [item["id"] for item in post(newsroom, {"read": ["bridge"]}).get_json()["items"]]

    assert {"ferry", "opening"} <= set(offered())
    newsroom.delete("ferry")
    exclude = {"kind": "exclude", "article": "opening", "place": "for-you"}
    assert newsroom.client.put("/api/signals/x", json=exclude, headers=bearer("secret")).status_code == 200
    assert {"bridge", "ferry", "opening"}.isdisjoint(offered())


def test_nothing_of_what_was_read_reaches_the_disk_or_an_address(newsroom: Newsroom, tmp_path: Path) -> None:
    assert post(newsroom, {"read": ["bridge", "a-tell-tale-id"]}).status_code == 200
    newsroom.intake.flush()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert not any(b"a-tell-tale-id" in file.read_bytes() for file in files)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "body is [], allowed: a JSON object"),
        ({}, "body is {}, allowed: a JSON object"),
        ({"read": "bridge"}, "allowed: a JSON object"),
        ({"read": [], "reader": "Ada"}, "field is 'reader', allowed: read, limit"),
        ({"read": [7]}, "read is 7, allowed: ids, which are strings"),
        ({"read": [["bridge"]]}, "allowed: ids, which are strings"),
        ({"read": [""]}, "read is '', allowed: 1 to 128 printable characters"),
        ({"read": ["a\u0000"]}, "allowed: 1 to 128 printable characters"),
        ({"read": ["a"] * 101}, "read is '101 ids', allowed: at most 100, the last ones read"),
        ({"read": [], "limit": 0}, "limit is 0, allowed: 1 to 50"),
        ({"read": [], "limit": True}, "limit is True, allowed: a whole number"),
        ({"read": [], "limit": "5"}, "limit is '5', allowed: a whole number"),
    ],
)
def test_what_is_not_allowed_is_refused(newsroom: Newsroom, body: object, message: str) -> None:
    response = post(newsroom, body)
    assert response.status_code == 400
    assert message in response.get_json()["error"]["message"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(newsroom: Newsroom) -> None:
    assert post(newsroom, {"read": ["é" * 100] * 5_000}).status_code == 413
