from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.events.event import Event
from indexer.events.impressions import DAY, DEEPEST_POSITION, PLACES, Impressions, Shown, Slot, slot_of
from search.result import EPOCH
from tests.builders import NOW

TODAY = (NOW - EPOCH) // DAY
FIRST = Slot(TODAY, "search", 1, "")


@pytest.fixture
def impressions() -> Impressions:
    return Impressions(lambda: b"salt")


def event(type_: str = "impression", visitor: str = "a", **fields: Any) -> Event:
    own = {"article": "storm", "place": "search", "position": 1, "query": "harbour", **fields}
    return Event(type_, visitor=visitor, **own)  # type: ignore[arg-type]


def add(impressions: Impressions, *events: Event) -> None:
    for each in events:
        impressions.add(each, NOW)


def test_links_are_counted_by_day_place_position_and_team(impressions: Impressions) -> None:
    add(impressions, event(), event(visitor="b"), event("click", visitor="b"))
    add(impressions, event(position=2, article="rain", team="b"), event(place="related", query="", at=NOW - DAY))
    assert impressions.taken() == {
        FIRST: Shown(2, 1),
        Slot(TODAY, "search", 2, "b"): Shown(1, 0),
        Slot(TODAY - 1, "related", 1, ""): Shown(1, 0),
    }
    assert impressions.taken() == {}


def test_a_visitor_counts_once_a_day_for_a_link_and_anew_for_another_query(impressions: Impressions) -> None:
    add(impressions, *[event()] * 9, *[event("click")] * 9)
    assert impressions.taken() == {FIRST: Shown(1, 1)}
    add(impressions, event(query="ferry"))
    impressions.add(event(), NOW + timedelta(days=1))
    assert impressions.taken() == {FIRST: Shown(1, 0), FIRST._replace(day=TODAY + 1): Shown(1, 0)}


def test_a_click_on_what_nobody_said_was_shown_stands_for_both(impressions: Impressions) -> None:
    add(impressions, event("click"), event())
    assert impressions.taken() == {FIRST: Shown(1, 1)}


def test_views_and_searches_are_no_links(impressions: Impressions) -> None:
    add(impressions, event("view"), event("search", article=""))
    assert impressions.taken() == {}


def test_where_the_sketch_is_full_it_begins_anew_and_blinds_no_count() -> None:
    impressions = Impressions(lambda: b"salt", cells=100)
    add(impressions, *(event(visitor=f"robot {number}") for number in range(150)))
    assert impressions.taken()[FIRST].impressions > 100


@given(st.text(), st.none() | st.integers(1), st.text(max_size=3))
def test_whatever_is_told_the_slots_of_a_day_are_few(place: str, position: int | None, query: str) -> None:
    slot = slot_of(Event("click", "a", "v", place=place, position=position, query=query), NOW)
    assert slot.place in PLACES
    assert 0 <= slot.position <= DEEPEST_POSITION


@given(st.lists(st.tuples(st.sampled_from(["impression", "click"]), st.sampled_from("abc"), st.integers(1, 3))))
def test_no_slot_has_more_clicks_than_impressions(told: list[tuple[str, str, int]]) -> None:
    impressions = Impressions(lambda: b"salt", cells=4_096)
    add(impressions, *(event(type_, visitor, position=position) for type_, visitor, position in told))
    assert all(shown.clicks <= shown.impressions for shown in impressions.taken().values())
