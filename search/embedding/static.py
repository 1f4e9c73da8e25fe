"""A query encoder that is a table: a query's vector is the sum of one row a word piece and one a pair of neighbours.

The rows are learnt from the archive, so that a short text lands where the model puts it (`indexer/distilling.py`): the
model is not needed to encode a query, and the table takes a hundredth of its time. Pairs share rows by their hash
(Weinberger et al. 2009, arXiv 0902.2206). Kin: LightRetriever (Ma et al. 2025, arXiv 2505.12260), model2vec.

The file is a line of JSON, then the tokenizer, the scale of each row as float32, and the rows as int8.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from search.embedding.embedder import Vectors, unit
from search.engines.local.durable import sync_folder, write_durably
from search.errors import Corrupt, Unavailable

FORMAT = 1
LARGEST_TABLE = 64_000_000  # bytes of rows and scales
LARGEST_TOKENIZER = 40_000_000  # bytes: that of a model of a hundred languages has 17 MB
LONGEST_HEADER = 2_000  # bytes
LONGEST_TEXT = 128  # word pieces of a text that are read: twice the longest query
SCALE_BYTES = 4
_MIX = np.array([0x9E3779B1, 0x85EBCA77, 0x2C1B3C6D], dtype=np.uint64)  # odd constants of xxHash and murmur
_LOW_BITS = np.uint64(0xFFFFFFFF)

Table = NDArray[np.float32]  # shape (pieces + pairs, dimensions)


@dataclass(frozen=True, slots=True)
class Header:
    """What a table is, and what it was learnt from."""

    space: str  # the identity of the model in whose space its vectors lie
    dimensions: int
    pieces: int  # rows of word pieces
    pairs: int  # rows of hashed pairs, after them
    articles: int  # that the archive had
    texts: int  # that it was learnt from
    held_out_texts: int  # short texts of articles it learnt nothing from
    held_out_cosine: float  # to the model's vectors of these, the mean

    def __post_init__(self) -> None:
        counts = (self.dimensions, self.pieces, self.pairs, self.articles, self.texts, self.held_out_texts)
        if not all(type(count) is int and count > 0 for count in counts) or not isinstance(self.space, str):
            raise Corrupt("the header of a static encoder has a wrong count")
        if self.table_bytes > LARGEST_TABLE or not -1 <= float(self.held_out_cosine) <= 1:
            raise Corrupt("the header of a static encoder has a wrong size or cosine")

    @property
    def table_bytes(self) -> int:
        """Bytes of scales and rows."""
        return (self.pieces + self.pairs) * (self.dimensions + SCALE_BYTES)


@dataclass(frozen=True, slots=True)
class StaticEmbedder:
    """Embeds short texts by table: a query in some 50 µs. Safe to share between threads."""

    header: Header
    identity: str
    tokenizer: Tokenizer
    scales: NDArray[np.float32]  # of each row
    rows: NDArray[np.int8]  # shape (pieces + pairs, dimensions)

    @property
    def space(self) -> str:
        """The identity of the model whose vectors its own are compared with."""
        return self.header.space

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in order; of a text its first 128 word pieces."""
        sums = np.zeros((len(texts), self.header.dimensions), dtype=np.float32)
        for row, text in zip(sums, texts, strict=True):
            which = features(self.tokenizer.encode(text).ids, self.header.pieces, self.header.pairs)
            row[:] = self.scales[which] @ self.rows[which].astype(np.float32)
        return unit(sums)


def opened_tokenizer(data: str) -> Tokenizer:
    """A tokenizer from its JSON, set to read short texts. Raises Corrupt where it is none."""
    try:
        tokenizer = Tokenizer.from_str(data)
    except Exception as error:  # what its library raises has no narrower type
        raise Corrupt(f"a tokenizer is not whole: {error}") from error
    tokenizer.no_padding()  # else a query costs what 128 pieces cost
    tokenizer.enable_truncation(LONGEST_TEXT)
    return tokenizer


