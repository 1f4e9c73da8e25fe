import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from indexer.events.event import Event
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore, Reads
from search.article import Article
from search.result import EPOCH
from tests.builders import utc
from tests.web.newsroom import NOON, Newsroom
from web.intake import MOST_WAITING
from web.params import MOST_EVENTS

TWINS = [
    Article("north", "Harbour bridge, the north side", "Alpha beta.", published=utc(2026, 5, 10)),
    Article("south", "Harbour bridge, the south side", "Gamma delta.", published=utc(2026, 5, 10)),
    *(Article(f"v{n}", f"alpha{n} beta{n}", f"gamma{n}", published=utc(2026, 5, 9)) for n in range(30)),
]
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, TWINS)


def event(article: str = "north", visitor: str = "v1", **fields: Any) -> dict[str, Any]:
    return {"type": "view", "article": article, "visitor": visitor, **fields}


def post(newsroom: Newsroom, *events: object, agent: str = "Mozilla/5.0") -> TestResponse:
    return newsroom.client.post("/api/events", json={"events": events}, headers={"User-Agent": agent})


def told(newsroom: Newsroom, *events: object, agent: str = "Mozilla/5.0") -> Any:
    """The answer to events, which are in the ledger after it."""
    response = post(newsroom, *events, agent=agent)
    assert response.status_code == 202, response.text
    newsroom.intake.flush()
    return response.get_json()


def reads(newsroom: Newsroom) -> dict[str, Reads]:
    with Ledger(newsroom.settings.ledger) as ledger:
        return dict(EventStore(ledger).reads_since(EPOCH))


def test_events_are_taken_in_and_counted(newsroom: Newsroom) -> None:
    answer = told(newsroom, event(), event(visitor="v2", at="2026-05-11T11:00:00Z"), event(type="click"))
    assert answer.pop("took_ms") >= 0
    assert answer == {"accepted": 3, "robots": 0, "refused": [], "generation": "000001", "degraded": []}
    assert reads(newsroom) == {"north": Reads(2, 1)}


def test_bad_events_are_refused_by_place_field_value_and_what_is_allowed_and_the_good_ones_kept(
    newsroom: Newsroom,
) -> None:
    answer = told(newsroom, event(type="look"), event(), 7, event(at="2026-05-09T12:00:00Z"), event(position=0))
    assert (answer["accepted"], reads(newsroom)) == (1, {"north": Reads(1, 0)})
    assert answer["refused"] == [
        {"index": 0, "field": "type", "value": "'look'", "allowed": "view or click or impression or search"},
        {"index": 2, "field": "event", "value": "7", "allowed": "a JSON object"},
        {
            "index": 3,
            "field": "at",
            "value": "'2026-05-09T12:00:00+00:00'",
            "allowed": "a time within the last 24 hours",
        },
        {"index": 4, "field": "position", "value": "0", "allowed": "a whole number from 1"},
    ]


def test_robots_are_dropped_by_the_readers_user_agent_else_by_the_senders(newsroom: Newsroom) -> None:
    assert told(newsroom, event(), event(agent="Mozilla/5.0"), agent=GOOGLEBOT)["robots"] == 1
    assert told(newsroom, event("south"), event("south", agent=GOOGLEBOT), agent="python-requests/2")["robots"] == 1
    assert reads(newsroom) == {"north": Reads(1, 0), "south": Reads(1, 0)}


def test_a_visitor_counts_a_few_times_and_unknown_articles_not_at_all(newsroom: Newsroom) -> None:
    assert told(newsroom, *[event()] * 99, event("nobody"))["accepted"] == 100
    assert reads(newsroom) == {"north": Reads(3, 0)}


@pytest.mark.parametrize("body", [7, [], "events", {}, {"events": None}, {"events": {}}, {"events": [], "token": "x"}])
def test_a_body_that_holds_no_events_is_refused(newsroom: Newsroom, body: object) -> None:
    response = newsroom.client.post("/api/events", json=body)
    assert (response.status_code, response.get_json()["error"]["field"]) == (400, "body")


def test_too_many_events_or_bytes_at_once_are_refused_and_none_is_taken(newsroom: Newsroom) -> None:
    assert post(newsroom, *[event()] * MOST_EVENTS).status_code == 202
    response = post(newsroom, *[event()] * (MOST_EVENTS + 1))
    assert response.get_json()["error"]["message"] == "events is '1,001 events', allowed: at most 1,000"
    assert post(newsroom, event(more="x" * 1_000_000)).status_code == 413
    assert newsroom.client.post("/api/events?visitor=v", json={"events": []}).status_code == 400


def test_events_may_come_as_plain_text_since_a_page_of_another_origin_can_send_no_other(newsroom: Newsroom) -> None:
    response = newsroom.client.post("/api/events", data=json.dumps({"events": [event()]}), content_type="text/plain")
    assert (response.status_code, response.get_json()["accepted"]) == (202, 1)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"events": [' + "9" * 5_000 + "]}", "\xff"])
def test_foreign_bytes_are_refused_and_never_a_failure_here(newsroom: Newsroom, text: str) -> None:
    sent = newsroom.client.post("/api/events", data=text.encode("latin-1"), content_type="application/json")
    assert sent.status_code == 400


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"), TWINS)


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)


