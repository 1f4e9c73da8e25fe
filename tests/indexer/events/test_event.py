from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.events.event import Event, read_event, time_of
from search.errors import InvalidValue
from tests.builders import NOW

WHOLE = {
    "type": "click",
    "article": "storm",
    "visitor": "v1",
    "at": "2026-05-10T14:00:00+02:00",
    "query": "Rain ",
    "position": 3,
    "place": "search",
    "agent": "Mozilla/5.0",
    "team": "b",
    "total": 7,
}


def test_an_event_is_read_whole_its_time_in_utc() -> None:
    whole = Event("click", "storm", "v1", NOW, "Rain ", 3, "search", "Mozilla/5.0", "b", 7)
    assert read_event({**WHOLE, "more": [1]}) == whole
    least = {"type": "view", "article": "storm", "visitor": "v1", "at": None, "query": None}
    assert read_event(least) == Event("view", "storm", "v1")


def test_a_search_is_of_a_query_and_of_no_article() -> None:
    search = {"type": "search", "visitor": "v1", "query": "Rain", "total": 0, "article": "storm"}
    assert read_event(search) == Event("search", "", "v1", query="Rain", total=0)
    with pytest.raises(InvalidValue, match="^query is ' ', allowed: what was searched"):
        read_event({**search, "query": " "})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"type": None}, "type is None, allowed: view or click or impression or search"),
        ({"team": "c"}, "team is 'c', allowed: a or b"),
        ({"position": 0}, "position is 0, allowed: a whole number from 1"),
        ({"total": True}, "total is True, allowed: a whole number from 0"),
        ({"article": "x" * 129}, "allowed: 1 to 128 printable characters"),
        ({"visitor": "x" * 129}, "allowed: 1 to 128 characters"),
        ({"agent": "x" * 1_025}, "allowed: a string of at most 1,024 characters"),
        ({"place": "x" * 129}, "allowed: a string of at most 128 characters"),
        ({"at": "0001-01-01T00:00:00+23:00"}, "allowed: an ISO 8601 time"),
    ],
)
def test_what_no_event_has_is_told_by_field_value_and_what_is_allowed(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidValue, match=next(iter(fields))) as error:
        read_event({**WHOLE, **fields})
    assert said in str(error.value)


@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), st.none() | st.booleans() | st.integers() | st.text()))
def test_foreign_fields_make_an_event_within_its_bounds_or_are_refused(fields: dict[str, Any]) -> None:
    try:
        event = read_event({**WHOLE, **fields})
    except InvalidValue:
        return
    assert len(event.query) <= 256
    assert event.at is None or event.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("ago", "is_at"),
    [
        (timedelta(hours=24), NOW - timedelta(hours=24)),
        (timedelta(0), NOW),
        (timedelta(minutes=-5), NOW),
    ],
)
def test_an_event_of_the_last_day_keeps_its_time_and_one_a_little_ahead_is_now(ago: timedelta, is_at: Any) -> None:
    assert time_of(Event("view", "storm", "v1", NOW - ago), NOW) == is_at
    assert time_of(Event("view", "storm", "v1"), NOW) == NOW


@pytest.mark.parametrize("ago", [timedelta(hours=24, seconds=1), timedelta(minutes=-5, seconds=-1)])
def test_what_is_older_or_yet_to_come_is_refused(ago: timedelta) -> None:
    with pytest.raises(InvalidValue, match="^at is .*, allowed: a time within the last 24 hours$"):
        time_of(Event("view", "storm", "v1", NOW - ago), NOW)
