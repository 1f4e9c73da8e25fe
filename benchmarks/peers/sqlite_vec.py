"""SQLite's FTS5 and sqlite-vec in one file, fused by RRF. https://alexgarcia.xyz/sqlite-vec/ and
https://www.sqlite.org/fts5.html"""

import re
from collections.abc import Sequence
from pathlib import Path

import apsw
import sqlite_vec

from benchmarks.peers.hybrid_peer import STOP_WORDS, Corpus, Vector, reciprocal_ranks

FILE = "articles.sqlite3"
OVERSAMPLED = 8  # times the limit that are found by their bits, and scored again by the whole vectors
WORD = re.compile(r"\w+")
SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='porter unicode61');
CREATE VIRTUAL TABLE meanings USING vec0(
    row INTEGER PRIMARY KEY, vector FLOAT[{dimensions}] distance_metric=cosine {bits}
);
"""
EXACT = "SELECT row FROM meanings WHERE vector MATCH ?1 AND k = ?2 ORDER BY distance"
RESCORED = """
WITH near AS (SELECT row, vector FROM meanings WHERE bits MATCH vec_quantize_binary(?1) AND k = {oversampled} * ?2)
SELECT row FROM near ORDER BY vec_distance_cosine(vector, ?1) LIMIT ?2
"""
LEXICAL = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"


class SqliteVec:
    """An exact scan of float32 (`float`), or of bits that float32 then scores again (`bit`), its fastest documented."""

    distributions = ("sqlite-vec", "apsw")
    depths = (10, 100)

    def __init__(self, kind: str) -> None:
        self._has_bits = kind == "bit"
        self._nearest = RESCORED.format(oversampled=OVERSAMPLED) if self._has_bits else EXACT

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Writes both tables, and merges the words into one segment, which FTS5 calls optimizing."""
        database, vectors = _connected(folder), corpus.vectors()
        bits = f", bits BIT[{vectors.shape[1]}]" if self._has_bits else ""
        database.execute(SCHEMA.format(dimensions=vectors.shape[1], bits=bits)).fetchall()
        insert = (
            "INSERT INTO meanings VALUES (?1, ?2, vec_quantize_binary(?2))"
            if self._has_bits
            else ("INSERT INTO meanings VALUES (?1, ?2)")
        )
        with database:
            database.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", enumerate(corpus.texts()))
            database.executemany(insert, ((row, vector.tobytes()) for row, vector in enumerate(vectors)))
        database.execute("INSERT INTO words(words) VALUES ('optimize')")
        database.close()

    def open(self, folder: Path) -> None:
        """Maps the file."""
        self._database = _connected(folder)
        self._database.execute("PRAGMA mmap_size = 4294967296; PRAGMA cache_size = -200000").fetchall()

    def search(self, text: str, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """Any of the words, and what is near, fused."""
        words = [word for word in WORD.findall(text) if word.lower() not in STOP_WORDS] or WORD.findall(text)
        question = " OR ".join(f'"{word}"' for word in words)
        lexical = [row for (row,) in self._database.execute(LEXICAL, (question, depth))] if words else []
        return reciprocal_ranks([lexical, self.near(vector, depth, depth)])[:limit]

    def near(self, vector: Vector, limit: int, depth: int) -> Sequence[int]:
        """The nearest of as many as a search asks for."""
        return [row for (row,) in self._database.execute(self._nearest, (vector.tobytes(), depth))][:limit]


def _connected(folder: Path) -> apsw.Connection:
    database = apsw.Connection(str(folder / FILE))
    database.enable_load_extension(True)
    database.load_extension(sqlite_vec.loadable_path())
    database.enable_load_extension(False)
    return database
