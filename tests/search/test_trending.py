from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from search.article import Article, ArticleId
from search.embedding.hashing import HashingEmbedder
from search.errors import InvalidValue
from search.ranking.hotness import Readership, Traffic
from search.request import Filters, HotRequest
from search.result import HotResult
from search.signal import Kind, Place, Signal
from search.trending import Trender
from tests.builders import NOW, article, embedded, signal
from tests.exact_engine import ExactEngine

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MODEL = HashingEmbedder()
BRIDGE = "A crack in the steel of Harbour Bridge has shut it to all traffic, the port said on Saturday."
NEWS = [
    article("crack", "Crack shuts Harbour Bridge", body=BRIDGE, section="News", published=NOW - 30 * HOUR),
    article(
        "inquiry",
        "Harbour Bridge crack was known",
        body="The crack in the steel of Harbour Bridge was known to the port.",
        section="News",
        published=NOW - 5 * HOUR,
    ),
    article("match", "Athletic win again", body="Two late goals.", section="Sport", published=NOW - 2 * HOUR),
    article("bun", "Rhubarb and cardamom buns", body="Proving takes a night.", section="Food", published=NOW - 9 * DAY),
    article("moon", "Men walk on the moon", body="One small step.", section="News", published=NOW - 3_650 * DAY),
]


def trender(traffic: Mapping[ArticleId, Traffic] | None = None, *articles: Article) -> Trender:
    def reading(window: timedelta, now: datetime) -> Readership:
        return Readership(traffic or {}, recent_hours=1.2, past_hours=window / HOUR - 1.2)

    engine = ExactEngine()
    engine.put(embedded(articles or NEWS, MODEL))
    return Trender(engine, reading)


def ids(result: HotResult) -> list[str]:
    return [item.article.id for item in result.items]


def request(**fields: object) -> HotRequest:
    return HotRequest(Filters(NOW), **fields)  # type: ignore[arg-type]


def test_what_is_read_leads_one_article_a_story_the_one_that_is_read_most() -> None:
    result = trender({"crack": Traffic(40, 20.0), "inquiry": Traffic(9, 6.0), "bun": Traffic(50, 24.0)}).hot(request())
    assert ids(result) == ["crack", "bun", "match"]
    assert result.items[0].ranked.hit.score == pytest.approx(26, abs=2)
    assert ([item.views for item in result.items], result.fallback) == ([40, 50, 0], None)


def test_an_old_article_under_robot_traffic_stays_out() -> None:
    attacked = trender({"moon": Traffic(1_000_000, 900_000.0, 50_000), "match": Traffic(10, 9.0, 1)})
    assert ids(attacked.hot(request(limit=50))) == ["match", "inquiry", "bun"]


def test_before_anybody_reads_dates_and_the_growth_of_stories_order_the_list() -> None:
    result = trender().hot(request())
    assert (ids(result), result.fallback) == (["inquiry", "match", "bun"], "dates")
    assert [item.is_rising for item in result.items] == [False] * 3


def test_copies_of_one_text_do_not_make_a_story_grow() -> None:
    copies = [article(f"copy{n}", "Wire", body=BRIDGE, published=NOW - n * HOUR) for n in range(9)]
    result = trender({}, *copies).hot(request())
    assert ids(result) == ["copy0"]
    assert result.items[0].ranked.hit.score == pytest.approx(1)


def test_before_anybody_reads_the_sections_are_mixed() -> None:
    sport = [
        article(f"s{n}", f"w{n} x{n} y{n}", body=f"z{n}", section="Sport", published=NOW - n * HOUR) for n in range(5)
    ]
    town = article("town", "Town hall clock", body="Stopped.", section="News", published=NOW - 12 * HOUR)
    assert ids(trender({}, *sport, town).hot(request()))[:2] == ["s0", "town"]


def test_a_breaking_story_is_rising_against_its_own_past_and_that_of_its_section() -> None:
    usual = {"bun": Traffic(160, 40.0, 1), "match": Traffic(1, 1.0, 1)}
    result = trender({**usual, "inquiry": Traffic(40, 40.0, 40)}).hot(request())
    assert [(item.article.id, item.is_rising) for item in result.items] == [
        ("inquiry", True),
        ("bun", False),
        ("match", False),
    ]


def test_a_morning_that_has_all_articles_read_more_makes_none_rise() -> None:
    morning = {"bun": Traffic(200, 90.0, 60), "crack": Traffic(60, 50.0, 20), "match": Traffic(21, 20.0, 20)}
    assert [item.is_rising for item in trender(morning).hot(request()).items] == [False] * 3


def test_on_the_first_hour_of_counting_there_is_no_past_and_nothing_rises() -> None:
    first = {"bun": Traffic(200, 90.0, 200), "crack": Traffic(60, 50.0, 60)}
    assert [item.is_rising for item in trender(first).hot(request()).items] == [False] * 3


def test_a_section_is_hot_by_itself() -> None:
    hot = trender({"crack": Traffic(40, 20.0)}).hot(HotRequest(Filters(NOW, sections=["sport"])))
    assert ids(hot) == ["match"]


@pytest.mark.parametrize(
    ("wish", "hot"),
    [
        (signal(Kind.EXCLUDE, "bun", Place.HOT), ["match", "inquiry"]),
        (signal(Kind.PIN, "moon", Place.HOT, position=2), ["match", "moon", "inquiry", "bun"]),
        (signal(Kind.PIN, "crack", Place.HOT), ["crack", "match", "bun"]),
        (signal(Kind.BURY, "match", Place.HOT), ["inquiry", "match", "bun"]),
        (signal(Kind.EXCLUDE, "match", Place.RELATED), ["match", "inquiry", "bun"]),
    ],
)
def test_the_newsroom_steers(wish: Signal, hot: list[str]) -> None:
    assert ids(trender({"match": Traffic(2, 1.5)}).hot(request(), [wish])) == hot


def test_what_nobody_may_see_is_not_hot() -> None:
    hidden = Filters(NOW, without_ids=frozenset({"match", "inquiry"}))
    assert ids(trender({"match": Traffic(9, 9.0)}).hot(HotRequest(hidden))) == ["crack", "bun"]


def test_an_archive_without_dates_and_an_empty_one_have_a_list_too() -> None:
    assert ids(trender({}, article("x"), article("y", "Other words")).hot(request())) == ["x", "y"]
    assert Trender(ExactEngine()).hot(request()).items == []


def test_window_and_limit_have_limits() -> None:
    with pytest.raises(InvalidValue, match="window is '15d', allowed: 1d to 14d"):
        request(days=15)
    with pytest.raises(InvalidValue, match="limit is 0, allowed: 1 to 50"):
        request(limit=0)
