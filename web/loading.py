"""The model, loaded behind the service's back: until it is there, searches do without it and say so."""

import logging
import threading
from collections.abc import Callable

from search.embedding.embedder import Embedder
from search.errors import BroadsheetError

log = logging.getLogger(__name__)


class LoadingEmbedder:
    """Called, it gives the embedder once it is loaded, None before, and None for ever where it cannot be had."""

    def __init__(self, load: Callable[[], Embedder]) -> None:
        self._load = load
        self._embedder: Embedder | None = None
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)

    def start(self) -> None:
        """Starts loading."""
        self._thread.start()

    def __call__(self) -> Embedder | None:
        """The embedder, once it is there."""
        return self._embedder

    def _run(self) -> None:
        try:
            self._embedder = self._load()
        except Exception as error:  # whatever a model's files can make its libraries raise
            is_foreseen = isinstance(error, BroadsheetError | OSError | ImportError)
            log.error("no model, searches stay lexical: %s", error, exc_info=None if is_foreseen else error)
