"""A look at every byte of the live generation when the service starts, behind the readers' backs."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from search.engines.local.checking import wrong_files
from search.engines.local.generation import live_folder, read_manifest
from search.errors import BroadsheetError

log = logging.getLogger(__name__)


class Checkup:
    """One thread that reads the generation which is live at the start, and ends. What it found is `damaged`."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self.damaged: Sequence[str] | None = None  # not known yet
        self._thread = threading.Thread(target=self._run, name="checkup", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def wait(self, patience_seconds: float | None = None) -> None:
        """Waits until all is read."""
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        try:
            folder = live_folder(self._index)
            damaged = list(wrong_files(folder, read_manifest(folder)))
        except (BroadsheetError, OSError):  # nothing is published, or it was dropped meanwhile: readers say so
            return
        for each in damaged:
            log.error("generation %s: %s; run search-index verify --fix", folder.name, each)
        self.damaged = damaged
