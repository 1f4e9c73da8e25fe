"""Suggesting: what a reader may be typing, from the archive's sections, tags and titles."""

from datetime import datetime

from search.engines.engine import Engine, Reader
from search.errors import InvalidValue
from search.request import Filters, SuggestRequest
from search.result import Suggestion, SuggestResult
from search.text.analysis import split_words
from search.text.normalise import normalise_query
from search.text.query_syntax import MOST_TERMS

NAMES_SHARE = 4  # one suggestion in so many may be a section, and one a topic, where titles want the rest


class Suggester:
    """Suggests from an engine's live generation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def suggest(self, request: SuggestRequest) -> SuggestResult:
        """Sections, then topics, then titles, each list best first; none for a text without a word.

        Raises InvalidValue above 32 words.
        """
        reader, text = self._engine.reader(), normalise_query(request.text)
        words, filters, limit = split_words(text), request.filters, request.limit
        if len(words) > MOST_TERMS:
            raise InvalidValue("q", f"{len(words)} words", f"at most {MOST_TERMS}")
        hits = reader.match_title(words, filters, limit)
        articles = reader.articles([hit.id for hit in hits])
        shared = _shared(
            [Suggestion(name, "section") for name in reader.names("section", text, filters, limit)],
            [Suggestion(name, "topic") for name in reader.names("tag", text, filters, limit)],
            [Suggestion(articles[hit.id].title, "title", hit.id) for hit in hits],
            limit,
        )
        return SuggestResult(shared, reader.generation)


def warm(reader: Reader, now: datetime) -> None:
    """Makes a reader build what its first suggestion would wait for."""
    reader.match_title(["a", "b"], Filters(now), 1)
    reader.names("section", "a", Filters(now), 1)
    reader.names("tag", "a", Filters(now), 1)


def _shared(
    sections: list[Suggestion], topics: list[Suggestion], titles: list[Suggestion], limit: int
) -> list[Suggestion]:
    """At most `limit` of all three, in their order; names have their share, and what titles leave over."""
    share = limit // NAMES_SHARE
    free = limit - min(len(sections), share) - min(len(topics), share) - len(titles)
    kept_topics = topics[: share + max(free, 0)]
    free -= len(kept_topics) - min(len(topics), share)
    kept_sections = sections[: share + max(free, 0)]
    return [*kept_sections, *kept_topics, *titles][:limit]
