from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.ledger import Ledger
from search.article import Article
from tests.web.newsroom import NOON, Newsroom, article_path, bearer
from tests.web.routes.harbour import ARTICLES, COMET, assert_hidden, assert_shown
from web.app import LARGEST_BODY

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Nobody changes it."""
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


def test_an_article_is_answered_as_published(newsroom: Newsroom) -> None:
    answer = newsroom.json("/api/articles/bridge")
    assert answer.pop("took_ms") >= 0
    assert answer == {
        "id": "bridge",
        "url": "https://news.example/bridge",
        "title": "Harbour bridge closes",
        "summary": "It shuts at noon.",
        "section": "Metro",
        "authors": ["Ada Brill"],
        "published": "2026-05-10T09:00:00Z",
        "image": "https://news.example/bridge.jpg",
        "access": "subscriber",
        "body": "Engineers found rust.\n\nFerries will run instead.",
        "updated": "2026-05-10T10:00:00Z",
        "tags": ["transport", "harbour"],
        "source": "Herald",
        "language": "en",
        "embargo_until": None,
        "expires_at": "2027-01-01T00:00:00Z",
        "generation": "000001",
        "degraded": [],
    }


def test_an_unknown_article_is_not_found(newsroom: Newsroom) -> None:
    response = newsroom.get("/api/articles/nothing")
    assert response.status_code == 404
    assert response.get_json() == {"error": {"code": "not_found", "message": "there is no article 'nothing'"}}
    assert_hidden(newsroom, "nothing")


def test_an_article_takes_no_parameters(newsroom: Newsroom) -> None:
    assert newsroom.get("/api/articles/bridge", explain=1).status_code == 400


def test_an_embargoed_article_is_hidden_until_the_moment_its_embargo_ends(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [*ARTICLES, Article("secret", "Harbour bridge sold", embargo_until=NOON + HOUR)])
    assert_hidden(newsroom, "secret")
    newsroom.now = NOON + HOUR
    assert_shown(newsroom, "secret")


def test_an_article_is_hidden_from_the_moment_it_expires(tmp_path: Path) -> None:
    newsroom = Newsroom(
        tmp_path, [*ARTICLES, Article("offer", "Harbour bridge toll is waived", expires_at=NOON + HOUR)]
    )
    assert_shown(newsroom, "offer")
    newsroom.now = NOON + HOUR
    assert_hidden(newsroom, "offer")


@pytest.mark.parametrize(
    "id_",
    [
        "2026/05/11/bridge",
        "/leading/slash",
        "trailing/slash/",
        "two words",
        "réouverture-橋-🌉",
        "https://news.example//bridge?page=2&x=%2F#top",
        "100%",
        "a+b",
        "..",
        "<b>&'\"",
        "x" * 128,
        "é" * 128,
    ],
)
def test_an_id_may_be_any_printable_text(tmp_path: Path, id_: str) -> None:
    newsroom = Newsroom(tmp_path, [COMET])
    response = newsroom.put(id_, {"title": "Harbour bridge closes"})
    assert (response.status_code, response.get_json()["accepted"]) == (200, 1)
    assert newsroom.json(article_path(id_))["id"] == id_
    assert newsroom.related("comet") == [id_]
    assert newsroom.related(id_, exclude=["comet"]) == []
    assert newsroom.get(article_path(id_).removeprefix("/api")).status_code == 200
    assert newsroom.delete(id_).status_code == 200
    assert newsroom.get(article_path(id_)).status_code == 404


@pytest.mark.parametrize("id_", ["x" * 129, "a\nb", "a\x00b", " ", "\u200b"])
def test_an_id_that_cannot_be_is_refused(newsroom: Newsroom, id_: str) -> None:
    response = newsroom.put(id_, {"title": "Rain"})
    assert (response.status_code, response.get_json()["error"]["field"]) == (400, "id")
    assert response.get_json()["error"]["message"].endswith(", allowed: 1 to 128 printable characters")


def test_changes_are_off_where_no_token_is_set(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [COMET], token="")
    for headers in ({}, bearer(""), bearer("secret")):
        for method in ("PUT", "DELETE"):
            response = newsroom.client.open("/api/articles/comet", method=method, json={"title": "x"}, headers=headers)
            assert (response.status_code, response.get_json()["error"]["code"]) == (403, "forbidden")
    assert newsroom.json("/api/articles/comet")["title"] == "Comet seen"


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "secret", "Basic secret", "Bearer sécret"],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_change_without_the_token_is_unauthorised(newsroom: Newsroom, method: str, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    response = newsroom.client.open("/api/articles/comet", method=method, json={"title": "x"}, headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")
    assert response.get_json()["error"] == {
        "code": "unauthorized",
        "message": "the header Authorization: Bearer TOKEN is missing or wrong",
    }
    assert newsroom.json("/api/articles/comet")["title"] == "Comet seen"


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ({"title": "Rain", "id": "other"}, "id is 'other', allowed: 'new', as in the address, or none"),
        (
            {"title": "Rain", "published": "soon"},
            "published is 'soon', allowed: an ISO 8601 time, such as 2026-05-10 or 2026-05-10T09:30:00Z",
        ),
        ({"title": 1}, "title is 1, allowed: a string"),
        ({}, "title is '', allowed: some text, or a body where there is no title"),
        (
            {"title": "Rain", "url": "javascript:alert(1)"},
            "url is 'javascript:alert(1)', allowed: an http or https address",
        ),
        ({"title": "Rain", "access": "paid"}, "access is 'paid', allowed: free or subscriber"),
        (["Rain"], "body is ['Rain'], allowed: a JSON object, one article"),
    ],
)
def test_a_record_that_is_no_article_is_refused_and_nothing_is_kept(
    newsroom: Newsroom, record: Mapping[str, object], error: str
) -> None:
    response = newsroom.put("new", record)
    assert response.status_code == 400
    assert response.get_json()["error"] == {
        "code": "invalid_value",
        "message": error,
        "field": error.split()[0],
    }
    with Ledger(newsroom.settings.ledger) as ledger:
        assert ledger.article("new") is None


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(newsroom: Newsroom, data: bytes) -> None:
    response = newsroom.client.put(
        "/api/articles/new", data=data, content_type="application/json", headers=bearer("secret")
    )
    assert (response.status_code, response.get_json()["error"]["field"]) == (400, "body")
    assert response.get_json()["error"]["message"].endswith(", allowed: JSON in UTF-8")


def test_a_body_too_large_is_refused(newsroom: Newsroom) -> None:
    data = b'"' + b"x" * LARGEST_BODY + b'"'
    response = newsroom.client.put(
        "/api/articles/new", data=data, content_type="application/json", headers=bearer("secret")
    )
    message = "body is too large, allowed: at most 8,000,000 bytes"
    error = {"code": "request_entity_too_large", "message": message}
    assert (response.status_code, response.get_json()["error"]) == (413, error)


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_of_another_type_is_refused(newsroom: Newsroom, content_type: str | None) -> None:
    response = newsroom.client.put("/api/articles/new", data="{}", content_type=content_type, headers=bearer("secret"))
    message = f"Content-Type is {content_type or ''!r}, allowed: 'application/json'"
    error = {"code": "unsupported_media_type", "message": message}
    assert (response.status_code, response.get_json()["error"]) == (415, error)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_change_refuses_parameters_it_does_not_know(newsroom: Newsroom, method: str) -> None:
    for query in ("wait=1", "dry_run=1"):
        response = newsroom.client.open(
            f"/api/articles/comet?{query}", method=method, json={"title": "x"}, headers=bearer("secret")
        )
        assert response.status_code == 400
    assert newsroom.json("/api/articles/comet")["title"] == "Comet seen"
