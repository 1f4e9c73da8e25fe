from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.clean.dateline import written_date
from tests.builders import utc


@pytest.mark.parametrize(
    "line",
    [
        "Tuesday, May 13, 2025",
        "Tue 13 May 2025",
        "13 May 2025",
        "May 13th, 2025",
        "2025-05-13",
        "2025.05.13",
        "Published 13 May 2025",
        "Last updated: May 13, 2025",
        "2025년 5월 13일",
        "2025년 5월 13일 화요일",
        "2025年5月13日",
        "13. Mai 2025",
        "13 de mayo de 2025",
        "  13   May 2025 ",
        "(13 May 2025)",
    ],
)
def test_a_line_that_is_a_date_alone_is_midnight_utc(line: str) -> None:
    assert written_date(line) == utc(2025, 5, 13)


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("May 13, 2025 at 10:32 a.m.", utc(2025, 5, 13, 10, 32)),
        ("May 13, 2025 | 10:32 PM", utc(2025, 5, 13, 22, 32)),
        ("Published 13 May 2025, 10:32 GMT", utc(2025, 5, 13, 10, 32)),
        ("First published on Tue 13 May 2025 10.32 BST", utc(2025, 5, 13, 9, 32)),
        ("10:32 KST, 13 May 2025", utc(2025, 5, 13, 1, 32)),
        ("2025-05-13T10:32:00+09:00", utc(2025, 5, 13, 1, 32)),
        ("입력 2025.05.13 10:32", utc(2025, 5, 13, 10, 32)),
        ("2025년 5월 13일 오후 3:20", utc(2025, 5, 13, 15, 20)),
    ],
)
def test_a_time_is_kept_and_its_zone_is_honoured(line: str, time: datetime) -> None:
    assert written_date(line) == time


@pytest.mark.parametrize("line", ["03/04/2025", "3.4.2025", "Updated 03-04-2025"])
def test_which_number_is_the_month_is_not_guessed(line: str) -> None:
    assert written_date(line) is None


@pytest.mark.parametrize("line", ["13/05/2025", "05/13/2025", "13.05.2025"])
def test_a_number_that_can_be_no_month_is_the_day(line: str) -> None:
    assert written_date(line) == utc(2025, 5, 13)


def test_a_year_first_is_followed_by_the_month() -> None:
    assert written_date("2025-03-04") == utc(2025, 3, 4)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Riverton",
        "May",
        "May 2025",
        "2025",
        "13 May",
        "two days ago",
        "10 killed in 2025 blast",
        "Top 10, 2025",
        "The 13 May 2025 vote",
        "The board met on 13 May 2025.",
        "31 February 2025",
        "13 May 2025, 25:61",
        "13 May 2025 and 14 May 2025",
    ],
)
def test_a_line_that_is_anything_else_has_no_date(line: str) -> None:
    assert written_date(line) is None


def test_a_long_line_is_not_looked_at() -> None:
    assert written_date("13 May 2025" + " " * 70) is None


@given(st.text(max_size=90) | st.from_regex(r"(\d{1,2} \w{1,9} ){1,2}(19|20)\d\d[\w: +.-]{0,20}", fullmatch=True))
def test_any_line_is_a_time_in_utc_or_none(line: str) -> None:
    found = written_date(line)
    assert found is None or found.tzinfo == UTC
