"""Suggesting: what a reader may be typing, from what others asked and the archive's sections, tags and titles."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from search.engines.engine import Engine, Reader
from search.errors import InvalidValue
from search.request import Filters, SuggestRequest
from search.result import Suggestion, SuggestResult
from search.text.analysis import split_words
from search.text.normalise import facet_key, normalise_query
from search.text.query_syntax import MOST_TERMS

SHARE = 4  # one suggestion in so many may be a past search, one a section, and one a topic, where titles want the rest

# What several readers asked that begins so and found what may be seen, the most asked first: text, time, how many.
PastQueries: TypeAlias = Callable[[str, datetime, int], Sequence[str]]


def none_asked(beginning: str, now: datetime, limit: int) -> Sequence[str]:
    """The past queries where none are kept."""
    return ()


class Suggester:
    """Suggests from an engine's live generation, and from past queries."""

    def __init__(self, engine: Engine, past_queries: PastQueries = none_asked) -> None:
        self._engine, self._past_queries = engine, past_queries

    def suggest(self, request: SuggestRequest) -> SuggestResult:
        """Past queries, then sections, topics and titles, each list best first; none for a text without a word.

        Raises InvalidValue above 32 words.
        """
        reader, text = self._engine.reader(), normalise_query(request.text)
        words, filters, limit = split_words(text), request.filters, request.limit
        if len(words) > MOST_TERMS:
            raise InvalidValue("q", f"{len(words)} words", f"at most {MOST_TERMS}")
        hits = reader.match_title(words, filters, limit)
        articles = reader.articles([hit.id for hit in hits])
        sections = [Suggestion(name, "section") for name in reader.names("section", text, filters, limit)]
        topics = [Suggestion(name, "topic") for name in reader.names("tag", text, filters, limit)]
        titles = [Suggestion(articles[hit.id].title, "title", hit.id) for hit in hits]
        others = {facet_key(each.text) for each in (*sections, *topics, *titles)} | {facet_key(text)}
        queries = [
            Suggestion(query, "query")
            for query in self._past_queries(text, filters.now, limit)
            if facet_key(query) not in others and all(reader.holds(word) for word in split_words(query))
        ]
        return SuggestResult(_shared([queries, topics, sections], titles, limit), reader.generation)


def warm(reader: Reader, now: datetime) -> None:
    """Makes a reader build what its first suggestion would wait for."""
    reader.match_title(["a", "b"], Filters(now), 1)
    reader.names("section", "a", Filters(now), 1)
    reader.names("tag", "a", Filters(now), 1)


def _shared(lists: Sequence[list[Suggestion]], titles: list[Suggestion], limit: int) -> list[Suggestion]:
    """At most `limit` of queries, topics and sections, and of titles; shown with the sections before the topics.

    Each of the three has its share of the places, and in this order what titles leave over.
    """
    share = limit // SHARE
    free = max(limit - len(titles) - sum(min(len(each), share) for each in lists), 0)
    kept = []
    for each in lists:
        kept.append(each[: share + free])
        free -= max(len(kept[-1]) - share, 0)
    queries, topics, sections = kept
    return [*queries, *sections, *topics, *titles][:limit]
