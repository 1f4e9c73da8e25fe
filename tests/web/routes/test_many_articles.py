"""POST /api/articles: many at once, as JSON lines."""

import json
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from indexer.ledger import Ledger
from search.article import Article
from tests.web.newsroom import TOKEN, Newsroom, bearer
from tests.web.routes.harbour import ARTICLES, assert_hidden
from web.params import LARGEST_LINES, MOST_LINES


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, ARTICLES)


def send(newsroom: Newsroom, *lines: object, query: str = "wait=visible") -> TestResponse:
    """What is answered to lines, each JSON or bytes as they are."""
    data = b"\n".join(each if isinstance(each, bytes) else json.dumps(each).encode() for each in lines)
    return newsroom.client.post("/api/articles", data=data, query_string=query, headers=bearer(TOKEN))


def test_many_articles_are_visible_when_the_answer_says_so(newsroom: Newsroom) -> None:
    records = [{"id": f"tide-{number}", "title": f"Tide table {number}"} for number in range(3)]
    answer = send(newsroom, *records).get_json()
    assert answer.pop("took_ms") >= 0
    assert answer == {
        "sequence": 7,
        "accepted": 3,
        "withdrawn": 0,
        "refused": [],
        "generation": "000002",
        "degraded": [],
    }
    assert set(newsroom.found(q="tide", mode="lexical")) == {"tide-0", "tide-1", "tide-2"}


def test_fields_that_no_article_has_are_counted(newsroom: Newsroom) -> None:
    first, second = {"id": "a", "title": "Rain", "tag": "x"}, {"id": "b", "title": "Sun", "tag": "y", "n" * 999: 1}
    assert send(newsroom, first, second, query="").get_json()["ignored"] == {"tag": 2, "n" * 200: 1}


def test_good_lines_are_kept_and_bad_ones_told_by_line_field_and_value(newsroom: Newsroom) -> None:
    answer = send(
        newsroom,
        {"id": "a", "title": "Rain"},
        b"",
        {"id": "b", "title": 5},
        b'{"id": }',
        b'{"id": "\xff"}',
        [],
        {"id": "c", "title": "Sun", "published": "soon"},
        {"id": "d", "title": "Wind"},
    ).get_json()
    assert answer["accepted"] == 2
    assert [(each["line"], each["field"], each["value"]) for each in answer["refused"]] == [
        (3, "title", "5"),
        (4, "line", "'Expecting value: line 1 column 8 (char 7)'"),
        (5, "line", "b'\\xff\"}\\n'"),
        (6, "line", "[]"),
        (7, "published", "'soon'"),
    ]
    assert {each["allowed"] for each in answer["refused"]} >= {"a string", "JSON", "UTF-8"}
    assert newsroom.json("/api/articles/a")["title"] == "Rain"
    assert newsroom.json("/api/articles/d")["title"] == "Wind"


def test_every_refused_line_is_told(newsroom: Newsroom) -> None:
    answer = send(newsroom, *[{"id": f"a{number}"} for number in range(250)]).get_json()
    assert (answer["accepted"], len(answer["refused"])) == (0, 250)


def test_an_export_does_not_bring_back_what_was_withdrawn(newsroom: Newsroom) -> None:
    newsroom.delete("ferry")
    answer = send(newsroom, {"id": "ferry", "title": "Ferry"}, {"id": "comet", "title": "Comet seen"}).get_json()
    assert (answer["accepted"], answer["withdrawn"], answer["refused"]) == (1, 1, [])
    assert_hidden(newsroom, "ferry")


def test_what_is_unchanged_is_accepted_and_no_change(newsroom: Newsroom) -> None:
    answer = send(newsroom, {"id": "comet", "title": "Comet seen", "body": "Look east at dusk."}).get_json()
    assert (answer["sequence"], answer["accepted"], answer["generation"]) == (4, 1, "000001")


def test_lines_without_the_token_are_not_looked_at(newsroom: Newsroom) -> None:
    assert newsroom.client.post("/api/articles", data=b"{").status_code == 401


def test_as_many_lines_as_are_allowed_may_end_with_a_line_end(newsroom: Newsroom) -> None:
    answer = send(newsroom, *[b"{}"] * MOST_LINES, b"", query="")
    assert (answer.status_code, len(answer.get_json()["refused"])) == (200, MOST_LINES)


def test_too_many_lines_or_bytes_are_refused_whole(newsroom: Newsroom) -> None:
    many = send(newsroom, *[b'{"id": "a", "title": "A"}'] * (MOST_LINES + 1))
    assert (many.status_code, many.get_json()["error"]["message"]) == (
        413,
        "lines is 10,001, allowed: at most 10,000, and nothing is kept",
    )
    assert send(newsroom, b" " * (LARGEST_LINES + 1)).status_code == 413
    with Ledger(newsroom.settings.ledger) as ledger:
        assert (ledger.article("a"), ledger.sequence()) == (None, 4)


def test_more_than_one_article_may_have_as_many_bytes_as_one(newsroom: Newsroom) -> None:
    body = "word " * 180_000
    answer = send(newsroom, *[{"id": f"long-{n}", "title": "Long", "body": body} for n in range(10)], query="")
    assert answer.get_json()["accepted"] == 10, answer.text


def test_nothing_sent_is_nothing_accepted(newsroom: Newsroom) -> None:
    assert send(newsroom, b"").get_json()["accepted"] == 0


@pytest.mark.parametrize("query", ["wait=1", "restore=1"])
def test_a_parameter_it_does_not_know_is_refused_and_nothing_is_kept(newsroom: Newsroom, query: str) -> None:
    assert send(newsroom, {"id": "a", "title": "A"}, query=query).status_code == 400
    with Ledger(newsroom.settings.ledger) as ledger:
        assert ledger.article("a") is None


def test_when_too_many_change_at_once_the_next_is_told_to_come_again(newsroom: Newsroom) -> None:
    service = newsroom.app.extensions["broadsheet"]
    turns = [service.writes.turn() for _ in range(8)]
    for turn in turns:
        turn.__enter__()
    refused = send(newsroom, {"id": "a", "title": "A"})
    assert (refused.status_code, refused.headers.getlist("Retry-After")) == (503, ["1"])
    assert refused.get_json()["error"] == {
        "code": "service_unavailable",
        "message": "too much is asked at once: try again in a moment",
    }
    assert newsroom.found() == [article.id for article in ARTICLES]
    for turn in turns:
        turn.__exit__(None, None, None)
    assert send(newsroom, {"id": "a", "title": "A"}).status_code == 200


def test_ids_are_those_of_articles(newsroom: Newsroom) -> None:
    send(newsroom, {"_id": "x/y", "headline": "Rain"})
    with Ledger(newsroom.settings.ledger) as ledger:
        assert ledger.article("x/y") == Article("x/y", "Rain")
