"""Which articles tell the same event: the truth that related articles are held to."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path

from indexer.evaluating.drawing import draw
from indexer.evaluating.judgments import JudgedQuery
from indexer.evaluating.lines import rows
from search.article import ArticleId
from search.errors import InvalidValue


def read_events(file: Path) -> Mapping[ArticleId, str]:
    """Every article's event.

    Raises InvalidValue, naming file, line and field, for what is not as it should be; Unavailable for a missing file.
    """
    event_of: dict[ArticleId, str] = {}
    for place, (article, event) in rows(file, ("doc-id", "event")):
        if article in event_of:
            raise InvalidValue(f"{place}: doc-id", article, "one that no line before it has")
        event_of[article] = event
    return event_of


def related_queries(
    event_of: Mapping[ArticleId, str], published: Collection[ArticleId], sample: int
) -> list[JudgedQuery]:
    """At most `sample` articles as queries, each answered by the other articles of its event.

    Articles that are not published ask nothing and answer nothing. Which are drawn depends on their ids alone.
    """
    told_by: dict[str, list[ArticleId]] = defaultdict(list)
    for article, event in event_of.items():
        if article in published:
            told_by[event].append(article)
    askers = [article for articles in told_by.values() if len(articles) > 1 for article in articles]
    return [
        JudgedQuery(article, article, {other: 1 for other in told_by[event_of[article]] if other != article})
        for article in draw(askers, sample)
    ]
