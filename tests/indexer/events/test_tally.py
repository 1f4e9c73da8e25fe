from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from indexer.events.decay import HALF_LIFE, amount
from indexer.events.event import Event
from indexer.events.impressions import DAY, Shown, Slot
from indexer.events.pace import MOST_A_MINUTE
from indexer.events.tally import HOUR, MOST_READS, Asked, Choices, Outcomes, Tally
from search.result import EPOCH
from tests.builders import NOW

TODAY = (NOW - EPOCH) // DAY
NOW_HOUR = (NOW - EPOCH) // HOUR


@pytest.fixture
def tally() -> Tally:
    return Tally(salts().__next__)


def salts() -> Iterator[bytes]:
    for number in range(256):
        yield bytes([number]) * 32


def add(tally: Tally, *visitors: str, now: datetime = NOW, **fields: Any) -> None:
    for visitor in visitors:
        tally.add(Event(**{"type": "view", "article": "storm", "visitor": visitor, **fields}), now)


def asked(tally: Tally, *visitors: str, query: str = "harbour bridge", **fields: Any) -> None:
    add(tally, *visitors, **{"query": query, "type": "impression", **fields})


def test_views_and_clicks_are_counted_by_hour_and_article_and_impressions_are_not(tally: Tally) -> None:
    add(tally, "a", "b", at=NOW - HOUR)
    add(tally, "c")
    add(tally, "c", type="click", article="rain")
    add(tally, "c", type="impression", article="rain")
    batch = tally.taken()
    assert batch.events == 5
    assert batch.reads == {
        (NOW_HOUR - 1, "storm"): (2, 0),
        (NOW_HOUR, "storm"): (1, 0),
        (NOW_HOUR, "rain"): (0, 1),
    }
    assert {article: round(amount(heat, NOW), 2) for article, heat in batch.heats.items()} == {"storm": 2.99}


def test_a_batch_begins_empty(tally: Tally) -> None:
    add(tally, "a")
    tally.taken()
    batch = tally.taken()
    assert (batch.events, batch.reads, batch.heats, batch.queries) == (0, {}, {}, {})


def test_a_visitor_counts_three_times_a_day_for_an_article_and_anew_the_next_day(tally: Tally) -> None:
    add(tally, *["a"] * 9, "b")
    add(tally, *["a"] * 9, article="rain")
    assert [views for views, _ in tally.taken().reads.values()] == [MOST_READS + 1, MOST_READS]
    add(tally, *["a"] * 9, now=NOW + timedelta(days=1))
    assert [views for views, _ in tally.taken().reads.values()] == [MOST_READS]


def test_every_day_has_a_salt_of_its_own_and_asks_for_it_once() -> None:
    given = salts()
    tally = Tally(given.__next__)
    for days in (0, 0, 1, 1, 2):
        add(tally, "a", now=NOW + timedelta(days=days))
    assert next(given)[0] == 3


def test_a_flood_of_visitors_begins_the_day_anew_and_blinds_no_count_and_makes_no_third_visitor() -> None:
    tally = Tally(salts().__next__, cells=100)
    asked(tally, "a", "b")
    add(tally, *(f"robot {number}" for number in range(150)))
    asked(tally, "a", "b")
    add(tally, "reader", article="rain")
    batch = tally.taken()
    assert batch.reads[NOW_HOUR, "rain"] == (1, 0)
    assert batch.reads[NOW_HOUR, "storm"][0] > 100
    assert batch.queries == {}


def test_a_query_is_handed_on_once_three_visitors_asked_it_on_one_day(tally: Tally) -> None:
    asked(tally, "a", "b", "a", "b", "a")
    asked(tally, "c", now=NOW + timedelta(days=1))
    assert tally.taken().queries == {}
    tally = Tally(salts().__next__)
    asked(tally, "a", "b", at=NOW - HALF_LIFE)
    asked(tally, "c", query=" Hárbour BRIDGE", article="rain")
    (key, query), *others = tally.taken().queries.items()
    assert (key, others) == ("harbour bridge", [])
    assert query == Asked("hárbour bridge", "rain", NOW, 3, query.heat, TODAY, Outcomes(3))
    assert amount(query.heat, NOW) == pytest.approx(2.0)


def test_a_query_handed_on_once_is_handed_on_with_each_new_visitor_and_its_heat_once(tally: Tally) -> None:
    asked(tally, "a", "b", "c")
    tally.taken()
    assert tally.taken().queries == {}
    asked(tally, "d")
    (query,) = tally.taken().queries.values()
    assert (query.visitors, round(amount(query.heat, NOW), 9)) == (4, 1.0)


