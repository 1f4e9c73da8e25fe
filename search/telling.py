"""Telling: the stories of the last days, and one story whole."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from search.article import Article, ArticleId
from search.embedding.embedder import Vector
from search.engines.engine import Engine, Reader
from search.errors import NotFound
from search.ranking.freshness import freshness
from search.ranking.versions import folded
from search.request import Filters, StoriesRequest
from search.result import Hit, Ranked, StoriesResult, Story, microseconds

MOST_RECENT = 20_000  # articles of the last days that are looked at: a large agency's month
ACTIVITY_HALF_LIFE = timedelta(days=2)  # after which an article says half as much about what is going on
LOOKED_AT = 3  # times as many stories as are wanted: those whose articles are versions of each other fall back


class Teller:
    """Tells the stories of an engine's live generation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def recent(self, request: StoriesRequest) -> StoriesResult:
        """The stories that are going on, the liveliest first: articles of the last days, each counting by its age."""
        reader, filters = self._engine.reader(), request.filters
        hits = reader.by_date(request.recent, MOST_RECENT).hits
        story_of = reader.stories_of([hit.id for hit in hits])
        activity: defaultdict[ArticleId, float] = defaultdict(float)
        for hit in hits:
            activity[story_of[hit.id]] += _weight(hit, filters)
        liveliest = sorted(activity, key=lambda name: (-activity[name], name))[: LOOKED_AT * request.limit]
        stories = [_story(reader, name, filters) for name in liveliest]
        stories.sort(key=lambda story: (-_activity(story, filters), story.id))
        return StoriesResult(stories[: request.limit], reader.generation)

    def story(self, article: ArticleId, filters: Filters) -> Story:
        """The story that an article is of. Raises NotFound where no article of it may be seen."""
        return _story(self._engine.reader(), article, filters)


def _weight(hit: Hit, filters: Filters) -> float:
    now = microseconds(filters.now)
    return freshness(hit.published, now, now, ACTIVITY_HALF_LIFE)


def _activity(story: Story, filters: Filters) -> float:
    """How much is going on in a story: its articles, versions aside, each halved with every two days of its age."""
    return sum(_weight(each.hit, filters) for each in story.articles)


def _story(reader: Reader, article: ArticleId, filters: Filters) -> Story:
    hits = reader.told_in(article, filters).hits
    if not hits:
        raise NotFound(f"there is no story of article {article!r}")
    leads = reader.vectors([hit.id for hit in hits])
    told = folded([Ranked(hit, {}) for hit in hits], leads, reader.articles)
    articles = reader.articles([each.hit.id for each in told])
    dates = [date for each in articles.values() if (date := each.published)]
    return Story(
        id=reader.stories_of([hits[0].id])[hits[0].id],
        lead=articles[_most_central([each.hit.id for each in told], articles, leads)],
        articles=told,
        first=min(dates, default=None),
        latest=max(dates, default=None),
        sources=Counter(articles[each.hit.id].source for each in told),
    )


def _most_central(
    ids: Sequence[ArticleId], articles: Mapping[ArticleId, Article], leads: Mapping[ArticleId, Vector]
) -> ArticleId:
    """The article that is most like the others, of those with a headline if any; equals in the order given."""
    centre = np.mean([leads[id_] for id_ in ids], axis=0)
    return max(ids, key=lambda id_: (bool(articles[id_].title), round(float(leads[id_] @ centre), 6)))
