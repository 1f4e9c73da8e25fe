"""Taking readers' events in: requests leave them here, and a thread counts them into the ledger every second.

A crash costs what came since the last flush, about a second's events, and what was remembered of the day's visitors:
they may be counted anew. A flush that fails is tried again, and nothing is counted twice.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from indexer.events.event import Event
from indexer.events.tally import Batch, Tally
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from search.errors import BroadsheetError, Unavailable

FLUSH_SECONDS = 1.0
MOST_WAITING = 50_000  # events: ten seconds at 5,000 a second, about 30 MB
log = logging.getLogger(__name__)


class Intake:
    """A buffer of bounded length, and the thread that empties it into a ledger of its own connection."""

    def __init__(
        self, tally: Tally, ledger: Ledger, clock: Callable[[], datetime], most_waiting: int = MOST_WAITING
    ) -> None:
        self._tally, self._store, self._clock, self._most_waiting = tally, EventStore(ledger), clock, most_waiting
        self._waiting: list[Event] = []
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._batch: Batch | None = None  # counted, and not in the ledger yet
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)

    def start(self) -> None:
        """Starts flushing every second, until it is stopped or the process ends."""
        self._thread.start()

    def stop(self, patience_seconds: float | None = None) -> None:
        """Ends after a last flush; waits for that so long, for ever if nothing is said."""
        self._is_stopping.set()
        self._thread.join(patience_seconds)

    def put(self, events: Sequence[Event]) -> None:
        """Leaves events to be counted. Raises Unavailable, and takes none, where too many wait already."""
        with self._lock:
            if len(self._waiting) + len(events) > self._most_waiting:
                raise Unavailable(f"{len(self._waiting):,} events wait to be counted: send these again later")
            self._waiting += events

    def flush(self) -> None:
        """Counts what waits, durably."""
        with self._flushing:
            if self._batch:
                self._store.record(self._batch, self._clock())
                self._batch = None
            if not self._waiting:
                return
            now = self._clock()
            with self._lock:
                events, self._waiting = self._waiting, []
            for event in events:
                self._tally.add(event, now)
            self._batch = self._tally.taken()
            self._store.record(self._batch, now)
            self._batch = None

    def _run(self) -> None:
        told = ""
        while True:
            is_last = self._is_stopping.wait(FLUSH_SECONDS)
            try:
                self.flush()
                told = ""
            except BaseException as error:  # without this thread no event is counted again
                if str(error) != told:
                    is_foreseen = isinstance(error, BroadsheetError | OSError)
                    log.error("cannot count events, trying again: %s", error, exc_info=None if is_foreseen else error)
                    told = str(error)
            if is_last:
                return
