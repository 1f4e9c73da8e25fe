"""What the site noted of its readers, an event a line: which hits of a search were shown, and which were clicked."""

import json
from dataclasses import dataclass

from indexer.events.event import read_event
from indexer.events.query import merged
from search.article import ArticleId
from search.errors import InvalidValue
from search.request import LARGEST_PAGE

SEARCH = "search"  # the place that counts, and the one meant where none is told
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

    Those are views, searches told without their hits, other places, no or too deep a position, and no query or one with
    operators or more than 32 words: there the operators decide what is found, not the weights.
    Raises InvalidValue, naming place and field, for what no event has.

    >>> line = '{"type": "click", "article": "a7", "visitor": "v", "query": " Harbour  bridge", "position": 2}'
    >>> search_event("events.jsonl:1", line)
    SearchEvent(query='harbour bridge', article='a7', position=2, visitor='v', is_click=True)
    """
    record = _record(place, line)
    try:
        event = read_event(record)
    except InvalidValue as error:
        raise error.at(place) from error
    asked = merged(event.query) if event.query else ""
    is_of_search = event.type in ("click", "impression") and event.place in ("", SEARCH)
    if not is_of_search or not asked or not event.position or event.position > DEEPEST_POSITION:
        return None
    return SearchEvent(asked, event.article, event.position, event.visitor, event.type == "click")


def _record(place: str, line: str) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"{place}: line", line, "JSON") from error
    if not isinstance(record, dict):
        raise InvalidValue(f"{place}: line", record, "a JSON object, one event")
    return record
