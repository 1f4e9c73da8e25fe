from datetime import UTC, datetime

import pytest

from indexer.clean.article import clean_article
from search.article import TIMES
from search.errors import InvalidValue
from tests.builders import record, utc


def refusal(**values: object) -> tuple[str, str, str]:
    """Field, value and what is allowed, as a record with these values is refused."""
    with pytest.raises(InvalidValue) as caught:
        clean_article(record(**values))
    return caught.value.field, caught.value.value, caught.value.allowed


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-05-10", utc(2026, 5, 10)),
        ("2026-05-10T09:30", utc(2026, 5, 10, 9, 30)),
        ("2026-05-10 09:30", utc(2026, 5, 10, 9, 30)),
        ("2026-05-10T09:30Z", utc(2026, 5, 10, 9, 30)),
        ("2026-05-10T09:30+09:00", utc(2026, 5, 10, 0, 30)),
        ("2026-01-01T00:00-05:30", utc(2026, 1, 1, 5, 30)),
        ("2026-01-01T00:00+14:00", utc(2025, 12, 31, 10)),
        (" 20260510T093000Z\n", utc(2026, 5, 10, 9, 30)),
        ("2026-05-10T09:30:15.250Z", datetime(2026, 5, 10, 9, 30, 15, 250_000, tzinfo=UTC)),
        ("0001-01-01", utc(1, 1, 1)),
        ("9999-12-31T23:59", utc(9999, 12, 31, 23, 59)),
        ("2024-02-29", utc(2024, 2, 29)),
    ],
)
@pytest.mark.parametrize("field", TIMES)
def test_a_time_is_iso_8601_and_utc_where_it_names_no_zone(field: str, text: str, time: datetime) -> None:
    assert getattr(clean_article(record(**{field: text})), field) == time


@pytest.mark.parametrize(
    "value",
    [
        " ",
        1_700_000_000,
        ["2026"],
        "yesterday",
        "10/05/2026",
        "May 10, 2026",
        "2026-13-01",
        "2026-02-30",
        "2026-05-10T25:00",
        "1778400000",
        "0000-01-01",
        "10000-01-01",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-12:00",
        "2026-05-10T09:30 Europe/Berlin",
        "２０２６-05-10",
        "\x00",
    ],
)
@pytest.mark.parametrize("field", TIMES)
def test_a_time_that_is_none_is_refused(field: str, value: object) -> None:
    allowed = "an ISO 8601 time, such as 2026-05-10 or 2026-05-10T09:30:00Z"
    assert refusal(**{field: value}) == (field, repr(value), allowed)


@pytest.mark.parametrize("field", TIMES)
def test_a_time_that_was_left_empty_is_as_absent(field: str) -> None:
    assert clean_article(record(**{field: ""})) == clean_article(record(**{field: None}))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://gannet.example/a?b=c&d=%20#e", "https://gannet.example/a?b=c&d=%20#e"),
        ("HTTP://gannet.example", "HTTP://gannet.example"),
        ("https://gannet.example:8443/ü", "https://gannet.example:8443/ü"),
        (" https://gannet.example/\n", "https://gannet.example/"),
        ("http://[::1]/", "http://[::1]/"),
        ("", ""),
        ("  ", ""),
    ],
)
@pytest.mark.parametrize("field", ["url", "image"])
def test_an_address_is_http_or_https(field: str, text: str, address: str) -> None:
    assert getattr(clean_article(record(**{field: text})), field) == address


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>x()</script>",
        "ftp://gannet.example/a",
        "//gannet.example/a",
        "/a",
        "gannet.example/a",
        "https:",
        "https://",
        "https:///a",
        "https:gannet.example",
        "http://:80/",
        "http://[::1",
        "https://gannet.example/a b",
        "https://gannet.example/a\tb",
        "https://gannet.example/\u202egpj.exe",
        "https://gannet.example/\ud800",
    ],
)
@pytest.mark.parametrize("field", ["url", "image"])
def test_any_other_address_is_refused(field: str, text: str) -> None:
    assert refusal(**{field: text}) == (field, repr(text), "an http or https address")
