"""Reads a line that is a date and nothing else, as news sites write it above an article."""

import re
from datetime import UTC, datetime

import dateparser

LONGEST_DATELINE = 80  # characters: "Last updated: Wednesday, September 24, 2025 at 10:32 a.m. Eastern Daylight Time"
LANGUAGES = "en ko ja zh de fr es it pt nl sv da nb fi pl cs tr".split()  # dateparser tries one after another

_PREFIX = re.compile(
    r"(?:(?:first |last |originally )?(?:published|posted|updated|modified|created|released)"
    r"|date|publi(?:shed|cation) date|입력|수정|등록|승인|발행일?)\s*(?:on\b|at\b|:)?\s*:?\s*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

# The shapes of a date. Any word may be a month or weekday here: dateparser knows which are.
_WORD = r"[^\W\d_]{2,12}\.?"
_WEEKDAY = rf"(?:{_WORD},?\s+)?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.|º)?"
_YEAR_NUMBER = r"(?:19|20)\d\d"
_NUMERIC = r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?:19|20)\d\d"
_DATE = (
    rf"(?:{_WEEKDAY}{_WORD}\s+{_DAY},?\s+{_YEAR_NUMBER}"  # Tuesday, May 13, 2025
    rf"|{_WEEKDAY}{_DAY}\s+(?:de\s+)?{_WORD},?\s+(?:de\s+)?{_YEAR_NUMBER}"  # 13 de mayo de 2025
    rf"|{_YEAR_NUMBER}(?P<sign>[-/.])\s?\d{{1,2}}(?P=sign)\s?\d{{1,2}}\.?"  # 2025-05-13
    rf"|{_YEAR_NUMBER}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]"  # 2025년 5월 13일
    r"(?:\s?\(\w\)|\s\w요일)?"
    rf"|{_WEEKDAY}{_NUMERIC})"
)
_ZONE = r"(?:\s?\(?(?:Z|[A-Z]{2,5}(?:[+-]\d{1,2})?|[+-]\d\d:?\d\d)\)?)?"
_CLOCK = rf"(?:(?:오전|오후|午前|午後)\s?)?\d{{1,2}}(?:[:.]\d\d){{1,2}}(?:\.\d{{1,9}})?(?:\s?[ap]\.?m\.?)?{_ZONE}"
_HOUR = rf"\d{{1,2}}\s?[ap]\.?m\.?{_ZONE}"
_TIME = rf"(?:{_CLOCK}|{_HOUR})"
_DATELINE = re.compile(
    rf"(?:{_TIME}(?:\s*[,|·•]|\s*[-–—]|\s+on)?\s+)?{_DATE}"
    rf"(?:(?:\s*[,|·•]|\s*[-–—]|\s+at|\s+um|\s+à)?\s+{_TIME}(?:\s+Uhr)?|T{_TIME})?",
    re.IGNORECASE,
)
_NOISE = re.compile(  # says nothing about the time
    r"\s[|·•–—-]\s"  # a mark between date and time
    r"|\(\w\)|\s\w요일"  # a weekday: (화), 화요일
    r"|(?<=\d)\.(?=\s*$)"  # the last full stop of 2025. 5. 13.
)


def written_date(line: str) -> datetime | None:
    """The time in UTC that a line gives; midnight where it gives only a date. None for any other line.

    The whole line must be a date with day, month and year, and perhaps a time; without a zone it is UTC.
    03/04/2025 gives None: either number could be the month.

    >>> written_date("Updated: May 13, 2025 at 10:32 a.m.").isoformat()
    '2025-05-13T10:32:00+00:00'
    >>> written_date("10 killed in 2025 blast") is None
    True
    """
    if len(line) > LONGEST_DATELINE or not _YEAR.search(line):
        return None
    text = " ".join(line.split())
    text = text.removeprefix("(").removesuffix(")")
    text = _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text
    shape = _DATELINE.fullmatch(text)
    if shape is None or _is_ambiguous(shape):
        return None
    return _parsed(_NOISE.sub(" ", text))


def _is_ambiguous(shape: re.Match[str]) -> bool:
    numbers = shape["first"], shape["second"]
    if None in numbers:
        return False
    first, second = map(int, numbers)
    return first <= 12 and second <= 12 and first != second


def _parsed(text: str) -> datetime | None:
    settings = {
        "REQUIRE_PARTS": ["day", "month", "year"],
        "STRICT_PARSING": True,
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
    }
    try:
        found = dateparser.parse(text, languages=LANGUAGES, settings=settings)
        return None if found is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # 31 February, or a time that its zone moves out of the calendar
        return None
