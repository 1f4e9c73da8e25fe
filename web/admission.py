"""Admission: so many requests are worked on at once, some wait their turn, the rest are told to come again.

A server that takes in more than it can do answers everybody late; one that refuses what is too much answers most in
time. Answers from the cache and the operators' routes need no turn.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import ServiceUnavailable

WAITING = 8  # reads that wait for each that is worked on: with 10 ms a search, less than 0.1 s
PATIENCE_SECONDS = 2.0  # of a read that waits
CHANGES = 8  # at once; those that wait for readers to see them wait among these
SPARE = 4  # threads that refuse, answer from the cache, and tell operators how it goes
RETRY_SECONDS = 1


class Admission:
    """Lets `working` requests work at once, and `waiting` more wait for their turn: who asked first has it first.

    A semaphore gives no order: who asks again at once may be ahead of all that wait, and these run out of patience.
    """

    def __init__(self, working: int, waiting: int, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._free, self._waiting, self._patience_seconds = working, waiting, patience_seconds
        self._queue: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn, while it lasts. Raises ServiceUnavailable where too many wait already, or for too long."""
        self._take()
        try:
            yield
        finally:
            self._give()

    def _take(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if len(self._queue) >= self._waiting:
                raise _too_much()
            given = threading.Event()
            self._queue.append(given)
        if given.wait(self._patience_seconds):
            return
        with self._lock:
            if given.is_set():  # just now
                return
            self._queue.remove(given)
        raise _too_much()

    def _give(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1


def server_threads(working: int) -> int:
    """How many threads the server needs so that one is free to refuse while all others work or wait.

    >>> server_threads(4)
    48
    """
    return working * (1 + WAITING) + CHANGES + SPARE


def _too_much() -> ServiceUnavailable:
    return ServiceUnavailable("too much is asked at once: try again in a moment", retry_after=RETRY_SECONDS)
