"""The compiled twin of the real model, beside the reference it was made from."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.embedding.compiled import FIT, CompiledEmbedder, batched, padded
from search.embedding.embedder import Embedder
from search.embedding.open import BUNDLED_SHA256, encoder_of, open_embedder
from search.embedding.twin import read_twin, twin_folder
from search.settings import Settings

IDENTITY = f"all-MiniLM-L6-v2@{BUNDLED_SHA256[:16]}"
TEXTS = [
    "Engineers shut the crossing after finding a crack.",
    "tide",
    "",
    "Rain fell on the moor. " * 200,
    "Ünïcödé, 港の橋, 🌉 and “quotes”",
    "A bridge was closed on Monday, and nobody knows when it opens again.",
]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def twin(compiled_home: Path) -> CompiledEmbedder:
    return CompiledEmbedder(twin_folder(compiled_home / "models", IDENTITY), IDENTITY)


@pytest.fixture(scope="module")
def reference() -> Embedder:
    return open_embedder(Settings(encoder="reference"))


def test_it_gives_the_vectors_of_the_model_under_the_name_of_the_model(
    twin: CompiledEmbedder, reference: Embedder
) -> None:
    assert twin.identity == reference.identity == IDENTITY
    vectors = twin.embed(TEXTS)
    assert (vectors.dtype, vectors.shape) == (np.dtype(np.float32), (len(TEXTS), 384))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert np.all(np.sum(vectors * reference.embed(TEXTS), axis=1) >= FIT)


def test_a_text_alone_has_the_same_vector_every_time_and_nearly_the_same_in_a_batch(twin: CompiledEmbedder) -> None:
    alone = [twin.embed([text])[0] for text in TEXTS]
    assert np.array_equal(alone, [twin.embed([text])[0] for text in TEXTS])
    many = [*TEXTS, *(f"Ferry number {number} is late." for number in range(300))]
    assert np.all(np.sum(twin.embed(many)[: len(TEXTS)] * alone, axis=1) >= FIT)


def test_no_texts_are_no_vectors(twin: CompiledEmbedder) -> None:
    assert twin.embed([]).shape == (0, 384)


def test_what_is_beyond_the_length_the_model_reads_does_not_count(twin: CompiledEmbedder) -> None:
    long = "rain " * 300
    assert np.array_equal(twin.embed([long]), twin.embed([long + "bridge"]))


@given(st.lists(st.integers(1, 300), max_size=200))
def test_batches_hold_every_text_once_longest_first_and_at_most_so_many_pieces(lengths: list[int]) -> None:
    pieces = [[7] * length for length in lengths]
    batches = list(batched(pieces, 4_096))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    ordered = [lengths[index] for batch in batches for index in batch]
    assert ordered == sorted(ordered, reverse=True)
    assert all(len(batch) * max(lengths[index] for index in batch) <= 4_096 for batch in batches)
    for batch in batches:
        ids, mask = padded(pieces, batch, padding=0)
        assert mask.sum(axis=1).tolist() == [lengths[index] for index in batch]
        assert np.array_equal(ids, 7 * mask)


def test_it_runs_where_it_was_made_and_status_can_say_so(compiled_home: Path) -> None:
    assert encoder_of(Settings(home=compiled_home), IDENTITY) == ("compiled", "")
    manifest = read_twin(twin_folder(compiled_home / "models", IDENTITY), IDENTITY)
    assert (manifest.precision, manifest.longest) == ("float16", 256)


def test_openvino_reports_to_nobody(compiled_home: Path, tmp_path: Path) -> None:
    command = (
        "import sys; from pathlib import Path; from search.embedding.open import open_embedder, Settings;"
        f"open_embedder(Settings(home=Path({str(compiled_home)!r}))).embed(['storm']);"
        "print([name for name in sys.modules if name.startswith('openvino_telemetry.')], 'openvino' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "[] True\n"), done.stderr
    assert list(tmp_path.iterdir()) == []