@given(st.lists(st.dictionaries(st.sampled_from([*event(), "at", "query", "agent"]), VALUES), max_size=5))
def test_whatever_the_fields_hold_every_event_is_accepted_refused_or_of_a_robot(
    foreign: Newsroom, fields: list[dict[str, Any]]
) -> None:
    answer = told(foreign, *({**event(), **each} for each in fields))
    assert answer["accepted"] + answer["robots"] + len(answer["refused"]) == len(fields)


def test_where_too_many_wait_the_sender_is_told_to_come_again(newsroom: Newsroom) -> None:
    newsroom.intake.stop()
    newsroom.intake.put([Event("view", "north", "v1")] * (MOST_WAITING - 1))
    assert post(newsroom, event()).status_code == 202
    response = post(newsroom, event())
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert response.get_json()["error"]["message"] == "50,000 events wait to be counted: send these again later"


def test_without_events_no_score_has_to_do_with_popularity(newsroom: Newsroom) -> None:
    for path in ("/api/search?q=harbour+bridge&explain=1", "/api/articles/north/related?explain=1"):
        answer = newsroom.json(path)
        found = answer.get("hits") or answer["items"]
        assert found
        assert all("popularity" not in each["explain"] for each in found)


def scores(newsroom: Newsroom) -> dict[str, float]:
    hits = newsroom.json("/api/search", q="harbour bridge side", explain=1)["hits"]
    for hit in hits:
        factors = [hit["explain"].pop(name, 1.0) for name in ("freshness", "popularity")]
        parts = sum(part["weight"] * part["normalised"] for part in hit["explain"].values())
        assert parts * factors[0] * factors[1] == pytest.approx(hit["score"], abs=3e-6)
    return {hit["id"]: hit["score"] for hit in hits}


def test_what_is_read_stands_before_its_like_from_the_next_hour_on_by_a_twentieth_at_most(newsroom: Newsroom) -> None:
    before = scores(newsroom)
    assert list(before) == ["north", "south"]
    told(newsroom, *(event("south", f"v{n}") for n in range(200)))
    assert scores(newsroom) == before
    newsroom.now = NOON + timedelta(hours=1)
    after = scores(newsroom)
    assert list(after) == ["south", "north"]
    assert after["north"] == pytest.approx(0.95 * before["north"], abs=1e-6)


def test_pages_of_one_hour_have_one_order_whatever_is_read_meanwhile(newsroom: Newsroom) -> None:
    whole = newsroom.found(q="harbour bridge side")
    first = newsroom.json("/api/search", q="harbour bridge side", size=1)
    told(newsroom, *(event("south", f"v{n}") for n in range(200)))
    newsroom.now = NOON + timedelta(minutes=59)
    second = newsroom.json("/api/search", q="harbour bridge side", size=1, page=2)
    assert [first["hits"][0]["id"], second["hits"][0]["id"]] == whole
    assert first["total"] == second["total"]


def test_related_articles_know_what_is_read(newsroom: Newsroom) -> None:
    told(newsroom, *(event("south", f"v{n}") for n in range(200)))
    newsroom.now = NOON + timedelta(hours=1)
    (item,) = newsroom.json("/api/articles/north/related", explain=1)["items"]
    assert (item["id"], item["explain"]["popularity"]) == ("south", 1.0)


def searched(query: str, *visitors: str, article: str = "north") -> list[dict[str, Any]]:
    return [event(article, each, type="impression", query=query, position=1) for each in visitors]


def past(newsroom: Newsroom, typed: str) -> list[dict[str, str]]:
    suggestions = newsroom.json("/api/suggest", q=typed)["suggestions"]
    return [each for each in suggestions if each["kind"] == "query"]


def test_a_query_that_three_visitors_asked_is_suggested_and_leads_to_its_search(newsroom: Newsroom) -> None:
    told(newsroom, *searched("Bridge side", "a", "b"))
    assert past(newsroom, "bri") == []
    told(newsroom, *searched("bridge  SIDE", "c"))
    assert past(newsroom, "bri") == [{"text": "bridge side", "kind": "query", "url": "/search?q=bridge+side"}]
    assert newsroom.get(past(newsroom, "bri")[0]["url"]).status_code == 200


def test_a_query_with_words_that_no_article_has_is_not_suggested(newsroom: Newsroom) -> None:
    told(newsroom, *searched("bridge zeppelin", *"abc"), *searched("bridge <b>", *"abc"))
    assert past(newsroom, "bri") == []


def test_a_query_whose_article_is_withdrawn_is_not_suggested(newsroom: Newsroom) -> None:
    told(newsroom, *searched("bridge side", *"abc"))
    assert newsroom.delete("north").status_code == 200
    assert past(newsroom, "bri") == []


def test_what_the_service_is_asked_itself_is_not_remembered(newsroom: Newsroom) -> None:
    for _ in range(5):
        newsroom.json("/api/search", q="bridge side")
        newsroom.get("/search", q="bridge side")
    newsroom.intake.flush()
    assert past(newsroom, "bri") == []


def test_events_come_in_before_anything_is_published(tmp_path: Path) -> None:
    answer = told(Newsroom(tmp_path), event())
    assert (answer["accepted"], answer["generation"]) == (1, None)
