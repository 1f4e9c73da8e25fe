"""Publishing in the background: what reaches the ledger reaches the readers."""

import logging
import threading
from collections.abc import Callable

from indexer.follow import Published
from indexer.ledger import Ledger
from search.engines.engine import Engine, Reader
from search.errors import BroadsheetError, Unavailable

POLL_SECONDS = 1.0  # between looks for changes that other processes recorded
LONGEST_DELAY_SECONDS = 60.0  # between tries of what keeps failing
log = logging.getLogger(__name__)


class Publisher:
    """A thread that follows the ledger; `follow` answers None while it cannot run yet.

    `warm` is given every generation that comes to be read, so that no reader waits for what is built once.
    """

    def __init__(
        self,
        follow: Callable[[], Published | None],
        warm: Callable[[Reader], None],
        ledger: Ledger,
        engine: Engine,
    ) -> None:
        self._follow, self._warm, self._ledger, self._engine = follow, warm, ledger, engine
        self._warmed: Reader | None = None
        self._wake = threading.Event()
        self._moved = threading.Condition()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def start(self) -> None:
        """Starts following, until it is stopped or the process ends: a build that is cut off publishes nothing."""
        self._thread.start()

    def stop(self, patience_seconds: float | None = None) -> None:
        """Ends following, after the build that is under way; waits for that so long, for ever if nothing is said."""
        self._is_stopping = True
        self.wake()
        self._thread.join(patience_seconds)

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

    def _run(self) -> None:
        delay, told = POLL_SECONDS, ""
        while not self._is_stopping:
            self._wake.wait(delay)
            self._wake.clear()
            try:
                if self._ledger.sequence() != self._published():
                    self._follow()
                self._warm_what_is_new()
                delay, told = POLL_SECONDS, ""
            except BaseException as error:  # native panics too: without this thread nothing is published again
                delay = min(delay * 2, LONGEST_DELAY_SECONDS)
                if str(error) != told:
                    is_foreseen = isinstance(error, BroadsheetError | OSError)
                    log.error("cannot publish, trying again: %s", error, exc_info=None if is_foreseen else error)
                    told = str(error)
            with self._moved:
                self._moved.notify_all()
