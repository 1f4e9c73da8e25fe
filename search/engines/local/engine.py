"""The local engine: readers that follow CURRENT."""

import os
import threading
from pathlib import Path

from search.engines.local.generation import NOTHING_YET, live_folder
from search.engines.local.graph import SIZES, Sizes
from search.engines.local.reader import LocalReader
from search.errors import Corrupt, Unavailable


class LocalEngine:
    """Opens the live generation, and the next one when CURRENT names it; readers given out stay as they were."""

    def __init__(self, index: Path, sizes: Sizes = SIZES) -> None:
        self._index, self._current, self._sizes = index, str(index / "CURRENT"), sizes
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._reader: LocalReader | None = None

    def reader(self) -> LocalReader:
        """The live generation. Raises Unavailable while there is none, Corrupt where it is not whole."""
        stamp = self._current_stamp()
        with self._lock:
            if self._reader is None or stamp != self._stamp:
                self._reader, self._stamp = self._open(), stamp
            return self._reader

    def _current_stamp(self) -> tuple[int, int]:
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
                return LocalReader(folder, self._sizes)
            except (FileNotFoundError, Corrupt) as error:
                if live_folder(self._index) == folder:
                    raise Corrupt(
                        f"generation {folder.name} is not whole, run search-index rebuild: {error}"
                    ) from error
