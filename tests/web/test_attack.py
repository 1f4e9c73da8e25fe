"""A day of readers, and of those who are none, hour by hour on a clock set by hand."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from search.article import Article, ArticleId
from tests.builders import utc
from tests.web.newsroom import NOON, Newsroom

Attack = Callable[[int], list[tuple[str, ArticleId]]]  # by the hour: visitors, and what they view

HOURS = 24
READS = 90  # of people, in an hour
NEWS_ITEMS = 60
TENTH = 10  # what makes a tenth of all traffic
MOON = Article("moon", "Men walk on the moon", "One small step.", section="News", published=utc(1969, 7, 21))
NEWS = [
    Article(f"a{n}", f"alpha{n} beta{n}", f"gamma{n} delta{n} epsilon{n}", published=NOON - timedelta(hours=30 + n))
    for n in range(NEWS_ITEMS)
]


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, [*NEWS, MOON])


def day(newsroom: Newsroom, attack: Attack) -> None:
    """A day of people who read all the news but a59, and in every hour of it the attack."""
    for hour in range(HOURS):
        newsroom.now = NOON + timedelta(hours=hour)
        people = [(f"reader {hour} {n}", f"a{(n + hour) % (NEWS_ITEMS - 1)}") for n in range(READS)]
        events = [
            {"type": "view", "visitor": visitor, "article": article} for visitor, article in [*people, *attack(hour)]
        ]
        for start in range(0, len(events), 1_000):
            sent = newsroom.client.post("/api/events", json={"events": events[start : start + 1_000]})
            assert sent.status_code == 202
        newsroom.intake.flush()
    newsroom.now += timedelta(minutes=1)


def hot(newsroom: Newsroom) -> list[ArticleId]:
    return [item["id"] for item in newsroom.json("/api/hot", limit=20)["items"]]


def most_viewed(newsroom: Newsroom) -> ArticleId:
    """What leads by views alone."""
    with Ledger(newsroom.settings.ledger) as ledger:
        traffic = EventStore(ledger).traffic(NOON, newsroom.now, newsroom.now, half_life=timedelta(hours=42), limit=1)
    return next(iter(traffic))


def test_a_planted_attack_of_a_tenth_of_the_traffic_on_an_old_article_stays_out_and_leads_without_the_defence(
    newsroom: Newsroom,
) -> None:
    day(newsroom, lambda hour: [(f"address {hour} {n}", "moon") for n in range(TENTH)])
    assert most_viewed(newsroom) == "moon"
    listed = hot(newsroom)
    assert len(listed) == 20
    assert "moon" not in listed


def test_a_robot_of_one_name_that_makes_a_tenth_of_the_traffic_moves_nothing(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    day(newsroom, lambda hour: [("robot", "a59")] * TENTH)
    quiet = Newsroom(tmp_path / "quiet", [*NEWS, MOON])
    day(quiet, lambda hour: [])
    assert "a59" not in hot(newsroom)
    assert hot(newsroom)[:10] == hot(quiet)[:10]


def test_a_crawler_that_reads_everything_in_a_minute_is_counted_for_thirty_articles_and_no_more(
    newsroom: Newsroom,
) -> None:
    read = [article.id for article in NEWS] + [MOON.id]
    day(newsroom, lambda hour: [("crawler", id_) for id_ in read * 10])
    with Ledger(newsroom.settings.ledger) as ledger:
        reads = EventStore(ledger).reads_since(NOON)
    assert sum(each.views for each in reads.values()) == HOURS * READS + 2 * 30  # two days, by UTC
