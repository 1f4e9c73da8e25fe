"""What readers go to, as it was when the minute began: answers within it agree, and the ledger is asked once."""

import threading
from datetime import datetime, timedelta

from indexer.events.pace import MINUTE
from indexer.events.tally import HOUR
from indexer.ledger_events import EventStore
from search.ranking.hotness import FADING, Readership
from search.result import EPOCH

MOST_READ = 1_000  # articles; what is read less is hot for nobody


class MinutelyReadership:
    """Called, it gives the readership of a window; a look into the ledger is made once a minute and window."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._lock = threading.Lock()  # one asks for all who wait
        self._kept: dict[timedelta, tuple[int, Readership]] = {}

    def __call__(self, window: timedelta, now: datetime) -> Readership:
        """The most read articles of the window."""
        minute = (now - EPOCH) // MINUTE
        with self._lock:
            kept = self._kept.get(window)
            if kept is None or kept[0] != minute:
                kept = self._kept[window] = minute, readership(self._store, window, EPOCH + minute * MINUTE)
            return kept[1]


def readership(store: EventStore, window: timedelta, now: datetime) -> Readership:
    """The readership at a time: recent is the hour of the clock that has begun, and the one before."""
    recent_from = EPOCH + ((now - EPOCH) // HOUR - 1) * HOUR
    traffic = store.traffic(now - window, recent_from, now, window / FADING, MOST_READ)
    return Readership(traffic, (now - recent_from) / HOUR, (window - (now - recent_from)) / HOUR)
