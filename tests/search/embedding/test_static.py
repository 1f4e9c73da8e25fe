import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.embedding.embedder import unit
from search.embedding.hashing import HashingEmbedder
from search.embedding.static import LONGEST_TEXT, StaticEmbedder, features, most_pairs, quantised, read_static
from search.errors import Corrupt, Unavailable
from tests.tables import encoder, kept, rows_of

WORDS = ("harbour", "bridge", "closes")
MODEL = HashingEmbedder(16)


def drawn() -> StaticEmbedder:
    """One with something in every row."""
    plain = encoder(WORDS, MODEL)
    table = np.random.default_rng(0).standard_normal((plain.rows.shape), dtype=np.float32)
    scales, rows = quantised(table)
    return replace(plain, scales=scales, rows=rows)


def test_a_text_is_the_unit_sum_of_the_rows_of_its_pieces_and_pairs() -> None:
    own = drawn()
    rows = rows_of(own, "Harbour bridge closes")
    assert (rows[:3], len(rows), min(rows[3:]) >= 4) == ([1, 2, 3], 5, True)
    expected = unit((own.rows[rows] * own.scales[rows][:, None]).sum(axis=0, keepdims=True))
    found = own.embed(["Harbour bridge closes"])
    assert (found.dtype, found.shape) == (np.dtype(np.float32), (1, 16))
    assert found == pytest.approx(expected, abs=1e-6)


def test_the_order_of_words_counts() -> None:
    there, back = drawn().embed(["harbour bridge", "bridge harbour"])
    assert there @ back < 0.99


def test_texts_without_a_word_and_no_texts_have_vectors_too() -> None:
    assert np.linalg.norm(drawn().embed(["", "💥"]), axis=1) == pytest.approx([1, 1])
    assert drawn().embed([]).shape == (0, 16)


def test_of_a_long_text_the_first_pieces_are_read(tmp_path: Path) -> None:
    own = kept(tmp_path / "encoder", drawn())
    long, cut = own.embed(["bridge " * 100_000, "bridge " * LONGEST_TEXT])
    assert long.tolist() == cut.tolist()


@given(st.lists(st.integers(0, 999), min_size=1, max_size=50), st.integers(1, 5_000))
def test_every_pair_has_a_row_of_its_own_kind(ids: list[int], pairs: int) -> None:
    rows = features(ids, 1_000, pairs)
    assert rows[: len(ids)].tolist() == ids
    assert len(rows) == 2 * len(ids) - 1
    assert all(1_000 <= row < 1_000 + pairs for row in rows[len(ids) :])


def test_a_row_is_off_by_half_a_scale_at_most() -> None:
    table = np.random.default_rng(0).standard_normal((50, 8), dtype=np.float32)
    table[7] = 0
    scales, rows = quantised(table)
    assert (rows.dtype, rows[7].tolist()) == (np.dtype(np.int8), [0] * 8)
    assert np.all(np.abs(rows * scales[:, None] - table) <= scales[:, None] * 0.5001)


def test_the_table_stays_within_64_megabytes() -> None:
    assert (30_522 + most_pairs(30_522, 384)) * 388 <= 64_000_000
    with pytest.raises(Unavailable, match="250,002 word pieces of 384 dimensions are too many for a table of 64 MB"):
        most_pairs(250_002, 384)


def test_an_encoder_is_read_back_as_it_was_written_and_its_rows_are_mapped(tmp_path: Path) -> None:
    own = drawn()
    again = kept(tmp_path / "encoder", own)
    assert (again.header, again.space) == (own.header, MODEL.identity)
    assert again.identity == f"static@{facts(tmp_path / 'encoder')['sha256'][:16]}"
    assert isinstance(again.rows, np.memmap)
    assert again.embed(WORDS).tolist() == own.embed(WORDS).tolist()
    assert [file.name for file in tmp_path.iterdir()] == ["encoder"]


def test_one_in_use_outlives_its_successor(tmp_path: Path) -> None:
    first = kept(tmp_path / "encoder", drawn())
    before = first.embed(WORDS).tolist()
    kept(tmp_path / "encoder", encoder(WORDS, HashingEmbedder(8)))
    assert first.embed(WORDS).tolist() == before


def test_where_there_is_none_the_way_to_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no static encoder .*: run search-index distill"):
        read_static(tmp_path / "encoder")


@pytest.mark.parametrize("at", [0, 40, -1, -200, 1_000])
def test_a_byte_that_changed_is_noticed(tmp_path: Path, at: int) -> None:
    file = tmp_path / "encoder"
    kept(file, drawn())
    data = bytearray(file.read_bytes())
    data[at] ^= 0x40
    file.write_bytes(data)
    with pytest.raises(Corrupt, match="the static encoder .* is not used"):
        read_static(file)


@pytest.mark.parametrize("size", [0, 10, 500, -1])
def test_a_part_of_a_file_is_no_encoder(tmp_path: Path, size: int) -> None:
    file = tmp_path / "encoder"
    kept(file, drawn())
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(Corrupt, match="is not used"):
        read_static(file)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"pieces": 2},
        {"pieces": 10**12},
        {"pairs": 0},
        {"pairs": "50"},
        {"dimensions": -16},
        {"dimensions": 1e3},
        {"space": None},
        {"held_out_cosine": 7},
        {"held_out_cosine": "high"},
        {"tokenizer_bytes": -1},
        {"tokenizer_bytes": 10**12},
        {"tokenizer_bytes": None},
        {"sha256": 3},
        {"more": 1},
    ],
)
def test_a_header_that_lies_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    file = tmp_path / "encoder"
    kept(file, drawn())
    head, rest = file.read_bytes().split(b"\n", 1)
    file.write_bytes(json.dumps(json.loads(head) | change).encode() + b"\n" + rest)
    with pytest.raises(Corrupt, match="is not used"):
        read_static(file)


def test_what_fits_its_digest_and_makes_no_sense_is_refused(tmp_path: Path) -> None:
    plain = drawn()
    scales = np.full_like(plain.scales, np.nan)
    with pytest.raises(Corrupt, match="its rows do not fit its tokenizer"):
        kept(tmp_path / "scales", replace(plain, scales=scales))
    few = replace(plain.header, pieces=3, pairs=51)
    with pytest.raises(Corrupt, match="its rows do not fit its tokenizer"):
        kept(tmp_path / "pieces", replace(plain, header=few))
    file = tmp_path / "tokenizer"
    kept(file, plain)
    head, rest = file.read_bytes().split(b"\n", 1)
    length = json.loads(head)["tokenizer_bytes"]
    rest = b'{"version": "1.0"' + b" " * (length - 17) + rest[length:]
    head = json.dumps(json.loads(head) | {"sha256": hashlib.sha256(rest).hexdigest()}).encode()
    file.write_bytes(head + b"\n" + rest)
    with pytest.raises(Corrupt, match="a tokenizer is not whole"):
        read_static(file)


def facts(file: Path) -> dict[str, Any]:
    """The header as it stands in the file."""
    value = json.loads(file.read_bytes().split(b"\n", 1)[0])
    assert isinstance(value, dict)
    return value
