"""The ledger: SQLite, the truth, and the only SQL in the project.

Every change of an article takes the next number of one sequence; an article's row carries its latest. A withdrawn
article keeps its row without its text, so numbers are never used twice. apsw brings its own SQLite: the system's may
be one whose write-ahead log can corrupt (before 3.51.3).
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import apsw
import numpy as np

from indexer.decide import Add, Decision, Known, Update, Withdraw, content_hash, text_hash
from search.article import Article, ArticleId, from_json, to_json
from search.embedding.embedder import Vector
from search.errors import Corrupt, Unavailable

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,
    content_hash BLOB,      -- null: withdrawn
    text_hash BLOB,
    embargo_until REAL,     -- seconds since 1970
    expires_at REAL,
    article BLOB            -- JSON
);
CREATE INDEX articles_by_text ON articles (text_hash);
CREATE TABLE embeddings (
    model TEXT NOT NULL,
    text_hash BLOB NOT NULL,
    vector BLOB NOT NULL,   -- float32, little-endian, unit length
    PRIMARY KEY (model, text_hash)
);
CREATE TABLE page_blocks (
    site TEXT NOT NULL,
    block BLOB NOT NULL,
    page TEXT NOT NULL,
    lead BLOB NOT NULL,     -- the page's first paragraph: pages that share it are versions of one story
    PRIMARY KEY (site, block, page)
) WITHOUT ROWID;
"""
BUSY_TIMEOUT = 30_000  # milliseconds to wait for another process's transaction
RECURRENCE = 3  # pages of a site that carry a block: from here on it is the site's and not the article's


@dataclass(frozen=True, slots=True)
class Change:
    """An article as it now is, None if withdrawn, and the vector of its text, None if not yet embedded."""

    sequence: int
    id: ArticleId
    article: Article | None
    vector: Vector | None


