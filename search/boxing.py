"""Boxing: the boxes of an article's page, filled together so that nothing stands there twice."""

from collections.abc import Sequence
from dataclasses import replace

from search.engines.engine import Engine, Held, Reader
from search.latest import Latest
from search.ranking.hotness import Reading, nobody
from search.ranking.popularity import Popularity, unread
from search.ranking.versions import folded
from search.recommending import Recommender
from search.request import MOST_HOT, BoxesRequest, HotRequest, RelatedRequest, TopicsRequest
from search.result import BoxesResult, Hit, HotItem, HotResult, microseconds
from search.settings import Settings
from search.signal import Signal
from search.text.analysis import Analyzer
from search.topics import Group, Topics
from search.trending import Trender

SPARE = 5  # hot articles beyond those that may stand in the box before: some are versions of what does


class Boxer:
    """Fills the boxes of pages from an engine's live generation."""

    def __init__(
        self,
        engine: Engine,
        analyzer: Analyzer,
        settings: Settings,
        popularity: Popularity = unread,
        reading: Reading = nobody,
    ) -> None:
        self._engine, self._analyzer, self._settings = engine, analyzer, settings
        self._popularity, self._reading = popularity, reading
        self._hot, self._topics = Latest[HotResult](), Latest[Sequence[Group]]()

    def boxes(self, request: BoxesRequest, signals: Sequence[Signal] = ()) -> BoxesResult:
        """What to read after an article, what is hot, and what the site writes about, as the signals have each of them.

        No article is there twice, nor a version of one, nor the page's own. Raises NotFound for an article that is
        unknown or that nobody may see.
        """
        reader = self._engine.reader()
        engine, filters = Held(reader), request.filters
        recommender = Recommender(engine, self._analyzer, self._settings, self._popularity)
        related = recommender.related(RelatedRequest(request.article, filters, request.related), signals)
        own = Hit(related.article.id, 0.0, microseconds(related.article.published))
        before = [own, *(item.ranked.hit for item in related.items)]
        wanted = HotRequest(filters, limit=min(1 + request.related + request.hot + SPARE, MOST_HOT))
        hot = Trender(engine, self._reading, self._hot).hot(wanted, signals)
        items = _others(reader, before, hot.items)[: request.hot]
        before += [item.ranked.hit for item in items]
        topics = Topics(engine, self._topics).top(TopicsRequest(filters, request.topics), signals, before)
        return BoxesResult(related, replace(hot, items=items), topics, reader.generation)


def _others(reader: Reader, before: Sequence[Hit], items: Sequence[HotItem]) -> list[HotItem]:
    """The items without those that stand before them, and without versions of these."""
    seen = {hit.id for hit in before}
    others = [item for item in items if item.ranked.hit.id not in seen]
    hits = [*before, *(item.ranked.hit for item in others)]
    kept = folded(hits, reader.vectors([hit.id for hit in hits]), reader.articles)
    return [item for item in others if item.ranked.hit.id in kept]
