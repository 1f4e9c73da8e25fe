"""How popular articles are, as it was at the first question of the hour: pages asked within it have one order."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from indexer.events.tally import HOUR
from indexer.ledger_events import EventStore
from search.article import ArticleId
from search.ranking.popularity import Popularity, popularities, unread
from search.result import EPOCH

MOST_POPULAR = 10_000  # articles; what is read less is taken to be read by nobody


class HourlyPopularity:
    """Called, it gives the popularity of articles, 0 to 1; a look into the ledger is made once an hour."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._now: tuple[int, Popularity] = (-1, unread)

    def __call__(self, ids: Sequence[ArticleId], now: datetime) -> Mapping[ArticleId, float]:
        """Those of the articles that are read at all."""
        hour, popularity = self._now
        if hour != (now - EPOCH) // HOUR:
            hour, popularity = self._now = (now - EPOCH) // HOUR, current(self._store, now)
        return popularity(ids, now)


def current(store: EventStore, now: datetime) -> Popularity:
    """The popularity as it is now, and stays."""
    return _fixed(popularities(store.most_read(now, MOST_POPULAR)))


def _fixed(popular: Mapping[ArticleId, float]) -> Popularity:
    return lambda ids, now: {id_: popular[id_] for id_ in ids if id_ in popular}
