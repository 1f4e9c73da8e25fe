from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from search.article import Article
from tests.builders import utc
from tests.web.newsroom import CARD, NOON, Newsroom, bearer
from tests.web.routes.harbour import ARTICLES

MOON = Article("moon", "Men walk on the moon", "One small step.", section="News", published=utc(1969, 7, 21))
TOWN = [
    Article(f"town{n}", f"alpha{n} beta{n}", f"gamma{n} delta{n}", section="News", published=NOON - timedelta(days=2))
    for n in range(5)
]


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, [*ARTICLES, MOON, *TOWN])


def read(newsroom: Newsroom, article: str, visitors: int, **fields: Any) -> None:
    """Tells that so many visitors viewed an article, and waits until it is counted."""
    name = f"{article} {newsroom.now.isoformat()} {fields}"
    events = [{"type": "view", "article": article, "visitor": f"{name}-{n}", **fields} for n in range(visitors)]
    for start in range(0, visitors, 1_000):
        assert newsroom.client.post("/api/events", json={"events": events[start : start + 1_000]}).status_code == 202
    newsroom.intake.flush()


def hot(newsroom: Newsroom, **query: object) -> list[str]:
    return [item["id"] for item in newsroom.json("/api/hot", **query)["items"]]


def rising(newsroom: Newsroom) -> list[str]:
    return [item["id"] for item in newsroom.json("/api/hot", limit=50)["items"] if item["rising"]]


def test_hot_is_exactly_the_contracts(newsroom: Newsroom) -> None:
    read(newsroom, "bridge", 30)
    answer = newsroom.json("/api/hot", limit=1)
    (item,) = answer.pop("items")
    assert answer.pop("took_ms") >= 0
    assert answer == {"window": "7d", "fallback": None, "generation": "000001", "degraded": []}
    assert set(item) == CARD | {"score", "views", "rising"}
    assert (item["id"], item["views"], item["rising"]) == ("bridge", 30, False)


def test_on_the_first_day_with_no_events_it_answers_from_dates_and_stories(newsroom: Newsroom) -> None:
    answer = newsroom.json("/api/hot", limit=50)
    assert answer["fallback"] == "dates"
    assert answer["items"][0]["id"] in ("bridge", "ferry")
    assert not {"opening", "moon", "comet"} & {item["id"] for item in answer["items"]}


def test_a_planted_old_article_under_robot_traffic_stays_out_and_would_lead_if_it_were_new(newsroom: Newsroom) -> None:
    for article in TOWN:
        read(newsroom, article.id, 20)
    read(newsroom, "moon", 2_000)
    assert "moon" not in hot(newsroom, limit=20)
    read(newsroom, "town3", 2_000)
    newsroom.now = NOON + timedelta(minutes=1)
    assert hot(newsroom, limit=20)[0] == "town3"


def test_a_planted_breaking_story_is_rising_ten_minutes_after_its_first_unusual_traffic(newsroom: Newsroom) -> None:
    for hours in range(23, 0, -1):
        for article in TOWN:
            read(newsroom, article.id, 4, at=(NOON - timedelta(hours=hours)).isoformat())
    newsroom.now = NOON + timedelta(minutes=10)
    for article in TOWN:
        read(newsroom, article.id, 1)
    assert rising(newsroom) == []
    newsroom.now += timedelta(minutes=1)
    read(newsroom, "town2", 60)
    newsroom.now += timedelta(minutes=9)
    assert rising(newsroom) == ["town2"]


def test_the_list_is_that_of_its_minute_and_the_next_minute_has_another(newsroom: Newsroom) -> None:
    before = hot(newsroom, section="News", limit=1)
    read(newsroom, "town4", 50)
    assert hot(newsroom, section="News", limit=1) == before == ["town0"]
    newsroom.now = NOON + timedelta(minutes=1)
    assert hot(newsroom, section="News", limit=1) == ["town4"]


def test_a_window_counts_no_more_than_its_days(newsroom: Newsroom) -> None:
    read(newsroom, "town1", 50, at=(NOON - timedelta(hours=20)).isoformat())
    newsroom.now = NOON + timedelta(days=1)
    assert newsroom.json("/api/hot", window="1d")["fallback"] == "dates"
    assert hot(newsroom, window="2d")[0] == "town1"


def test_what_is_withdrawn_leaves_at_once_and_a_signal_steers_the_next_request(newsroom: Newsroom) -> None:
    read(newsroom, "town1", 50)
    assert hot(newsroom)[0] == "town1"
    newsroom.delete("town1")
    assert "town1" not in hot(newsroom)
    pin = {"kind": "pin", "article": "town3", "place": "hot"}
    newsroom.client.put("/api/signals/first", json=pin, headers=bearer("secret"))
    assert hot(newsroom)[0] == "town3"


@pytest.mark.parametrize(
    "query", ["window=0d", "window=15d", "window=7", "window=week", "limit=0", "limit=51", "section=", "days=7"]
)
def test_hot_refuses_what_is_not_allowed(newsroom: Newsroom, query: str) -> None:
    response = newsroom.get(f"/api/hot?{query}")
    assert response.status_code == 400
    assert "allowed: " in response.get_json()["error"]["message"]
