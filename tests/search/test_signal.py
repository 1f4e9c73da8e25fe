from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from search.errors import InvalidValue
from search.signal import Kind, Place, Signal, from_json, query_key, to_json
from tests.builders import NOW, signal

HOUR = timedelta(hours=1)


def test_a_signal_comes_back_whole() -> None:
    full = signal(
        query="harbour bridge", section="metro", position=3, start=NOW, end=NOW + HOUR, author="Ada", note="€"
    )
    assert from_json(to_json(full)) == full
    assert from_json(to_json(signal(Kind.BURY))) == signal(Kind.BURY)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"id": ""}, "id is '', allowed: 1 to 128 letters, digits, dots, hyphens and underscores"),
        ({"id": "a/b"}, "id is 'a/b', allowed: 1 to 128 letters, digits, dots, hyphens and underscores"),
        ({"id": ".a"}, "id is '.a', allowed: 1 to 128 letters, digits, dots, hyphens and underscores"),
        ({"article": "a\nb", "id": "x"}, "article is 'a\\nb', allowed: 1 to 128 printable characters"),
        ({"position": 0}, "position is 0, allowed: 1 to 10"),
        ({"position": 11}, "position is 11, allowed: 1 to 10"),
        ({"position": None}, "position is None, allowed: 1 to 10"),
        ({"kind": Kind.BOOST}, "position is 1, allowed: none with the kind boost, only with pin"),
        (
            {"place": Place.RELATED, "query": "x"},
            "query is 'x', allowed: none with the place related, only with search",
        ),
        ({"note": "x" * 1_001}, f"note is '{'x' * 77}…', allowed: at most 1,000 characters"),
        ({"start": datetime(2026, 5, 1)}, "start is datetime.datetime(2026, 5, 1, 0, 0), allowed: a time in UTC"),
        (
            {"start": NOW, "end": NOW},
            "end is '2026-05-10T12:00:00+00:00', allowed: a time after start, 2026-05-10T12:00:00+00:00",
        ),
    ],
)
def test_what_can_be_no_signal_is_refused_with_what_can(fields: dict[str, Any], refusal: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        signal(**{"position": 1, **fields})
    assert str(refused.value) == refusal


def test_a_time_of_another_zone_is_refused() -> None:
    with pytest.raises(InvalidValue, match="end is"):
        signal(end=datetime(2026, 5, 1, tzinfo=timezone(HOUR)))


def test_a_signal_holds_from_its_start_on_and_no_longer_at_its_end() -> None:
    bounded = signal(start=NOW, end=NOW + HOUR)
    moments = [NOW - HOUR, NOW, NOW + HOUR - timedelta(microseconds=1), NOW + HOUR]
    assert [bounded.is_live(moment) for moment in moments] == [False, True, True, False]
    assert signal().is_live(datetime(1970, 1, 1, tzinfo=UTC))


def test_a_signal_of_all_places_is_of_each() -> None:
    assert all(signal(place=Place.ALL).is_of(place) for place in Place)
    assert [place for place in Place if signal(place=Place.HOT).is_of(place)] == [Place.HOT]


def test_a_query_and_a_section_each_narrow_it() -> None:
    queries, sections = {"harbour bridge"}, {"metro"}
    narrowed: list[tuple[Signal, bool]] = [
        (signal(), True),
        (signal(query="harbour bridge"), True),
        (signal(query="harbour"), False),
        (signal(section="metro"), True),
        (signal(section="sport"), False),
        (signal(query="harbour bridge", section="sport"), False),
    ]
    assert [each.is_about(queries, sections) for each, _ in narrowed] == [expected for _, expected in narrowed]


def test_queries_are_compared_without_regard_to_case_spacing_and_the_shape_of_quotes() -> None:
    assert query_key(" “Harbour   TRUST” ") == query_key('"harbour trust"')
    assert query_key("harbour trust") != query_key('"harbour trust"')
