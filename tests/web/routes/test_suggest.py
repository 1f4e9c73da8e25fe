from datetime import timedelta
from pathlib import Path

import pytest

from search.article import Article
from tests.builders import utc
from tests.web.newsroom import NOON, Newsroom

ARTICLES = [
    Article(
        "bridge", "Harbour bridge closes", section="Harbour News", tags=("Harbour & Sea",), published=utc(2026, 5, 10)
    ),
    Article("2026/ferry?", "Ferries replace the harbour bridge", tags=("harbour & sea",), published=utc(2026, 5, 9)),
    Article("comet", "Comet “seen” <b>", section="Science"),
    Article("merger", "Harbour trust merger", tags=("Harbour Merger",), embargo_until=NOON + timedelta(hours=1)),
    Article("gone", "Harbour trust dissolved", section="Harbours", expires_at=NOON + timedelta(minutes=9)),
]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Nobody changes it."""
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


def texts(newsroom: Newsroom, q: str) -> list[str]:
    return [each["text"] for each in newsroom.json("/api/suggest", q=q)["suggestions"]]


def test_suggestions_are_exactly_the_contracts(newsroom: Newsroom) -> None:
    answer = newsroom.json("/api/suggest", q="harb")
    assert answer.pop("took_ms") >= 0
    assert answer == {
        "suggestions": [
            {"text": "Harbour News", "kind": "section", "url": "/search?section=Harbour+News"},
            {"text": "Harbours", "kind": "section", "url": "/search?section=Harbours"},
            {"text": "Harbour & Sea", "kind": "topic", "url": "/search?tag=Harbour+%26+Sea"},
            {"text": "Harbour bridge closes", "kind": "title", "url": "/articles/bridge"},
            {"text": "Ferries replace the harbour bridge", "kind": "title", "url": "/articles/2026/ferry%3F"},
            {"text": "Harbour trust dissolved", "kind": "title", "url": "/articles/gone"},
        ],
        "generation": "000001",
        "degraded": [],
    }


def test_every_suggestion_leads_to_a_page(newsroom: Newsroom) -> None:
    for letter in "hfcs":
        for suggestion in newsroom.json("/api/suggest", q=letter)["suggestions"]:
            assert suggestion["text"].split()[0] in newsroom.get(suggestion["url"]).text


@pytest.mark.parametrize("q", ["", " ", "…", "arbour", "harbour comet"])
def test_where_nothing_begins_so_nothing_is_suggested(newsroom: Newsroom, q: str) -> None:
    assert texts(newsroom, q) == []


def test_what_is_embargoed_is_suggested_from_its_hour_and_what_expires_until_its_hour(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES)
    assert (texts(newsroom, "harbour trust"), texts(newsroom, "harbour mer")) == (["Harbour trust dissolved"], [])
    assert texts(newsroom, "harbours") == ["Harbours"]
    newsroom.now = NOON + timedelta(hours=1)
    assert texts(newsroom, "harbour trust") == ["Harbour trust merger"]
    assert texts(newsroom, "harbour mer") == ["Harbour Merger", "Harbour trust merger"]
    assert texts(newsroom, "harbours") == []


def test_what_is_withdrawn_is_not_suggested_nor_what_it_alone_carried(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES, has_model=False)  # nothing is published after the withdrawal
    assert newsroom.delete("bridge").status_code == 200
    assert texts(newsroom, "harb") == [
        *("Harbours", "harbour & sea"),
        *("Ferries replace the harbour bridge", "Harbour trust dissolved"),
    ]


def test_a_title_that_is_put_is_suggested_when_it_is_visible(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES)
    newsroom.put("bridge", {"title": "Harbour tunnel opens"})
    assert texts(newsroom, "harbour tu") == ["Harbour tunnel opens"]
    assert texts(newsroom, "bridge cl") == []


@pytest.mark.parametrize("query", ["limit=0", "limit=11", "limit=1.0", "q=a&q=b", "mode=lexical", "q=" + "x" * 257])
def test_wrong_parameters_are_refused(newsroom: Newsroom, query: str) -> None:
    response = newsroom.get(f"/api/suggest?{query}")
    assert (response.status_code, response.get_json()["error"]["code"]) == (400, "invalid_value")


def test_before_the_first_publish_suggestions_are_unavailable(tmp_path: Path) -> None:
    assert Newsroom(tmp_path).get("/api/suggest?q=a").status_code == 503
