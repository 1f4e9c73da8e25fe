import threading
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.ledger import Ledger
from search.article import Article
from tests.builders import utc
from tests.web.newsroom import NOON, TOKEN, Newsroom, article_path
from tests.web.routes.harbour import ARTICLES, assert_hidden, assert_shown

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Nobody changes it."""
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


@pytest.fixture
def stalled(tmp_path: Path) -> Newsroom:
    """What reaches its ledger is never published: there is no model."""
    return Newsroom(tmp_path, ARTICLES, has_model=False)


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