class Ledger:
    """One connection to a ledger file; safe to share between threads, one method at a time."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        try:
            self._db = apsw.Connection(str(file))
            self._db.set_busy_timeout(BUSY_TIMEOUT)
            self._db.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            self._migrate(file)
        except (apsw.NotADBError, apsw.CorruptError) as error:
            raise Corrupt(f"{file} is not a whole ledger: {error}") from error
        except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.IOError) as error:
            raise Unavailable(f"the ledger {file} cannot be opened for writing: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; the file is whole at any time."""
        self._db.close()

    def sequence(self) -> int:
        """The number of the latest change, 0 before the first."""
        with self._lock:
            return int(self._db.execute("SELECT coalesce(max(sequence), 0) FROM articles").get or 0)

    def count(self) -> int:
        """How many articles it holds, withdrawn ones aside."""
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM articles WHERE content_hash IS NOT NULL").get)

    def known(self, ids: Iterable[ArticleId]) -> dict[ArticleId, Known]:
        """What it knows of these articles; those it never saw are left out."""
        with self._lock:
            query = "SELECT id, content_hash FROM articles WHERE id = ?"
            rows = (row for id_ in ids for row in self._db.execute(query, (id_,)))
            return {id_: Known(content_hash) for id_, content_hash in rows}

    def article(self, id_: ArticleId) -> Article | None:
        """An article as it now is, None where it is unknown or withdrawn."""
        with self._lock:
            data = self._db.execute("SELECT article FROM articles WHERE id = ?", (id_,)).get
            return None if data is None else from_json(data)

    def record(self, decisions: Iterable[Decision]) -> int:
        """Records changes in one durable transaction, and returns the number of the latest change there is."""
        with self._lock, self._db:
            sequence = self.sequence()
            for decision in decisions:
                match decision:
                    case Add(article) | Update(article):
                        sequence += 1
                        self._put(sequence, article)
                    case Withdraw(id_):
                        sequence += 1
                        self._db.execute(_WITHDRAW, (sequence, id_))
            return sequence

    def _put(self, sequence: int, article: Article) -> None:
        embargo_until, expires_at = _timestamp(article.embargo_until), _timestamp(article.expires_at)
        hashes = content_hash(article), text_hash(article)
        self._db.execute(_PUT, (article.id, sequence, *hashes, embargo_until, expires_at, to_json(article)))

    def changes(self, after: int, limit: int, model: str) -> list[Change]:
        """The next `limit` changes after a number, in order, with the vectors that this model gave before."""
        with self._lock:
            rows = self._db.execute(_CHANGES, (model, after, limit)).fetchall()
        return [
            Change(sequence, id_, from_json(article) if article else None, _vector(vector))
            for sequence, id_, article, vector in rows
        ]

    def count_changes(self, after: int) -> int:
        """How many articles changed after a number."""
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM articles WHERE sequence > ?", (after,)).get)

    def keep_vectors(self, model: str, vectors: Iterable[tuple[Article, Vector]]) -> None:
        """Remembers what a model made of articles' texts, for every later article of the same text."""
        rows = [(model, text_hash(article), vector.astype("<f4").tobytes()) for article, vector in vectors]
        with self._lock, self._db:
            self._db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)

    def count_vectors(self, model: str) -> int:
        """How many texts a model has embedded."""
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM embeddings WHERE model = ?", (model,)).get)

    def hidden_since(self, after: int, now: datetime) -> frozenset[ArticleId]:
        """Articles withdrawn, embargoed or expired by changes after a number: no index older than those may show them."""
        with self._lock:
            rows = self._db.execute(_HIDDEN, (after, now.timestamp(), now.timestamp()))
            return frozenset(id_ for (id_,) in rows)

    def note_blocks(self, site: str, page: ArticleId, blocks: Sequence[bytes]) -> set[ArticleId]:
        """Remembers which paragraphs a page carries, its lead first, in place of what it carried before.

        Returns the pages that share a paragraph with it which has just come to recur: they were cleaned too early.
        """
        with self._lock, self._db:
            self._db.execute("DELETE FROM page_blocks WHERE site = ? AND page = ?", (site, page))
            rows = [(site, block, page, blocks[0]) for block in dict.fromkeys(blocks)]
            self._db.executemany("INSERT INTO page_blocks VALUES (?, ?, ?, ?)", rows)
            just = [block for block in blocks if self._stories_with(site, block) == RECURRENCE]
            query = "SELECT page FROM page_blocks WHERE site = ? AND block = ?"
            return {other for block in just for (other,) in self._db.execute(query, (site, block))}

    def recurring_blocks(self, site: str, blocks: Iterable[bytes]) -> frozenset[bytes]:
        """Those of the paragraphs that stand on pages of three or more stories: they are the site's, not an article's."""
        with self._lock:
            return frozenset(block for block in blocks if self._stories_with(site, block) >= RECURRENCE)

    def _stories_with(self, site: str, block: bytes) -> int:
        query = "SELECT count(*) FROM (SELECT DISTINCT lead FROM page_blocks WHERE site = ? AND block = ? LIMIT ?)"
        return int(self._db.execute(query, (site, block, RECURRENCE + 1)).get)

    def _migrate(self, file: Path) -> None:
        self._db.transaction_mode = "IMMEDIATE"
        with self._db:
            version = self._db.pragma("user_version")
            if version > SCHEMA_VERSION:
                raise Unavailable(f"{file} is of schema {version}, this release reads up to {SCHEMA_VERSION}: update Broadsheet")
            if version == 0:
                self._db.execute(SCHEMA)
                self._db.pragma("user_version", SCHEMA_VERSION)


_PUT = """
INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, content_hash = excluded.content_hash,
    text_hash = excluded.text_hash, embargo_until = excluded.embargo_until, expires_at = excluded.expires_at,
    article = excluded.article
"""
_WITHDRAW = """
UPDATE articles SET sequence = ?, content_hash = NULL, text_hash = NULL, embargo_until = NULL, expires_at = NULL,
    article = NULL WHERE id = ?
"""
_CHANGES = """
SELECT a.sequence, a.id, a.article, e.vector FROM articles a
LEFT JOIN embeddings e ON e.model = ? AND e.text_hash = a.text_hash
WHERE a.sequence > ? ORDER BY a.sequence LIMIT ?
"""
_HIDDEN = "SELECT id FROM articles WHERE sequence > ? AND (article IS NULL OR embargo_until > ? OR expires_at <= ?)"


def _timestamp(time: datetime | None) -> float | None:
    return None if time is None else time.timestamp()


def _vector(data: bytes | None) -> Vector | None:
    return None if data is None else np.frombuffer(data, dtype="<f4").astype(np.float32)
