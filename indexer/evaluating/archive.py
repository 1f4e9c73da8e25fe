"""A HOME of its own for a corpus: indexed with the site's settings, apart from the site's ledger and index."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from indexer.accept import Accepted, accept
from indexer.evaluating.judgments import corpus_of
from indexer.follow import Follower, Progress
from indexer.ledger import Ledger
from indexer.sources.paths import inputs
from search.embedding.embedder import Embedder
from search.settings import Settings

Reporting = Callable[[str, str], AbstractContextManager[Progress]]  # label, unit: where to tell how far the work is

EVALUATIONS = "evaluations"  # in HOME
DIGITS = 8  # of the corpus's SHA-256 in the folder's name, so that another corpus of that name gets another folder


@dataclass(frozen=True, slots=True)
class Archive:
    """An indexed corpus: the settings to open it with, and what became of its records."""

    settings: Settings
    accepted: Accepted


def indexed(
    folder: Path,
    settings: Settings,
    embedder: Embedder,
    clock: Callable[[], datetime],
    reporting: Reporting,
) -> Archive:
    """The folder's corpus, indexed in HOME/evaluations/NAME; what was embedded before is not embedded again."""
    corpus = corpus_of(folder)
    with corpus.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    name = f"{folder.resolve().name}-{digest[:DIGITS]}"
    own = replace(settings, home=settings.home / EVALUATIONS / name)
    with Ledger(own.ledger) as ledger:
        source = inputs((corpus,))
        with reporting("Reading", "bytes") as advance:
            accepted = accept(source.items(lambda done: advance(done, source.size)), ledger)
        with reporting("Indexing", "articles") as advance:
            Follower(own, ledger, embedder, clock).rebuild(lambda doing, done, total: advance(done, total))
    return Archive(own, accepted)
