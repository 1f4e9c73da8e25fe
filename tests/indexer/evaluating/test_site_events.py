import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.evaluating.site_events import SearchEvent, search_event
from search.errors import InvalidValue

EVENT = {"type": "impression", "article": "storm", "visitor": "v1", "query": "rain", "position": 3}
FIELDS = ("type", "article", "visitor", "at", "query", "position", "place")
VALUES = st.one_of(
    st.sampled_from(["view", "click", "impression", "search", "related", "2026-05-01", "2026-05-01T10:00:00Z"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    ),
)


def parsed(**fields: Any) -> SearchEvent | None:
    return search_event("events.jsonl:7", json.dumps({**EVENT, **fields}))


def test_a_hit_that_was_shown_or_clicked_is_read() -> None:
    assert parsed() == SearchEvent("rain", "storm", 3, "v1", is_click=False)
    whole = {"type": "click", "place": "search", "at": "2026-05-01T10:00:00.5Z", "more": [1]}
    assert parsed(**whole) == SearchEvent("rain", "storm", 3, "v1", is_click=True)


def test_ways_to_type_one_query_are_merged() -> None:
    typed = ["Cafe\u0301  STRASSE", " café straße", "CAFÉ\tstrasse "]
    assert {event.query for query in typed if (event := parsed(query=query))} == {"café strasse"}


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "view"},
        {"place": "related"},
        {"query": None},
        {"query": ""},
        {"query": " — "},
        {"query": '"heavy rain"'},
        {"query": "rain -snow"},
        {"query": "rain " * 33},
        {"position": None},
        {"position": 51},
    ],
)
def test_what_says_nothing_of_how_plain_words_are_ranked_is_skipped(fields: dict[str, Any]) -> None:
    assert parsed(**fields) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line is '{', allowed: JSON"),
        ("[1]", "line is [1], allowed: a JSON object, one event"),
        ({"type": "look"}, "type is 'look', allowed: view or click or impression"),
        ({"type": ["click"]}, "type is ['click'], allowed: view or click or impression"),
        ({"article": " "}, "article is ' ', allowed: 1 to 128 printable characters"),
        ({"article": "\ud800"}, r"article is '\ud800', allowed: 1 to 128 printable characters"),
        ({"visitor": 7}, "visitor is 7, allowed: 1 to 128 characters"),
        ({"visitor": ""}, "visitor is '', allowed: 1 to 128 characters"),
        ({"query": "x" * 257}, "allowed: a string of at most 256 characters"),
        ({"position": 0}, "position is 0, allowed: a whole number from 1"),
        ({"position": True}, "position is True, allowed: a whole number from 1"),
        ({"position": 1.5}, "position is 1.5, allowed: a whole number from 1"),
        ({"position": "2"}, "position is '2', allowed: a whole number from 1"),
        ({"place": 1}, "place is 1, allowed: a string"),
        ({"at": "yesterday"}, "at is 'yesterday', allowed: an ISO 8601 time"),
        ({"at": 1778000000}, "at is 1778000000, allowed: an ISO 8601 time"),
        ({"type": "view", "position": -1}, "position is -1, allowed: a whole number from 1"),
    ],
)
def test_what_no_event_has_is_told_by_place_field_and_value(line: str | dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidValue) as error:
        search_event("events.jsonl:7", line if isinstance(line, str) else json.dumps({**EVENT, **line}))
    assert str(error.value).startswith("events.jsonl:7: ")
    assert said in str(error.value)


def check(line: str) -> None:
    """The line is an event within its bounds, is skipped, or is refused in words that can be printed."""
    refusal = ""
    event = None
    try:
        event = search_event("log:1", line)
    except InvalidValue as error:
        refusal = str(error)
    assert refusal.encode().startswith(b"log:1: ") or not refusal
    assert event is None or (event.query == " ".join(event.query.split()) and 1 <= event.position <= 50)


@given(st.text())
@pytest.mark.parametrize("opening", ["", "{", '{"type": ', '{"type": "click", "article": "a", "visitor": '])
def test_foreign_text_never_crashes(opening: str, line: str) -> None:
    check(opening + line)


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES))
def test_foreign_fields_never_crash(fields: dict[str, Any]) -> None:
    check(json.dumps(fields))
    check(json.dumps({**EVENT, **fields}))


@pytest.mark.parametrize("depth", [900, 990, 1_000, 40_000])
def test_deep_and_huge_values_never_crash(depth: int) -> None:
    check('{"type": ' + "[" * depth + "]" * depth + "}")
    check('{"type": "click", "article": "a", "visitor": "v", "query": "q", "position": ' + "9" * depth + "}")
