"""The local engine: readers that follow CURRENT."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.engines.local.generation import NOTHING_YET, live_folder
from search.engines.local.graph import SIZES, Sizes
from search.engines.local.reader import LocalReader
from search.errors import Corrupt, Unavailable

Stamp = tuple[int, int]


class LocalEngine:
    """Opens the live generation, and the next one when CURRENT names it; readers given out stay as they were.

    Nobody who has a reader waits for the next: while one thread opens or prepares it, the others are given the last.
    No thread is given an older one than before.
    """

    def __init__(self, index: Path, sizes: Sizes = SIZES) -> None:
        self._index, self._current, self.sizes = index, str(index / "CURRENT"), sizes
        self._opening, self._turn = threading.Lock(), threading.Lock()
        self._preparer: int | None = None
        self._live: tuple[LocalReader, Stamp] | None = None
        self._shown: LocalReader | None = None  # to all but the preparer

    def reader(self) -> LocalReader:
        """The live generation. Raises Unavailable while there is none, Corrupt where it is not whole."""
        shown, live = self._shown, self._live
        if shown and self._preparer != threading.get_ident():
            return shown
        stamp = self._current_stamp()
        if live and live[1] == stamp:
            return live[0]
        if not self._opening.acquire(blocking=live is None):
            return live[0] if live else self.reader()
        try:
            if self._shown and self._preparer != threading.get_ident():
                return self._shown  # else this thread would be given the next, and then the last again
            if self._live is None or self._live[1] != stamp:
                self._live = self._open(), stamp
            return self._live[0]
        finally:
            self._opening.release()

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """While it lasts, only this thread sees what is published: until it has warmed it, say."""
        with self._turn:
            with self._opening:
                self._preparer, self._shown = threading.get_ident(), self._live[0] if self._live else None
            try:
                yield
            finally:
                self._preparer, self._shown = None, None

    def succeed(self, reader: LocalReader) -> None:
        """Gives out a reader that was just published, open as its writer has it. The caller holds the writer's lock."""
        self._live = reader, self._current_stamp()

    def _current_stamp(self) -> Stamp:
        try:
            status = os.stat(self._current)
        except FileNotFoundError:
            raise Unavailable(NOTHING_YET) from None
        return status.st_ino, status.st_mtime_ns

    def _open(self) -> LocalReader:
        """Opens the live generation, again if it was superseded and dropped meanwhile."""
        while True:
            folder = live_folder(self._index)
            try:
                return LocalReader(folder, self.sizes)
            except (FileNotFoundError, Corrupt) as error:
                if live_folder(self._index) == folder:
                    raise Corrupt(
                        f"generation {folder.name} is not whole, run search-index rebuild: {error}"
                    ) from error
