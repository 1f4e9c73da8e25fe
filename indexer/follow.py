"""Ledger changes → embed what is new → write → publish. The only code that writes indexes.

A rebuild and a small update are one thing: both take the changes after a sequence number, from nothing or from the
live generation on. A merge takes none, and publishes the live generation's articles in fewer segments.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

import numpy as np

from indexer.ledger import Change, Ledger
from indexer.lock import PATIENCE_SECONDS, merger_lock, writer_lock
from search.embedding.embedder import Embedder, Vectors
from search.engines.engine import EmbeddedArticle, differences
from search.engines.local.engine import LocalEngine
from search.engines.local.generation import FORMAT, damaged_files
from search.engines.local.hold import is_held, release
from search.engines.local.merging import Merge, has_work, prepare
from search.engines.local.reader import LocalReader
from search.engines.local.writer import LocalWriter, Tell, untold
from search.errors import Corrupt, Unavailable
from search.settings import Settings

Progress = Callable[[int, int], None]  # done, of how many

INDEXING = "Indexing"  # what progress calls the changes that are applied
BATCH = 2_048  # changes that are read at once: enough to sort by length for the model
SLICE = 256  # texts that are embedded and kept at once: what a crash may lose


@dataclass(frozen=True, slots=True)
class Published:
    """What a run did: the live generation, whether this run made it, and what it took."""

    generation: str
    is_new: bool
    articles: int
    applied: int
    embedded: int
    seconds: float


class Follower:
    """Brings the index up to the ledger."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        embedder: Embedder,
        clock: Callable[[], datetime],
        engine: LocalEngine | None = None,
        warm: Callable[[LocalReader], None] = lambda reader: None,
    ) -> None:
        """Readers of the `engine` are given what is published when `warm` has seen it."""
        self._settings, self._ledger, self._embedder, self._clock = settings, ledger, embedder, clock
        self._engine, self._warm = engine or LocalEngine(settings.index), warm

    def follow(self, tell: Tell = untold) -> Published:
        """Applies the changes since the live generation, or builds the first one.

        Where only a rebuild will do, raises Unavailable (another model, language or ledger; a hold) or
        Corrupt (damage).
        """
        with writer_lock(self._settings.home, PATIENCE_SECONDS):
            base = self._live()
            if base is None:
                return self._build(None, tell)
            if not self._ledger.knows_generation(base.token):
                raise Unavailable(
                    "the index is of another ledger, or of a later state of this one: run search-index rebuild"
                )
            if found := self._differences(base):
                raise Unavailable(f"{', and '.join(found)}: run search-index rebuild")
            if base.sequence == self._ledger.sequence():
                return _unchanged(base)
            if is_held(self._settings.index):
                raise Unavailable(
                    f"generation {base.generation} is held since a rollback, and the ledger keeps what comes: "
                    "run search-index rebuild to publish again"
                )
            return self._build(base, tell)

    def rebuild(self, tell: Tell = untold, *, trusts_live: bool = True) -> Published:
        """Builds everything anew from the ledger, unless what is live is trusted, and is just that, and whole.

        Of a trusted one, what has not changed stays in its story.
        """
        with writer_lock(self._settings.home, PATIENCE_SECONDS):
            try:
                base = self._live()
            except (Corrupt, OSError):
                base = None
            if base and trusts_live and not self._differences(base) and self._is_as_rebuilt(base):
                release(self._settings.index)
                return _unchanged(base)
            is_told = base and trusts_live and base.manifest.format == FORMAT and not self._differences(base)
            published = self._build(None, tell, base if is_told else None)
            release(self._settings.index)
            return published

    def merge(self) -> Published | None:
        """Merges the small vector segments of the live generation; None where that is not due, or comes to nothing.

        Only the last step, an empty publish, holds the writer's lock. Raises Unavailable while another process merges.
        """
        live = self._live()
        if live is None or not has_work(self._settings.index, live, self._engine.sizes):
            return None
        with merger_lock(self._settings.home):
            merge = prepare(self._settings.index, live, self._engine.sizes)
            if merge is None:
                return None
            try:
                with writer_lock(self._settings.home, PATIENCE_SECONDS):
                    base = self._live()
                    is_ours = base and self._ledger.knows_generation(base.token) and not is_held(self._settings.index)
                    return self._adopt(base, merge) if base and is_ours and merge.fits(base) else None
            finally:
                merge.drop()

    def _live(self) -> LocalReader | None:
        try:
            return self._engine.reader()
        except Unavailable:
            return None

    def _differences(self, live: LocalReader) -> list[str]:
        return differences(live, self._embedder.identity, self._settings.language)

    def _is_as_rebuilt(self, live: LocalReader) -> bool:
        """Whether a rebuild would only repeat it: nothing came, went or was replaced since, and no byte has changed."""
        is_known = self._ledger.knows_generation(live.token) and live.sequence == self._ledger.sequence()
        if not is_known or live.manifest.tombstones or live.manifest.format != FORMAT:
            return False
        return not damaged_files(self._settings.index / live.generation, live.manifest)

    def _build(self, base: LocalReader | None, tell: Tell, told: LocalReader | None = None) -> Published:
        started = time.perf_counter()
        writer = self._writer(base, self._embedder.identity, self._settings.language)
        sequence = base.sequence if base else 0
        total = self._ledger.count_changes(sequence)
        applied = embedded = 0
        tell(INDEXING, applied, total)
        while changes := self._ledger.changes(sequence, BATCH, self._embedder.identity):
            new = self._embed(changes, lambda done: tell(INDEXING, applied + done, total))  # noqa: B023 - at once
            self._apply(writer, [replace(each, vectors=new.get(each.sequence, each.vectors)) for each in changes])
            sequence = changes[-1].sequence
            applied, embedded = applied + len(changes), embedded + len(new)
            tell(INDEXING, applied, total)
        generation = self._publish(writer, sequence, tell, told)
        return Published(generation, True, writer.articles, applied, embedded, time.perf_counter() - started)

    def _adopt(self, base: LocalReader, merge: Merge) -> Published:
        started = time.perf_counter()
        writer = self._writer(base, base.model, base.manifest.language)
        writer.adopt(merge)
        generation = self._publish(writer, base.sequence, untold, None)
        return Published(generation, True, writer.articles, 0, 0, time.perf_counter() - started)

    def _writer(self, base: LocalReader | None, model: str, language: str) -> LocalWriter:
        return LocalWriter(self._settings.index, base, model, language, self._clock, self._engine.sizes)

    def _publish(self, writer: LocalWriter, sequence: int, tell: Tell, told: LocalReader | None) -> str:
        token = uuid4().hex
        self._ledger.note_generation(token, sequence)
        with self._engine.preparing():
            generation = writer.commit(sequence, token, tell, told)
            reader = writer.reader(generation)
            self._engine.succeed(reader)
            self._warm(reader)
        writer.drop_superseded(generation)
        return generation

    def _embed(self, changes: Sequence[Change], progress: Callable[[int], None]) -> dict[int, Vectors]:
        """Vectors of the articles that have none, by sequence; kept in the ledger slice by slice, longest first.

        Texts of like length go together: a model pads each batch to its longest.
        """
        missing = [(change.sequence, change.article) for change in changes if change.article and change.vectors is None]
        missing.sort(key=lambda each: -len(each[1].text))
        vectors: dict[int, Vectors] = {}
        for start in range(0, len(missing), SLICE):
            part = missing[start : start + SLICE]
            passages = [article.passages for _, article in part]
            rows = self._embedder.embed([passage for of_article in passages for passage in of_article])
            of_articles = np.split(rows, np.cumsum([len(of_article) for of_article in passages])[:-1])
            self._ledger.keep_vectors(
                self._embedder.identity, zip((article for _, article in part), of_articles, strict=True)
            )
            vectors |= zip((sequence for sequence, _ in part), of_articles, strict=True)
            progress(len(vectors))
        return vectors

    def _apply(self, writer: LocalWriter, changes: Sequence[Change]) -> None:
        now = self._clock()
        gone, stay = [], []
        for change in changes:
            article = change.article
            if article is None or change.vectors is None or (article.expires_at and article.expires_at <= now):
                gone.append(change.id)
            else:
                stay.append(EmbeddedArticle(article, change.vectors))
        writer.remove(gone)
        writer.put(stay)


def _unchanged(live: LocalReader) -> Published:
    return Published(live.generation, False, live.manifest.articles, 0, 0, 0.0)
