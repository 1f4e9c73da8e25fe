"""What the site noted of its readers, an event a line: which hits of a search were shown, and which were clicked."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from indexer.evaluating.judgments import as_typed
from search.article import LONGEST_ID, ArticleId
from search.errors import InvalidValue
from search.request import LARGEST_PAGE, LONGEST_QUERY
from search.text.normalise import normalise_query

TYPES = ("view", "click", "impression")
SEARCH = "search"  # the place that counts, and the one meant where none is told
LONGEST_VISITOR = 128  # characters: an opaque name
DEEPEST_POSITION = LARGEST_PAGE  # further down too few look for a log to say how many


@dataclass(frozen=True, slots=True)
class SearchEvent:
    """A visitor was shown an article at a position of a query's hits, counted from 1, or clicked it there."""

    query: str
    article: ArticleId
    position: int
    visitor: str
    is_click: bool


def search_event(place: str, line: str) -> SearchEvent | None:
    """The event of a line; None for one that says nothing of a search's hits.

    Those are views, other places, no or too deep a position, and no query or one with operators or more than 32
    words: there the operators decide what is found, not the weights.
    Raises InvalidValue, naming place and field, for what no event has.

    >>> line = '{"type": "click", "article": "a7", "visitor": "v", "query": " Harbour  bridge", "position": 2}'
    >>> search_event("events.jsonl:1", line)
    SearchEvent(query='harbour bridge', article='a7', position=2, visitor='v', is_click=True)
    """
    record = _record(place, line)
    kind, article, visitor = record.get("type"), record.get("article"), record.get("visitor")
    query, position, where = record.get("query"), record.get("position"), record.get("place")
    if kind not in TYPES:
        raise InvalidValue(f"{place}: type", kind, " or ".join(TYPES))
    if not isinstance(article, str) or not (article.isprintable() and article.strip() and len(article) <= LONGEST_ID):
        raise InvalidValue(f"{place}: article", article, f"1 to {LONGEST_ID} printable characters")
    if not isinstance(visitor, str) or not 0 < len(visitor) <= LONGEST_VISITOR:
        raise InvalidValue(f"{place}: visitor", visitor, f"1 to {LONGEST_VISITOR} characters")
    if query is not None and not (isinstance(query, str) and len(query) <= LONGEST_QUERY):
        raise InvalidValue(f"{place}: query", query, f"a string of at most {LONGEST_QUERY} characters")
    if position is not None and not (isinstance(position, int) and not isinstance(position, bool) and position >= 1):
        raise InvalidValue(f"{place}: position", position, "a whole number from 1")
    if where is not None and not isinstance(where, str):
        raise InvalidValue(f"{place}: place", where, "a string")
    _check_time(place, record.get("at"))
    asked = merged(query) if query else ""
    if kind == "view" or where not in (None, SEARCH) or not asked or not position or position > DEEPEST_POSITION:
        return None
    return SearchEvent(asked, article, position, visitor, kind == "click")


@lru_cache(maxsize=10_000)  # the hits of one search come one after the other
def merged(query: str) -> str:
    """The one form of a query that readers type in many; empty for one that is more than plain words.

    >>> merged("Harbour  BRIDGE"), merged('"harbour bridge" -ferry')
    ('harbour bridge', '')
    """
    text = normalise_query(normalise_query(query).casefold())
    return text if as_typed(text) == text else ""


def _record(place: str, line: str) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"{place}: line", line, "JSON") from error
    if not isinstance(record, dict):
        raise InvalidValue(f"{place}: line", record, "a JSON object, one event")
    return record


def _check_time(place: str, time: object) -> None:
    try:
        if time is not None:
            datetime.fromisoformat(time)  # type: ignore[arg-type]  # what is no string is a TypeError
    except (TypeError, ValueError) as error:
        raise InvalidValue(f"{place}: at", time, "a time in ISO 8601") from error
