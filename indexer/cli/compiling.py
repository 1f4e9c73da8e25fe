"""The compiled encoder, made before the first thing that can use it."""

import logging

from indexer.cli.progress import working
from indexer.lock import PATIENCE_SECONDS, writer_lock
from search.embedding.open import compile_model
from search.errors import Corrupt, Unavailable
from search.settings import COMPILED, HASHING, Settings

log = logging.getLogger(__name__)


def compile_where_wanted(settings: Settings) -> None:
    """Makes the compiled encoder where the settings want one and it is not there whole; where it cannot, says why."""
    if settings.model == HASHING or settings.encoder != COMPILED:
        return
    with writer_lock(settings.home, PATIENCE_SECONDS), working("Compiling the model"):
        try:
            compile_model(settings)
        except (Unavailable, Corrupt) as error:
            log.warning("no compiled encoder, the slower sentence-transformers runs: %s", error)
