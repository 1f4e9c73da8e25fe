"""One untrusted record to one signal, or the field that is wrong."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from indexer.clean.article import clean_time
from indexer.clean.text import one_line
from search.errors import InvalidValue
from search.signal import LONGEST, Kind, Place, Signal, query_key
from search.text.normalise import facet_key


def clean_signal(record: Mapping[str, object]) -> Signal:
    """The signal that a record says. Raises InvalidValue naming field, value and what is allowed.

    Null and "" are as absent; a pin without a position is the first.
    """
    for name in record:
        if name not in _FIELDS:
            raise InvalidValue("field", name, ", ".join(_FIELDS))
    known = {name: value for name, value in record.items() if value is not None and value != ""}
    if known.get("kind") == Kind.PIN:
        known.setdefault("position", 1)
    for name in ("id", "kind", "article", "place"):
        known.setdefault(name, None)  # which no field allows
    fields = {name: clean(name, known[name]) for name, clean in _FIELDS.items() if name in known}
    return Signal(**fields)  # type: ignore[arg-type]


def clean_author(value: object) -> str:
    """The name of who changes something. Raises InvalidValue for what is none."""
    return one_line(_string("author", value))


def _string(field: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue(field, value, "a string")
    limit = LONGEST.get(field)
    if limit and len(value) > limit:
        raise InvalidValue(field, value, f"at most {limit:,} characters")
    return value


def _one_of(options: type[StrEnum]) -> Callable[[str, object], StrEnum]:
    def clean(field: str, value: object) -> StrEnum:
        if not isinstance(value, str) or value not in list(options):
            raise InvalidValue(field, value, ", ".join(options))
        return options(value)

    return clean


def _line(field: str, value: object) -> str:
    return one_line(_string(field, value))


def _section(field: str, value: object) -> str:
    return facet_key(_line(field, value))


def _query(field: str, value: object) -> str:
    query = query_key(_string(field, value))
    if not query:
        raise InvalidValue(field, value, "some text, or none at all")
    return query


def _position(field: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidValue(field, value, "a whole number")
    return value


_FIELDS: dict[str, Callable[[str, object], object]] = {
    "id": _string,
    "kind": _one_of(Kind),
    "article": _string,
    "place": _one_of(Place),
    "section": _section,
    "query": _query,
    "position": _position,
    "start": clean_time,
    "end": clean_time,
    "author": _line,
    "note": _line,
}
