"""One untrusted record to one article, or the field that is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from indexer.clean.text import one_line, paragraphs
from search.article import Access, Article
from search.errors import InvalidValue

LONGEST_TITLE = 1_000  # characters
LONGEST_BODY = 1_000_000  # characters: a long book; what is larger is not an article
LONGEST_NAME = 200  # characters of a section, tag, author or source
MOST_NAMES = 100  # tags or authors
LONGEST_URL = 2_048

STAND_INS = {"id": "_id", "title": "headline", "body": "text", "authors": "author"}

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")


def clean_article(record: Mapping[str, object]) -> Article:
    """The article that a record of the contract says. Raises InvalidValue naming field, value and what is allowed.

    `_id`, `headline`, `text` and `author` stand in for `id`, `title`, `body` and `authors`; fields the contract does
    not know are passed over (`unknown_fields`); null is as absent, and so is a time that was left empty.
    """
    known = {name: value for name, value in record.items() if value is not None and (value != "" or name not in TIMES)}
    for name, other in STAND_INS.items():
        if name not in known and other in known:
            known[name] = known[other]
    fields = {name: clean(name, known[name]) for name, clean in _FIELDS.items() if name in known}
    if "id" not in fields:
        raise InvalidValue("id", None, "a string of 1 to 128 printable characters")
    return Article(**{"title": "", **fields})  # type: ignore[arg-type]


def unknown_fields(record: Mapping[str, object]) -> list[str]:
    """The fields of a record that say something and that no article has: misspelt, or named as elsewhere.

    >>> unknown_fields({"id": "a", "headline": "Rain", "keywords": ["flood"], "metadata": {}})
    ['keywords']
    """
    return [name for name, value in record.items() if value and name not in _FIELDS and name not in STAND_INS.values()]


def _string(field: str, value: object, limit: int) -> str:
    if not isinstance(value, str):
        raise InvalidValue(field, value, "a string")
    if len(value) > limit:
        raise InvalidValue(field, value, f"at most {limit:,} characters")
    return value


def _id(field: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue(field, value, "a string")
    return value  # the article itself knows what an id may be


def _title(field: str, value: object) -> str:
    return one_line(_string(field, value, LONGEST_TITLE))


def _body(field: str, value: object) -> str:
    return paragraphs(_string(field, value, LONGEST_BODY))


def _name(field: str, value: object) -> str:
    return one_line(_string(field, value, LONGEST_NAME))


def _names(field: str, value: object) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or len(values) > MOST_NAMES:
        raise InvalidValue(field, value, f"a list of at most {MOST_NAMES} strings")
    names = (_name(field, each) for each in values)
    return tuple(dict.fromkeys(name for name in names if name))


def _language(field: str, value: object) -> str:
    language = _string(field, value, LONGEST_NAME)
    if language and not _LANGUAGE.fullmatch(language):
        raise InvalidValue(field, value, "a language tag such as en or pt-BR")
    return language.lower()


def _address(field: str, value: object) -> str:
    address = _string(field, value, LONGEST_URL).strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or not address.isprintable() or " " in address:
        raise InvalidValue(field, value, "an http or https address")
    return address


def _access(field: str, value: object) -> Access:
    match value:
        case "free" | "subscriber":
            return value
    raise InvalidValue(field, value, "free or subscriber")


def clean_time(field: str, value: object) -> datetime:
    """An ISO 8601 time in UTC: a date alone is midnight, no zone is UTC. Raises InvalidValue for anything else.

    >>> clean_time("published", "2026-05-10T09:30+09:00").isoformat()
    '2026-05-10T00:30:00+00:00'
    """
    try:
        if not isinstance(value, str) or len(value) > LONGEST_NAME:
            raise ValueError
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidValue(field, value, "an ISO 8601 time, such as 2026-05-10 or 2026-05-10T09:30:00Z") from error


def clean_end(field: str, value: str) -> datetime:
    """The last moment that a reader means by a time: of a date alone the end of its day.

    >>> clean_end("to", "2026-05-10").isoformat(timespec="seconds"), clean_end("to", "2026-05-10T09:00Z").hour
    ('2026-05-10T23:59:59+00:00', 9)
    """
    moment = clean_time(field, value)
    return datetime.combine(moment, time.max, UTC) if len(value.strip()) <= len("2026-05-10") else moment


_FIELDS: dict[str, Callable[[str, object], object]] = {
    "id": _id,
    "title": _title,
    "body": _body,
    "summary": _body,
    "published": clean_time,
    "updated": clean_time,
    "section": _name,
    "tags": _names,
    "authors": _names,
    "source": _name,
    "language": _language,
    "url": _address,
    "image": _address,
    "access": _access,
    "embargo_until": clean_time,
    "expires_at": clean_time,
}
TIMES = {name for name, clean in _FIELDS.items() if clean is clean_time}