def features(ids: Sequence[int], pieces: int, pairs: int) -> NDArray[np.int64]:
    """The rows of a text's word pieces, then those of its neighbouring pairs, which depend on their order.

    >>> [int(row) for row in features([5, 7], pieces=10, pairs=1)], len(features([7], 10, 1))
    ([5, 7, 10], 1)
    """
    codes = np.asarray(ids, dtype=np.uint64)
    mixed = (codes[:-1] * _MIX[0] + codes[1:] * _MIX[1]) & _LOW_BITS
    mixed = (mixed ^ (mixed >> np.uint64(15))) * _MIX[2] & _LOW_BITS
    hashed = (mixed ^ (mixed >> np.uint64(13))) * np.uint64(pairs) >> np.uint64(32)
    return np.concatenate([codes.astype(np.int64), hashed.astype(np.int64) + pieces])


def most_pairs(pieces: int, dimensions: int) -> int:
    """How many rows are left for pairs in the largest table. Raises Unavailable where the pieces alone fill it."""
    left = LARGEST_TABLE // (dimensions + SCALE_BYTES) - pieces
    if left < 1:
        raise Unavailable(f"{pieces:,} word pieces of {dimensions} dimensions are too many for a table of 64 MB")
    return left


def quantised(table: Table) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """The rows as int8, and the scale of each: scale × int8 is the row, to half a scale in each dimension."""
    scales = np.abs(table).max(axis=1) / 127
    scales[scales == 0] = 1
    return scales.astype("<f4"), np.rint(table / scales[:, None]).astype(np.int8)


def write_static(file: Path, encoder: StaticEmbedder) -> str:
    """Writes an encoder whole or not at all, in place of the one before, which may be in use; returns its identity."""
    tokenizer = encoder.tokenizer.to_str().encode()
    parts = (tokenizer, encoder.scales.astype("<f4").tobytes(), encoder.rows.tobytes())
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    facts = {"format": FORMAT, "sha256": digest.hexdigest(), "tokenizer_bytes": len(tokenizer)}
    fresh = file.with_name(file.name + ".new")
    with write_durably(fresh) as stream:
        for part in (json.dumps(facts | asdict(encoder.header)).encode() + b"\n", *parts):
            stream.write(part)
    fresh.rename(file)
    sync_folder(file.parent)
    return _identity(digest.hexdigest())


def read_static(file: Path) -> StaticEmbedder:
    """The encoder of a file, its rows memory-mapped. Raises Unavailable where there is none, Corrupt if damaged."""
    try:
        with file.open("rb") as stream:
            header, facts = _header(stream.readline(LONGEST_HEADER))
            start, length = stream.tell(), int(facts["tokenizer_bytes"])
            size = os.fstat(stream.fileno()).st_size
            if not 0 < length <= LARGEST_TOKENIZER or size != start + length + header.table_bytes:
                raise Corrupt("it is not of its written size")
            if hashlib.file_digest(stream, "sha256").hexdigest() != facts["sha256"]:
                raise Corrupt("its SHA-256 is not the written one")
            stream.seek(start)
            tokenizer = opened_tokenizer(stream.read(length).decode())
            count = header.pieces + header.pairs
            scales = np.frombuffer(stream.read(count * SCALE_BYTES), dtype="<f4").astype(np.float32)
            rows = np.memmap(stream, np.int8, "r", stream.tell(), (count, header.dimensions))
    except FileNotFoundError as error:
        raise Unavailable(f"there is no static encoder {file}: run search-index distill") from error
    except (Corrupt, ValueError, KeyError, TypeError) as error:
        raise Corrupt(f"the static encoder {file} is not used: {error}; run search-index distill") from error
    if max(tokenizer.get_vocab().values(), default=0) >= header.pieces or not np.isfinite(scales).all():
        raise Corrupt(f"the static encoder {file} is not used: its rows do not fit its tokenizer")
    return StaticEmbedder(header, _identity(facts["sha256"]), tokenizer, scales, rows)


def _identity(sha256: str) -> str:
    return f"static@{sha256[:16]}"


def _header(line: bytes) -> tuple[Header, dict[str, Any]]:
    facts = json.loads(line)
    if facts.pop("format") != FORMAT:
        raise Corrupt("it is of another release's format")
    own = ("sha256", "tokenizer_bytes")
    return Header(**{name: value for name, value in facts.items() if name not in own}), facts
