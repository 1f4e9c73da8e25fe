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
    assert set(item) == CARD | {"score", "reason"}
    assert item["reason"]["kind"] in ("same story", "background", "similar")
    assert set(item["reason"]) == {"kind", "shared"}
    assert set(item["reason"]["shared"]) <= {"Harbour", "bridge", "Ferries", "noon", "run"}


def test_a_much_older_article_is_background(newsroom: Newsroom) -> None:
    items = newsroom.json("/api/articles/bridge/related")["items"]
    assert {item["id"]: item["reason"]["kind"] for item in items}["opening"] == "background"


def test_related_explains_its_scores_when_asked(newsroom: Newsroom) -> None:
    items = newsroom.json("/api/articles/bridge/related", explain=1)["items"]
    assert {frozenset(item) for item in items} == {frozenset(CARD | {"score", "reason", "explain"})}
    for item in items:
        assert sum(part["weight"] * part["normalised"] for part in item["explain"].values()) == pytest.approx(
            item["score"], abs=2e-6
        )


@pytest.mark.parametrize("id_", [article.id for article in ARTICLES])
def test_related_is_never_the_article_itself(newsroom: Newsroom, id_: str) -> None:
    related = newsroom.related(id_, limit=50)
    assert sorted(related) == sorted({article.id for article in ARTICLES} - {id_})


def test_related_leaves_out_what_it_is_told_to_and_fills_its_limit_from_the_rest(newsroom: Newsroom) -> None:
    first, second, third = newsroom.related("bridge")
    assert newsroom.related("bridge", limit=2) == [first, second]
    assert newsroom.related("bridge", limit=2, exclude=[first]) == [second, third]
    assert newsroom.related("bridge", exclude=[first, third, "unknown", "bridge"]) == [second]


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
