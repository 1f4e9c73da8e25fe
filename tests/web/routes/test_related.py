from pathlib import Path

import pytest

from tests.web.newsroom import CARD, Newsroom
from tests.web.routes.harbour import ARTICLES


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Nobody changes it."""
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


def test_related_is_exactly_the_contracts(newsroom: Newsroom) -> None:
    answer = newsroom.json("/api/articles/bridge/related", limit=1)
    (item,) = answer.pop("items")
    assert answer.pop("took_ms") >= 0
    assert answer == {"article": "bridge", "fallback": None, "generation": "000001", "degraded": []}
    assert set(item) == CARD | {"score", "reason", "versions"}
    assert item["reason"]["kind"] in ("same story", "background", "similar")
    assert set(item["reason"]) == {"kind", "shared", "text"}
    assert set(item["reason"]["shared"]) <= {"Harbour", "bridge", "Ferries", "noon", "run"}


def test_a_much_older_article_is_background(newsroom: Newsroom) -> None:
    items = newsroom.json("/api/articles/bridge/related")["items"]
    assert {item["id"]: item["reason"]["kind"] for item in items}["opening"] == "background"


def test_related_explains_its_scores_when_asked(newsroom: Newsroom) -> None:
    items = newsroom.json("/api/articles/bridge/related", explain=1)["items"]
    assert {frozenset(item) for item in items} == {frozenset(CARD | {"score", "reason", "versions", "explain"})}
    for item in items:
        factor = item["explain"].pop("freshness")
        parts = sum(part["weight"] * part["normalised"] for part in item["explain"].values())
        assert parts * factor == pytest.approx(item["score"], abs=3e-6)


@pytest.mark.parametrize("id_", [article.id for article in ARTICLES])
def test_related_is_never_the_article_itself(newsroom: Newsroom, id_: str) -> None:
    related = newsroom.related(id_, limit=50)
    assert related
    assert set(related) <= {article.id for article in ARTICLES} - {id_}


def test_background_is_what_was_there_before_and_latest_has_the_newest_first(newsroom: Newsroom) -> None:
    assert newsroom.related("ferry", mode="background") == ["opening"]
    assert set(newsroom.related("opening", mode="latest")) == {"bridge", "ferry"}
    assert newsroom.get("/api/articles/ferry/related", mode="old").status_code == 400


def test_a_text_that_is_not_saved_yet_has_related_articles(newsroom: Newsroom) -> None:
    draft = {"title": "Harbour bridge to close again", "body": "Ferries will run from noon."}
    answer = newsroom.client.post("/api/related?limit=2", json=draft).get_json()
    assert (answer["article"], answer["degraded"]) == ("draft", [])
    assert {item["id"] for item in answer["items"]} == {"bridge", "ferry"}


@pytest.mark.parametrize("body", [[], {"title": "A", "section": "News"}, {"title": 5}, {}])
def test_a_text_that_is_none_is_refused(newsroom: Newsroom, body: object) -> None:
    assert newsroom.client.post("/api/related", json=body).status_code == 400


def test_a_text_has_related_articles_by_its_words_while_no_model_is_there(tmp_path: Path) -> None:
    stalled = Newsroom(tmp_path, ARTICLES, has_model=False)
    answer = stalled.client.post("/api/related", json={"title": "Harbour bridge closes noon ferries"}).get_json()
    assert answer["degraded"] == ["semantic"]
    assert "bridge" in [item["id"] for item in answer["items"]]


def test_related_leaves_out_what_it_is_told_to_and_fills_its_limit_from_the_rest(newsroom: Newsroom) -> None:
    first, second = newsroom.related("bridge")
    assert newsroom.related("bridge", limit=1) == [first]
    assert newsroom.related("bridge", limit=1, exclude=[first]) == [second]
    assert newsroom.related("bridge", exclude=[first, "unknown", "bridge"]) == [second]


@pytest.mark.parametrize("limit", ["0", "51", "-1", "", "five", "1.5"])
def test_related_takes_a_limit_from_1_to_50(newsroom: Newsroom, limit: str) -> None:
    response = newsroom.get("/api/articles/bridge/related", limit=limit)
    assert (response.status_code, response.get_json()["error"]) == (
        400,
        {
            "code": "invalid_value",
            "message": f"limit is {limit!r}, allowed: how many articles, 1 to 50",
            "field": "limit",
        },
    )


def test_related_needs_no_model(newsroom: Newsroom, tmp_path: Path) -> None:
    stalled = Newsroom(tmp_path, ARTICLES, has_model=False)
    assert stalled.related("bridge") == newsroom.related("bridge")


def test_before_the_first_publish_articles_are_unavailable_and_not_missing(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    assert [newsroom.get(f"/api/articles/a{rest}").status_code for rest in ("", "/related")] == [503, 503]
