from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.freshness import BURST_WEIGHT, NEWS_WEIGHT, PLAIN_WEIGHT, HalfLives, aged, freshness, recency
from search.result import UNKNOWN_TIME, microseconds
from tests.builders import utc

DAY = 86_400_000_000  # microseconds


NEWEST = microseconds(utc(2026, 5, 10, 12))
HOUR_AGO, OLD = NEWEST - DAY // 24, NEWEST - 30 * DAY


@pytest.mark.parametrize(("days", "expected"), [(0, 1.0), (1, 0.5), (3, 0.125), (-1, 0.5)])
def test_freshness_halves_with_every_half_life_before_and_after(days: int, expected: float) -> None:
    moment = (100 + days) * DAY
    assert freshness(np.array([100 * DAY]), moment, moment, DAY).tolist() == [expected]


def test_an_article_of_unknown_date_is_old_and_an_evergreen_one_never() -> None:
    half_lives = HalfLives(timedelta(days=1), {"recipes": None}).of(["news", "recipes"])
    assert freshness(np.array([UNKNOWN_TIME, UNKNOWN_TIME]), 0, 0, half_lives).tolist() == [0.0, 1.0]
    assert freshness(np.array([UNKNOWN_TIME]), UNKNOWN_TIME, UNKNOWN_TIME, DAY).tolist() == [0.0]


@given(st.floats(0, 1), st.floats(0, 1))
def test_age_takes_at_most_its_weight_and_never_adds(fresh: float, weight: float) -> None:
    assert 1 - weight - 1e-9 <= aged(np.array(fresh), weight) <= 1


def test_a_year_in_a_query_is_the_stretch_it_asks_for() -> None:
    asked = recency(["floods", "2013"], [], NEWEST)
    inside, before = utc(2013, 6, 1), utc(2012, 12, 31)
    published = np.array([microseconds(inside), microseconds(before)])
    assert freshness(published, asked.first, asked.last, DAY).tolist() == [1.0, 0.5]
    assert asked.weight == NEWS_WEIGHT


@pytest.mark.parametrize("word", ["2127", "1066", "12013", "2013a"])
def test_what_is_no_year_of_news_is_a_word_like_others(word: str) -> None:
    assert recency([word], [], NEWEST) == recency([], [], NEWEST)


@pytest.mark.parametrize(("fresh", "weight"), [(4, PLAIN_WEIGHT), (5, BURST_WEIGHT)])
def test_a_burst_of_fresh_matches_asks_for_news(fresh: int, weight: float) -> None:
    assert recency(["fire"], [HOUR_AGO] * fresh + [OLD] * 10, NEWEST).weight == weight


def test_what_is_fresh_far_down_the_list_is_no_burst() -> None:
    assert recency(["fire"], [OLD] * 20 + [HOUR_AGO] * 10, NEWEST).weight == PLAIN_WEIGHT


def test_where_nothing_has_a_date_no_query_asks_for_news() -> None:
    assert recency(["latest"], [UNKNOWN_TIME] * 20, UNKNOWN_TIME).weight == PLAIN_WEIGHT
