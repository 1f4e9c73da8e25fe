"""The ledger: SQLite, the truth, and the only SQL in the project (of readers' events: `indexer/ledger_events.py`).

Every change of an article takes the next number of one sequence; an article's row carries its latest. A withdrawn
article keeps its row without its text, so numbers are never used twice. apsw brings its own SQLite: the system's may
be one whose write-ahead log can corrupt (before 3.51.3).
"""

import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import apsw
import numpy as np

from indexer.decide import Add, Decision, Known, Update, Withdraw, content_hash, text_hash
from indexer.ledger_schema import (
    CHANGES,
    EVENT_TABLES,
    HIDDEN,
    MIGRATION_2,
    PUT,
    REPORT_TABLES,
    SCHEMA,
    SCHEMA_VERSION,
    SIGNAL_TABLES,
    WITHDRAW,
)
from search.article import Article, ArticleId, from_json, to_json
from search.embedding.embedder import Vectors
from search.errors import Corrupt, Unavailable

BUSY_TIMEOUT = 30_000  # milliseconds to wait for another connection's transaction
POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Change:
    """An article as it now is, None if withdrawn, and the vectors of its passages, None if not yet embedded."""

    sequence: int
    id: ArticleId
    article: Article | None
    vectors: Vectors | None


class Ledger:
    """One connection to a ledger file; safe to share between threads, one method at a time."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._file = file
        with self._connection():
            self._db = apsw.Connection(str(file))
            self._db.set_busy_timeout(BUSY_TIMEOUT)
            self._write_ahead()
            self._migrate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; the file is whole at any time."""
        self._db.close()

    def sequence(self) -> int:
        """The number of the latest change, 0 before the first."""
        with self._connection():
            return int(self._db.execute("SELECT coalesce(max(sequence), 0) FROM articles").get or 0)

    def count(self) -> int:
        """How many articles it holds, withdrawn ones aside."""
        with self._connection():
            return int(self._db.execute("SELECT count(*) FROM articles WHERE content_hash IS NOT NULL").get)

    def known(self, ids: Iterable[ArticleId]) -> dict[ArticleId, Known]:
        """What it knows of these articles; those it never saw are left out."""
        with self._connection():
            query = "SELECT id, content_hash FROM articles WHERE id = ?"
            rows = (row for id_ in ids for row in self._db.execute(query, (id_,)))
            return {id_: Known(content_hash) for id_, content_hash in rows}

    def article(self, id_: ArticleId) -> Article | None:
        """An article as it now is, None where it is unknown or withdrawn."""
        with self._connection():
            data = self._db.execute("SELECT article FROM articles WHERE id = ?", (id_,)).get
            return None if data is None else from_json(data)

    def record(self, decisions: Iterable[Decision]) -> int:
        """Records changes in one durable transaction, and returns the number of the latest change there is."""
        with self.transaction():
            sequence = self.sequence()
            for decision in decisions:
                match decision:
                    case Add(article) | Update(article):
                        sequence += 1
                        self._put(sequence, article)
                    case Withdraw(id_):
                        sequence += 1
                        self._db.execute(WITHDRAW, (sequence, id_))
            return sequence

    def _put(self, sequence: int, article: Article) -> None:
        embargo_until, expires_at = _timestamp(article.embargo_until), _timestamp(article.expires_at)
        hashes = content_hash(article), text_hash(article)
        self._db.execute(PUT, (article.id, sequence, *hashes, embargo_until, expires_at, to_json(article)))

    def damage(self) -> list[str]:
        """What SQLite's own check of the whole file finds wrong, a line each."""
        with self._connection():
            lines = [line for (line,) in self._db.execute("PRAGMA integrity_check")]
        return [] if lines == ["ok"] else lines

    def copy(self, file: Path) -> None:
        """Copies all of it to a new file, as it is at one moment, by SQLite's online backup: no writer is held up."""
        try:
            with (
                self._connection(),
                closing(apsw.Connection(str(file))) as fresh,
                fresh.backup("main", self._db, "main") as backup,
            ):
                backup.step(-1)
        except Unavailable as error:
            raise Unavailable(f"the ledger cannot be copied to {file}: {error.__cause__}") from error

    def standings(self) -> list[tuple[ArticleId, int, bool, float | None]]:
        """Of every article: id, number of its latest change, whether withdrawn, expiry (seconds since 1970)."""
        with self._connection():
            query = "SELECT id, sequence, content_hash IS NULL, expires_at FROM articles"
            rows: list[Any] = self._db.execute(query).fetchall()
        return [(id_, sequence, bool(gone), expires_at) for id_, sequence, gone, expires_at in rows]

    def changes(self, after: int, limit: int, model: str) -> list[Change]:
        """The next `limit` changes after a number, in order, with the vectors that this model gave before."""
        with self._connection():
            rows: list[Any] = self._db.execute(CHANGES, (model, after, limit)).fetchall()
        return [
            Change(sequence, id_, from_json(article) if article else None, _vectors(vector, passages))
            for sequence, id_, article, vector, passages in rows
        ]

    def count_changes(self, after: int) -> int:
        """How many articles changed after a number."""
        with self._connection():
            return int(self._db.execute("SELECT count(*) FROM articles WHERE sequence > ?", (after,)).get)

    def keep_vectors(self, model: str, vectors: Iterable[tuple[Article, Vectors]]) -> None:
        """Remembers what a model made of articles' passages, for every later article of the same text."""
        rows = [(model, text_hash(article), own.astype("<f4").tobytes(), len(own)) for article, own in vectors]
        with self.transaction():
            self._db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?)", rows)

    def count_vectors(self, model: str) -> int:
        """How many texts a model has embedded."""
        with self._connection():
            return int(self._db.execute("SELECT count(*) FROM embeddings WHERE model = ?", (model,)).get)

    def note_generation(self, token: str, sequence: int) -> None:
        """Remembers a build, before it is published."""
        with self.transaction():
            self._db.execute("INSERT INTO generations VALUES (?, ?)", (token, sequence))

    def knows_generation(self, token: str) -> bool:
        """Whether an index was built from this ledger, and not from another or from a later state than this copy's."""
        with self._connection():
            return self._db.execute("SELECT 1 FROM generations WHERE token = ?", (token,)).get is not None

    def hidden_from(self, token: str, now: datetime) -> frozenset[ArticleId]:
        """Articles that an index may hold and must not show: withdrawn, embargoed, expired or paid since it was made.

        One that was withdrawn and came back is among them: the index holds its old text. Of an index that the
        ledger does not know, it is all that were ever withdrawn.
        """
        with self._connection():
            rows = self._db.execute(HIDDEN, (token, now.timestamp()))
            return frozenset(id_ for (id_,) in rows)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """All rows that one statement answers: for the ledger's own files, which hold all SQL there is."""
        with self._connection():
            return self._db.execute(statement, values).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[None]:
        """The connection, alone; what SQLite fails with is told in this project's words."""
        try:
            with self._lock:
                yield
        except (apsw.NotADBError, apsw.CorruptError) as error:
            raise Corrupt(f"{self._file} is not a whole ledger: {error}") from error
        except (
            apsw.CantOpenError,
            apsw.ReadOnlyError,
            apsw.IOError,
            apsw.FullError,
            apsw.BusyError,
        ) as error:
            why = (
                error if os.access(self._file.parent, os.W_OK) else "its folder is read-only, and it needs files there"
            )
            raise Unavailable(f"the ledger {self._file} cannot be written or read: {why}") from error

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """The connection, for the statements of another file of the ledger."""
        with self._connection():
            yield self._db

    @contextmanager
    def transaction(self) -> Iterator[apsw.Connection]:
        """All that is done in it, durably, or nothing; within another, it is part of that.

        By statements: with apsw 3.54's `with connection`, two connections of one process that write at once wait out
        the whole busy timeout, and one fails.
        """
        with self._connection():
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _write_ahead(self) -> None:
        """Readers and a writer at once. SQLite's own patience does not cover this step, where first users meet."""
        deadline = time.monotonic() + BUSY_TIMEOUT / 1000
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").fetchall()
                return
            except apsw.BusyError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(POLL_SECONDS)

    def _migrate(self) -> None:
        if self._db.pragma("user_version") == SCHEMA_VERSION:
            return
        with self.transaction():
            version = self._db.pragma("user_version")
            if version > SCHEMA_VERSION:
                raise Unavailable(
                    f"{self._file} is of schema {version}, this release reads up to {SCHEMA_VERSION}: update Broadsheet"
                )
            if version == 0:
                self._db.execute(SCHEMA)
            if version == 1:
                self._db.execute(MIGRATION_2)
                self._rehash()
            if version < 3:
                self._db.execute(EVENT_TABLES)
            if version < 4:
                self._db.execute(SIGNAL_TABLES)
            if version < 5:
                self._db.execute(REPORT_TABLES)
            self._db.pragma("user_version", SCHEMA_VERSION)

    def _rehash(self) -> None:
        """Knows every text anew: what the model reads of an article is no longer what it was."""

        def hash_of(*arguments: Any) -> bytes:
            return text_hash(from_json(arguments[0]))

        self._db.create_scalar_function("hash_of", hash_of, 1)
        self._db.execute("UPDATE articles SET text_hash = hash_of(article) WHERE article IS NOT NULL")


def _timestamp(time: datetime | None) -> float | None:
    return None if time is None else time.timestamp()


def _vectors(data: bytes | None, passages: int) -> Vectors | None:
    return None if data is None else np.frombuffer(data, dtype="<f4").astype(np.float32).reshape(passages, -1)
