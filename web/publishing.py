"""Publishing in the background: what reaches the ledger reaches the readers, and small parts become large ones."""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from indexer.follow import Published
from indexer.ledger import Ledger
from search.engines.engine import Engine, Reader
from search.errors import BroadsheetError, Unavailable

POLL_SECONDS = 1.0  # between looks for changes that other processes recorded
LONGEST_DELAY_SECONDS = 60.0  # between tries of what keeps failing
log = logging.getLogger(__name__)


class Follows(Protocol):
    """What the threads have done: `indexer.follow.Follower`."""

    def follow(self) -> Published | None:
        """Publishes what the ledger holds."""

    def merge(self) -> Published | None:
        """Merges what has become many small parts."""


class Publisher:
    """A thread that follows the ledger, and one that merges; `follower` is None while there is no model yet.

    `warm` is given every generation that comes to be read, so that no reader waits for what is built once.
    """

    def __init__(
        self,
        follower: Callable[[], Follows | None],
        warm: Callable[[Reader], None],
        ledger: Ledger,
        engine: Engine,
    ) -> None:
        self._follower, self._warm, self._ledger, self._engine = follower, warm, ledger, engine
        self._warmed: Reader | None = None
        self._wake = threading.Event()
        self._moved = threading.Condition()
        self._is_stopping = False
        self._has_published = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(task, work, wake), name=task, daemon=True)
            for task, work, wake in (
                ("publish", self._publish, self._wake),
                ("merge", self._merge, self._has_published),
            )
        ]

    def start(self) -> None:
        """Starts following, until it is stopped or the process ends: a build that is cut off publishes nothing."""
        for thread in self._threads:
            thread.start()

    def stop(self, patience_seconds: float | None = None) -> None:
        """Ends following, after the build that is under way; waits for that so long, for ever if nothing is said."""
        self._is_stopping = True
        self._has_published.set()
        self.wake()
        self._threads[0].join(patience_seconds)

    def wake(self) -> None:
        """Says that the ledger has changed."""
        self._wake.set()

    def wait_until_visible(self, sequence: int, timeout_seconds: float) -> bool:
        """Whether readers see the ledger up to `sequence`, within the time given."""
        self.wake()
        with self._moved:
            return self._moved.wait_for(lambda: self._published() >= sequence, timeout_seconds)

    def _published(self) -> int:
        """The last change of this ledger that readers see."""
        try:
            reader = self._engine.reader()
        except Unavailable:
            return 0
        return reader.sequence if self._ledger.knows_generation(reader.token) else 0

    def _warm_what_is_new(self) -> None:
        try:
            reader = self._engine.reader()
        except Unavailable:
            return
        if reader is not self._warmed:
            self._warm(reader)
            self._warmed = reader

    def _publish(self) -> None:
        follower = self._follower()
        if follower and self._ledger.sequence() != self._published():
            follower.follow()
            self._has_published.set()
        self._warm_what_is_new()
        with self._moved:
            self._moved.notify_all()

    def _merge(self) -> None:
        follower = self._follower()
        if follower:
            follower.merge()

    def _run(self, task: str, work: Callable[[], None], wake: threading.Event) -> None:
        """Works again and again: when it is woken, and after a while."""
        delay, told = POLL_SECONDS, ""
        while not self._is_stopping:
            wake.wait(delay)
            wake.clear()
            try:
                work()
                delay, told = POLL_SECONDS, ""
            except BaseException as error:  # native panics too: without this thread nothing is published again
                delay = min(delay * 2, LONGEST_DELAY_SECONDS)
                if str(error) != told:
                    is_foreseen = isinstance(error, BroadsheetError | OSError)
                    log.error("cannot %s, trying again: %s", task, error, exc_info=None if is_foreseen else error)
                    told = str(error)
