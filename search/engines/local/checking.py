"""Is a generation what was published: its files byte for byte, and its parts of one mind."""

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from search.article import ArticleId
from search.engines.local.generation import DIGEST, MANIFEST, FileRecord, Manifest, file_sha256
from search.engines.local.lexical import LexicalReader
from search.engines.local.reader import LocalReader
from search.engines.local.vectors import vectors_at
from search.text.analysis import Analyzer

FOOTER_MAGIC = 1337  # tantivy's: the last four bytes of a file of a segment
LONGEST_FOOTER = 10_000  # bytes
CHUNK = 1 << 20  # bytes read at once
BATCH = 5_000  # articles read at once
ROWS = 65_536  # vectors read at once: 100 MB
TOLERANCE = 1e-3  # of a vector's length: float32 leaves 1e-6
NO_SEGMENT_FILES = {"meta.json", ".managed.json"}


def wrong_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What is not as the manifest says: files that are missing, changed, of another size, or one too many."""
    for name, record in manifest.files.items():
        if wrong := _difference(folder / name, record):
            yield f"{name} {wrong}"
    expected = {*manifest.files, MANIFEST, DIGEST}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if not file.is_dir() and not name.endswith(".lock") and name not in expected:
            yield f"{name} is there and was never published"


def wrong_manifest(folder: Path) -> Iterator[str]:
    """What a manifest that can be read leaves open."""
    if not (folder / DIGEST).is_file():
        yield f"{DIGEST} is missing, as earlier releases left it: nothing says what the manifest was: rebuild needed"


def _difference(file: Path, record: FileRecord) -> str | None:
    if not file.is_file():
        return "is missing"
    size = file.stat().st_size
    if size != record.size:
        return f"has {size:,} bytes, published were {record.size:,}"
    return None if file_sha256(file) == record.sha256 else "is changed: its SHA-256 is another"


def segment_files(folder: Path) -> list[Path]:
    """The files of tantivy's segments in a generation: each ends in a footer."""
    files = (file for file in sorted((folder / "lexical").glob("*")) if file.is_file())
    return [file for file in files if file.suffix != ".lock" and file.name not in NO_SEGMENT_FILES]


def wrong_footer(file: Path) -> str | None:
    """What is wrong with a segment's file by its own footer, None where the footer's CRC-32 is that of the rest.

    A footer is JSON, its length and a magic number, each of these four bytes with the lowest first.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        stream.seek(max(size - 8, 0))
        ending = stream.read()
        length = int.from_bytes(ending[:4], "little")
        if int.from_bytes(ending[4:], "little") != FOOTER_MAGIC or not 0 < length <= min(LONGEST_FOOTER, size - 8):
            return "ends in no footer"
        stream.seek(size - 8 - length)
        try:
            stated = json.loads(stream.read(length))["crc"]
        except (KeyError, TypeError, ValueError, RecursionError):
            return "ends in a footer that cannot be read"
        stream.seek(0)
        left, crc = size - 8 - length, 0
        while left and (chunk := stream.read(min(CHUNK, left))):
            left, crc = left - len(chunk), zlib.crc32(chunk, crc)
    return None if crc == stated else f"has CRC {crc}, its footer says {stated}"


def wrong_counts(folder: Path, reader: LocalReader) -> Iterator[str]:
    """Where manifest, columns, lexical index and vectors do not count alike."""
    manifest, columns = reader.manifest, reader.columns
    lexical = LexicalReader(folder / "lexical", Analyzer(manifest.language), columns)
    living, rows = len(columns.number_of), sum(len(segment) for segment in reader.segments)
    if living != manifest.articles or len(columns) - living != manifest.tombstones:
        yield (
            f"the columns hold {living:,} articles and {len(columns) - living:,} tombstones, the manifest says "
            f"{manifest.articles:,} and {manifest.tombstones:,}"
        )
    if len(lexical) != living:
        yield f"the lexical index holds {len(lexical):,} articles, the columns {living:,}"
    if rows != int(columns.passages.sum()):
        yield f"there are {rows:,} vectors, the columns say {int(columns.passages.sum()):,}"


def missing_texts(reader: LocalReader) -> list[ArticleId]:
    """Articles of the columns that the lexical index does not hold under their number."""
    ids = list(reader.columns.number_of)
    missing: list[ArticleId] = []
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        found = reader.articles(part)
        missing += [id_ for id_ in part if id_ not in found]
    return missing


def wrong_vectors(reader: LocalReader) -> Iterator[str]:
    """Vectors that are not of one dimension or not of length 1."""
    total = sum(len(segment) for segment in reader.segments)
    dimensions: set[int] = set()
    odd = 0
    for start in range(0, total, ROWS):
        vectors = vectors_at(reader.segments, np.arange(start, min(start + ROWS, total), dtype=np.int64))
        dimensions.add(vectors.shape[1])
        lengths = np.linalg.norm(vectors, axis=1)
        odd += int((~(np.abs(lengths - 1) <= TOLERANCE)).sum())  # so that what is no number is odd too
    if len(dimensions) > 1:
        yield f"vectors are of {' and '.join(map(str, sorted(dimensions)))} dimensions"
    if odd:
        yield f"{odd:,} of {total:,} vectors are not of length 1"
