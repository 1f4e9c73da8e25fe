import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.ledger import Ledger
from search.article import Article
from tests.builders import utc
from tests.web.newsroom import NOON, TOKEN, Newsroom, article_path, bearer
from tests.web.routes.harbour import ARTICLES, COMET, assert_hidden, assert_shown
from web.app import LARGEST_BODY

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Nobody changes it."""
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


@pytest.fixture
def stalled(tmp_path: Path) -> Newsroom:
    """What reaches its ledger is never published: there is no model."""
    return Newsroom(tmp_path, ARTICLES, has_model=False)


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
    assert (response.status_code, response.get_json()["error"]["code"]) == (413, "request_entity_too_large")


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_of_another_type_is_refused(newsroom: Newsroom, content_type: str | None) -> None:
    response = newsroom.client.put("/api/articles/new", data="{}", content_type=content_type, headers=bearer("secret"))
    assert (response.status_code, response.get_json()["error"]["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_change_refuses_parameters_it_does_not_know(newsroom: Newsroom, method: str) -> None:
    for query in ("wait=1", "dry_run=1"):
        response = newsroom.client.open(
            f"/api/articles/comet?{query}", method=method, json={"title": "x"}, headers=bearer("secret")
        )
        assert response.status_code == 400
    assert newsroom.json("/api/articles/comet")["title"] == "Comet seen"


def test_a_change_is_in_the_ledger_before_the_answer(stalled: Newsroom) -> None:
    record = {
        "headline": "Rain &amp; wind",
        "text": "<p>All day.</p>",
        "author": "Ada",
        "published": "2026-05-11",
    }
    answer = stalled.put("rain", record, query="").get_json()
    assert {**answer, "took_ms": 0} == {
        "sequence": 5,
        "accepted": 1,
        "refused": [],
        "generation": "000001",
        "degraded": [],
        "took_ms": 0,
    }
    with Ledger(stalled.settings.ledger) as ledger:
        rain = Article("rain", "Rain & wind", "All day.", authors=("Ada",), published=utc(2026, 5, 11))
        assert ledger.article("rain") == rain
        assert stalled.delete("rain").get_json()["sequence"] == 6
        assert ledger.article("rain") is None


def test_fields_that_no_article_has_are_told(stalled: Newsroom) -> None:
    answer = stalled.put("rain", {"title": "Rain", "sectoin": "Weather", "metadata": {}}, query="").get_json()
    assert (answer["accepted"], answer["ignored"]) == (1, {"sectoin": 1})


def test_an_article_put_is_found_as_soon_as_it_is_said_to_be_visible(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    answer = newsroom.put("rain", {"title": "Rain all day"}).get_json()
    assert (answer["sequence"], answer["generation"]) == (1, "000001")
    assert newsroom.found(q="rain") == ["rain"]
    assert_shown(newsroom, "rain")


def test_the_first_article_can_be_put_before_anything_is_published(tmp_path: Path) -> None:
    answer = Newsroom(tmp_path, has_model=False).put("rain", {"title": "Rain"}, query="").get_json()
    assert (answer["sequence"], answer["generation"]) == (1, None)


def test_an_article_put_again_unchanged_is_no_change(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    first, second = (newsroom.put("rain", {"title": "Rain"}).get_json() for _ in range(2))
    assert (first["sequence"], first["generation"]) == (second["sequence"], second["generation"])


def test_an_update_ranks_by_its_new_text(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES)
    assert newsroom.found(q="comet", mode="lexical") == ["comet"]
    newsroom.put("ferry", {"title": "Comet comet comet", "body": "Comet."})
    assert newsroom.found(q="comet", mode="lexical") == ["ferry", "comet"]
    assert newsroom.found(q="replaces", mode="lexical") == []
    assert newsroom.json("/api/articles/ferry")["title"] == "Comet comet comet"


def test_a_withdrawn_article_is_gone_from_every_answer_before_any_index_changes(stalled: Newsroom) -> None:
    assert_shown(stalled, "ferry")
    response = stalled.delete("ferry")
    assert (response.status_code, response.get_json()["generation"]) == (200, "000001")
    assert_hidden(stalled, "ferry")


def test_a_withdrawn_article_stays_gone_when_the_index_has_changed(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES)
    assert newsroom.delete("ferry", "wait=visible").get_json()["generation"] == "000002"
    assert_hidden(newsroom, "ferry")


def test_an_article_embargoed_anew_is_hidden_before_any_index_changes(stalled: Newsroom) -> None:
    stalled.put("ferry", {"title": "Ferry", "embargo_until": (NOON + HOUR).isoformat()}, query="")
    assert_hidden(stalled, "ferry")


def test_an_article_expired_anew_is_hidden_before_any_index_changes(stalled: Newsroom) -> None:
    stalled.put("ferry", {"title": "Ferry", "expires_at": NOON.isoformat()}, query="")
    assert_hidden(stalled, "ferry")


def test_what_was_withdrawn_stays_hidden_until_what_replaces_it_is_published(stalled: Newsroom) -> None:
    stalled.delete("ferry")
    stalled.put("ferry", {"title": "Ferry, corrected"}, query="")
    assert_hidden(stalled, "ferry")


@pytest.mark.parametrize("id_", ["nothing", "a\x00b", "x" * 129])
def test_what_was_never_there_cannot_be_withdrawn(newsroom: Newsroom, id_: str) -> None:
    response = newsroom.delete(id_)
    assert response.status_code == 404
    assert response.get_json()["error"]["message"] == f"there is no article {id_!r}: never seen"


def test_an_article_is_withdrawn_once(stalled: Newsroom) -> None:
    assert [stalled.delete("ferry").status_code for _ in range(2)] == [200, 404]


def test_the_scheme_of_the_token_is_read_in_any_case(stalled: Newsroom) -> None:
    response = stalled.client.delete(article_path("ferry"), headers={"Authorization": f"bearer {TOKEN}"})
    assert response.status_code == 200


def test_readers_do_not_wait_for_a_change_that_waits_for_another_process(stalled: Newsroom) -> None:
    with Ledger(stalled.settings.ledger) as elsewhere, elsewhere.transaction():
        change = threading.Thread(target=stalled.put, args=("ferry", {"title": "Ferry, corrected"}, ""))
        change.start()
        assert stalled.json("/api/search", q="ferry")["hits"][0]["id"] == "ferry"
        assert change.is_alive()
    change.join()
