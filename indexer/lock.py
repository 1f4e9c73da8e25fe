"""One writer of indexes at a time, and one who merges, whichever process they are in."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.errors import Unavailable

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 30.0  # to wait for another writer


@contextmanager
def merger_lock(home: Path) -> Iterator[None]:
    """Holds the lock of whoever merges segments. Raises Unavailable at once where another has it."""
    with (home / "merger.lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(f"another process merges the index of {home}") from None
        yield


@contextmanager
def writer_lock(home: Path, patience_seconds: float) -> Iterator[None]:
    """Holds the writer's lock. Raises Unavailable, naming the holder, when it is not free in time.

    The lock goes with the process that holds it, however that ends.
    """
    home.mkdir(parents=True, exist_ok=True)
    file = home / "writer.lock"
    deadline = time.monotonic() + patience_seconds
    with file.open("a+") as stream:
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    holder = file.read_text().strip() or "another process"
                    raise Unavailable(
                        f"{holder} is writing the index of {home}; what is in the ledger is safe"
                    ) from None
                time.sleep(POLL_SECONDS)
        stream.truncate(0)
        stream.write(f"process {os.getpid()}")
        stream.flush()
        yield