def test_searches_are_counted_once_a_visitor_query_and_day_with_what_became_of_them(tally: Tally) -> None:
    asked(tally, *"abc", type="search", article="", total=7)
    asked(tally, *"aab", type="click")
    add(tally, *"dd", type="search", article="", query="zeppelin", total=0)
    batch = tally.taken()
    assert batch.searched == {TODAY: Outcomes(searches=4, unanswered=1, clicked=2)}
    assert {key: each.outcomes for key, each in batch.queries.items()} == {"harbour bridge": Outcomes(3, 0, 2)}
    asked(tally, "c", type="click")
    assert {key: each.outcomes for key, each in tally.taken().queries.items()} == {"harbour bridge": Outcomes(0, 0, 1)}


def test_what_found_nothing_is_handed_on_once_three_visitors_asked_it_and_leads_nowhere(tally: Tally) -> None:
    asked(tally, *"ab", type="search", article="", total=0)
    assert tally.taken().queries == {}
    asked(tally, "c", type="search", article="", total=0)
    (query,) = tally.taken().queries.values()
    assert (query.article, query.outcomes) == ("", Outcomes(3, 3))


@pytest.mark.parametrize("type_", ["impression", "click"])
@pytest.mark.parametrize("is_told_apart", [False, True])
def test_a_query_leads_to_what_was_shown_for_it_though_the_search_was_told_before(
    tally: Tally, type_: str, is_told_apart: bool
) -> None:
    asked(tally, *"abc", type="search", article="", total=7)
    if is_told_apart:
        tally.taken()
    asked(tally, *"ab", type=type_, article="rain")
    asked(tally, "c", type=type_, article="snow")
    (query,) = tally.taken().queries.values()
    assert (query.article, query.visitors) == ("rain" if type_ == "impression" else "snow", 3)
    assert amount(query.heat, NOW) == pytest.approx(3.0)
    asked(tally, "c", type="impression", article="hail")
    assert tally.taken().queries == {}


def test_a_search_counts_once_for_each_of_two_interleaved_rankings_that_it_clicked(tally: Tally) -> None:
    for article, team in (("storm", "a"), ("rain", "a"), ("snow", "b")):
        asked(tally, "v", type="click", article=article, team=team)
    asked(tally, "w", type="click", article="snow", team="b")
    asked(tally, "w", query="ferry", type="click", team="a")
    batch = tally.taken()
    assert batch.searched == {TODAY: Outcomes(searches=3, clicked=3)}
    assert sorted(batch.choices.values()) == [Choices(1, 0), Choices(1, 2)]
    assert {day for day, _ in batch.choices} == {TODAY}
    assert tally.taken().choices == {}


def test_links_shown_and_clicked_are_in_the_batch(tally: Tally) -> None:
    asked(tally, "a", position=1)
    asked(tally, "a", position=1, type="click")
    batch = tally.taken()
    assert batch.shown == {Slot(TODAY, "search", 1, ""): Shown(1, 1)}
    assert (tally.taken().shown, tally.taken().searched) == ({}, {})


@pytest.mark.parametrize("query", ['"harbour bridge"', "harbour -ferry", "", "…", "x" * 81, "word " * 33])
def test_what_is_no_plain_short_query_is_not_remembered(tally: Tally, query: str) -> None:
    asked(tally, *"abcd", query=query)
    assert tally.taken().queries == {}


def test_a_flood_of_different_queries_is_forgotten_before_what_many_ask() -> None:
    tally = Tally(salts().__next__, most_asked=10)
    asked(tally, "a", "b")
    for number in range(1_000):
        asked(tally, "robot", query=f"nonsense {number}")
    asked(tally, "c")
    assert list(tally.taken().queries) == ["harbour bridge"]


def test_names_of_visitors_may_be_any_text(tally: Tally) -> None:
    add(tally, "\ud800", "", "\0", "é" * 128)
    assert list(tally.taken().reads.values()) == [(4, 0)]


def test_a_robot_counts_no_more_once_it_has_read_too_fast_and_anew_the_next_day(tally: Tally) -> None:
    for number in range(100):
        add(tally, "robot", article=f"a{number}")
    add(tally, "reader")
    reads = tally.taken().reads
    assert (len(reads), reads[NOW_HOUR, "storm"]) == (MOST_A_MINUTE + 1, (1, 0))
    add(tally, "robot", now=NOW + timedelta(hours=1))
    assert tally.taken().reads == {}
    add(tally, "robot", now=NOW + timedelta(days=1))
    assert list(tally.taken().reads.values()) == [(1, 0)]


def test_impressions_come_in_dozens_and_make_nobody_a_robot(tally: Tally) -> None:
    for number in range(100):
        add(tally, "reader", type="impression", article=f"a{number}")
    add(tally, "reader")
    assert list(tally.taken().reads.values()) == [(1, 0)]
