import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.clean.signal import clean_signal
from search.errors import InvalidValue
from search.signal import Kind, Place, Signal, from_json, to_json
from tests.builders import utc

PIN = {"id": "top", "kind": "pin", "article": "bridge", "place": "search"}


def test_a_record_becomes_the_signal_it_says() -> None:
    record = {
        **PIN,
        "section": " Metro  News",
        "query": "“Harbour  Bridge”",
        "position": 3,
        "start": "2026-05-10T09:30+09:00",
        "end": "2026-05-11",
        "author": "Ada\nBrill",
        "note": "<b>The</b> vote",
    }
    assert clean_signal(record) == Signal(
        "top",
        Kind.PIN,
        "bridge",
        Place.SEARCH,
        "metro news",
        '"harbour bridge"',
        3,
        utc(2026, 5, 10, 0, 30),
        utc(2026, 5, 11),
        "Ada Brill",
        "The vote",
    )


def test_what_is_null_or_empty_is_as_absent_and_a_pin_without_a_position_is_the_first() -> None:
    empty = dict.fromkeys(["section", "query", "author", "note"], "") | dict.fromkeys(["position", "start", "end"])
    assert clean_signal({**PIN, **empty}) == clean_signal(PIN) == clean_signal({**PIN, "position": 1})
    assert clean_signal({**PIN, "kind": "boost"}).position is None


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"kind": None}, "kind is None, allowed: pin, boost, bury, exclude"),
        ({"kind": "PIN"}, "kind is 'PIN', allowed: pin, boost, bury, exclude"),
        ({"kind": ["pin"]}, "kind is ['pin'], allowed: pin, boost, bury, exclude"),
        ({"place": "front"}, "place is 'front', allowed: search, related, hot, topics, for-you, all"),
        ({"place": None}, "place is None, allowed: search, related, hot, topics, for-you, all"),
        ({"article": 7}, "article is 7, allowed: a string"),
        ({"article": None}, "article is None, allowed: a string"),
        ({"id": None}, "id is None, allowed: a string"),
        ({"id": "a b"}, "id is 'a b', allowed: 1 to 128 letters, digits, dots, hyphens and underscores"),
        ({"position": "1"}, "position is '1', allowed: a whole number"),
        ({"position": True}, "position is True, allowed: a whole number"),
        ({"position": 1.0}, "position is 1.0, allowed: a whole number"),
        ({"position": 11}, "position is 11, allowed: 1 to 10"),
        ({"query": " "}, "query is ' ', allowed: some text, or none at all"),
        ({"query": "x" * 257}, f"query is '{'x' * 77}…', allowed: at most 256 characters"),
        (
            {"start": "noon"},
            "start is 'noon', allowed: an ISO 8601 time, such as 2026-05-10 or 2026-05-10T09:30:00Z",
        ),
        (
            {"colour": "red"},
            "field is 'colour', allowed: id, kind, article, place, section, query, position, start, end, author, note",
        ),
    ],
)
def test_a_wrong_field_is_refused_with_what_is_allowed(fields: dict[str, Any], refusal: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        clean_signal({**PIN, **fields})
    assert str(refused.value) == refusal


values = st.none() | st.booleans() | st.integers() | st.text(max_size=300) | st.lists(st.text(max_size=3), max_size=2)
hostile = st.sampled_from(["\ud800", "\x00", "<script>", "ΐ" * 256, "a\u0301" * 128, "ﬀ" * 200, '"', "  ", "9" * 5_000])


@given(
    st.dictionaries(st.sampled_from(["section", "query", "author", "note", "position", "start", "end"]), values)
    | st.dictionaries(st.sampled_from(["section", "query", "author", "note", "article", "id", "start"]), hostile)
)
def test_whatever_a_record_holds_becomes_a_signal_that_can_be_kept_or_is_refused(record: dict[str, object]) -> None:
    with suppress(InvalidValue):
        signal = clean_signal({**PIN, **record})
        assert from_json(to_json(signal)) == signal
        json.dumps(signal.note, ensure_ascii=False).encode()
