"""Twins on disk: whole or not there, and damage found before anything is loaded."""

import json
import logging
import shutil
from pathlib import Path

import numpy as np
import pytest

from search.embedding.compiled import CompiledEmbedder
from search.embedding.open import BUNDLED_SHA256, compile_model, encoder_of, open_embedder
from search.embedding.twin import FILES, LARGEST_MANIFEST, publish_twin, read_twin, seal_twin, start_twin, twin_folder
from search.errors import Corrupt, Unavailable
from search.settings import Settings

IDENTITY = f"all-MiniLM-L6-v2@{BUNDLED_SHA256[:16]}"
ABOUT = {"model": "mini@1", "precision": "float16", "versions": {}, "longest": 4, "samples": ["storm"]}


def made(models: Path, content: str = "x") -> Path:
    building = start_twin(models, "mini@1")
    for name in FILES:
        (building / name).write_text(content)
    seal_twin(building, ABOUT)
    publish_twin(building)
    return twin_folder(models, "mini@1")


@pytest.fixture
def copy(compiled_home: Path, tmp_path: Path) -> Settings:
    """A HOME with a twin of its own, to be damaged."""
    shutil.copytree(compiled_home / "models", tmp_path / "models")
    return Settings(home=tmp_path)


def test_a_twin_is_read_as_it_was_made(tmp_path: Path) -> None:
    manifest = read_twin(made(tmp_path), "mini@1")
    assert (manifest.model, manifest.longest, list(manifest.samples)) == ("mini@1", 4, ["storm"])
    assert sorted(manifest.files) == list(FILES)


def test_what_is_not_published_is_not_there_and_the_next_one_starts_afresh(tmp_path: Path) -> None:
    (start_twin(tmp_path, "mini@1") / "model.bin").write_text("half")
    with pytest.raises(Unavailable, match="search-index rebuild makes it"):
        read_twin(twin_folder(tmp_path, "mini@1"), "mini@1")
    assert list(start_twin(tmp_path, "mini@1").iterdir()) == []


def test_a_new_twin_takes_the_place_of_the_old_and_leaves_nothing_lying_about(tmp_path: Path) -> None:
    made(tmp_path, "old")
    assert (made(tmp_path, "new") / "model.bin").read_text() == "new"
    assert [folder.name for folder in tmp_path.iterdir()] == ["mini@1"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_byte_for_byte_as_it_was_is_damage(tmp_path: Path, name: str) -> None:
    folder = made(tmp_path)
    (folder / name).write_text("y")
    with pytest.raises(Corrupt, match=f"{name} is missing or damaged"):
        read_twin(folder, "mini@1")
    (folder / name).unlink()
    with pytest.raises(Corrupt, match=f"{name} is missing or damaged"):
        read_twin(folder, "mini@1")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"model": 1}', "[" * 100_000, '{"files": null}', " " * (LARGEST_MANIFEST + 1), "\x00"],
)
def test_a_manifest_of_anything_else_is_damage(tmp_path: Path, text: str) -> None:
    folder = made(tmp_path)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(Corrupt, match="the manifest of the compiled encoder in .* is not whole"):
        read_twin(folder, "mini@1")


@pytest.mark.parametrize("change", [{"format": 2}, {"model": "other@1"}, {"files": {"../../etc/passwd": "00"}}])
def test_a_twin_of_another_model_release_or_shape_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    folder = made(tmp_path)
    values = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**values, **change}))
    with pytest.raises(Corrupt, match="is of another model or release"):
        read_twin(folder, "mini@1")


def test_where_no_twin_was_made_the_reference_runs_and_status_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=tmp_path)
    assert open_embedder(settings).embed(["storm"]).shape == (1, 384)
    assert caplog.text == ""
    encoder, why = encoder_of(settings, IDENTITY)
    assert encoder == "reference"
    assert "search-index rebuild makes it" in why
    assert encoder_of(Settings(home=tmp_path, encoder="reference"), IDENTITY) == ("reference", "the settings say so")
    assert encoder_of(settings, "hashing-64") == ("hashing", "")


def test_a_damaged_twin_is_told_and_not_used_and_made_anew(copy: Settings, caplog: pytest.LogCaptureFixture) -> None:
    weights = twin_folder(copy.models, IDENTITY) / "model.bin"
    content = bytearray(weights.read_bytes())
    content[1_000_000] ^= 1
    weights.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert open_embedder(copy).embed(["storm"]).shape == (1, 384)
    assert "model.bin is missing or damaged; the slower sentence-transformers runs" in caplog.text
    assert encoder_of(copy, IDENTITY)[0] == "reference"
    level = logging.getLogger().level
    compile_model(copy)
    assert encoder_of(copy, IDENTITY) == ("compiled", "")
    assert logging.getLogger().level == level


def test_a_twin_that_does_not_give_the_vectors_of_its_model_is_refused(copy: Settings) -> None:
    folder = twin_folder(copy.models, IDENTITY)
    manifest = json.loads((folder / "manifest.json").read_text())
    samples = np.load(folder / "samples.npy")
    np.save(folder / "samples.npy", samples[::-1])
    _seal_anew(folder, manifest)
    with pytest.raises(Corrupt, match=r"has cosine -?0\.\d+ to the model, not 0.999"):
        CompiledEmbedder(folder, IDENTITY)
    (folder / "model.xml").write_text("<net/>")
    _seal_anew(folder, manifest)
    with pytest.raises(Corrupt, match="does not run here"):
        CompiledEmbedder(folder, IDENTITY)


def test_a_whole_twin_is_not_made_again(compiled_home: Path) -> None:
    before = (twin_folder(compiled_home / "models", IDENTITY) / "manifest.json").stat()
    compile_model(Settings(home=compiled_home))
    assert (twin_folder(compiled_home / "models", IDENTITY) / "manifest.json").stat() == before


def _seal_anew(folder: Path, manifest: dict[str, object]) -> None:
    seal_twin(folder, {name: value for name, value in manifest.items() if name != "files"})
