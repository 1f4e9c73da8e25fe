import json
from pathlib import Path

import pytest

from search.embedding.hashing import HashingEmbedder
from search.engines.engine import EmbeddedArticle
from search.engines.local.engine import LocalEngine
from search.engines.local.generation import damaged_files, live_folder, read_manifest
from search.engines.local.graph import SIZES, Sizes
from search.engines.local.writer import LocalWriter
from search.errors import Corrupt, Unavailable
from search.request import Filters
from tests.builders import NOW, article

MODEL = HashingEmbedder()


def published(index: Path, *ids: str, sizes: Sizes = SIZES) -> str:
    """A new generation with these articles added to the live one."""
    base = LocalEngine(index).reader() if (index / "CURRENT").exists() else None
    writer = LocalWriter(index, base, MODEL.identity, "english", lambda: NOW, sizes=sizes)
    writer.put([EmbeddedArticle(article(id_), MODEL.embed([id_])) for id_ in ids])
    name = writer.commit(sequence=len(ids), token="build")
    writer.drop_superseded(name)
    return name


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_before_the_first_publish_nothing_is_there_to_read(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="run search-index rebuild"):
        LocalEngine(tmp_path).reader()


def test_a_generation_never_changes_after_it_is_named(tmp_path: Path) -> None:
    first = published(tmp_path, "a", "b")
    LocalEngine(tmp_path).reader()
    before = files_of(tmp_path / first)
    published(tmp_path, "b", "c")
    assert files_of(tmp_path / first) == before


def test_a_reader_keeps_its_generation_while_new_ones_come_and_its_files_go(tmp_path: Path) -> None:
    published(tmp_path, "a")
    engine = LocalEngine(tmp_path)
    old = engine.reader()
    for id_ in "bcdef":
        published(tmp_path, id_)
    assert not (tmp_path / old.generation).exists()
    assert [hit.id for hit in old.match_text(["storm"], Filters(NOW), 9)] == ["a"]
    assert [hit.id for hit in old.match_vector(MODEL.embed(["a"])[0], Filters(NOW), 9)] == ["a"]
    assert engine.reader().by_date(Filters(NOW), 1).total == 6


def test_the_last_three_generations_are_kept(tmp_path: Path) -> None:
    names = [published(tmp_path, id_) for id_ in "abcde"]
    assert sorted(folder.name for folder in tmp_path.iterdir() if folder.is_dir()) == names[-3:]


def test_what_a_crash_left_is_cleared_by_the_next_build(tmp_path: Path) -> None:
    published(tmp_path, "a")
    (tmp_path / "000002.building" / "lexical").mkdir(parents=True)
    assert published(tmp_path, "b") == "000002"
    assert list(tmp_path.glob("*.building")) == []


def test_an_index_built_anew_under_the_same_name_is_read_anew(tmp_path: Path) -> None:
    import shutil

    published(tmp_path, "a")
    engine = LocalEngine(tmp_path)
    assert engine.reader().generation == "000001"
    shutil.rmtree(tmp_path)
    published(tmp_path, "b", "c")
    assert (engine.reader().generation, engine.reader().by_date(Filters(NOW), 1).total) == ("000001", 2)


def test_every_changed_byte_is_found(tmp_path: Path) -> None:
    folder = tmp_path / published(tmp_path, "a", "b")
    manifest = read_manifest(folder)
    assert damaged_files(folder, manifest) == []
    for name in manifest.files:
        file = folder / name
        data = file.read_bytes()
        file.write_bytes(bytes([data[0] ^ 1]) + data[1:])
        assert damaged_files(folder, manifest) == [name]
        file.write_bytes(data)


def test_a_truncated_missing_or_newer_generation_is_refused_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / published(tmp_path, "a")
    columns = folder / "vectors" / "columns.npz"
    data = columns.read_bytes()
    columns.write_bytes(data[:-1])
    with pytest.raises(Corrupt, match="not of its published size"):
        LocalEngine(tmp_path).reader()
    columns.write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(Corrupt, match="is of format 99, this release reads 4 and 5: rebuild"):
        LocalEngine(tmp_path).reader()
    (folder / "manifest.json").write_text("{")
    with pytest.raises(Corrupt, match="is not whole"):
        LocalEngine(tmp_path).reader()


def test_a_current_that_names_a_path_is_no_generation(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("../elsewhere\n")
    with pytest.raises(Corrupt, match="names no generation"):
        live_folder(tmp_path)


def test_small_publishes_leave_few_vector_segments(tmp_path: Path) -> None:
    for number in range(20):
        published(tmp_path, f"a{number}")
    reader = LocalEngine(tmp_path).reader()
    assert len(reader.segments) <= 5
    assert sum(len(segment) for segment in reader.segments) == 20


def test_a_large_segment_has_a_graph_beside_it_as_long_as_it_lives_and_a_publish_builds_none(tmp_path: Path) -> None:
    sizes = Sizes(segment=4, step=0)
    folders = [tmp_path / published(tmp_path, *ids, sizes=sizes) for ids in ("abcde", "fg", "hijklmnop")]
    graphs = [{file.name for file in (folder / "vectors").glob("graph-*")} for folder in folders]
    assert graphs == [{"graph-0000000000.faiss"}] * 3
    first, second, third = (folder / "vectors" / "graph-0000000000.faiss" for folder in folders)
    assert first.samefile(second)
    assert second.samefile(third)
    manifest = read_manifest(folders[2])
    assert "vectors/graph-0000000000.faiss" in manifest.files
    assert damaged_files(folders[2], manifest) == []
    engine = LocalEngine(tmp_path, sizes)
    hits = engine.reader().match_vector(MODEL.embed(["c"])[0], Filters(NOW), 99)
    assert (hits[0].id, round(hits[0].score, 5), len(hits)) == ("c", 1.0, 16)


def as_before(folder: Path) -> None:
    """Makes a generation what the release before wrote: of format 4, without a digest, without stories."""
    (folder / "manifest.sha256").unlink()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name in ("stories/stories.npz", "vectors/lineage"):
        (folder / name).unlink()
        del manifest["files"][name]
    (folder / "manifest.json").write_text(json.dumps({**manifest, "format": 4}))


def test_a_generation_of_the_format_before_is_read_and_followed_by_one_of_this(tmp_path: Path) -> None:
    folder = tmp_path / published(tmp_path, "a", "b", "c")
    as_before(folder)
    vector = MODEL.embed(["b"])[0]
    assert [hit.id for hit in LocalEngine(tmp_path).reader().match_vector(vector, Filters(NOW), 1)] == ["b"]
    later = tmp_path / published(tmp_path, "d")
    assert (read_manifest(later).format, LocalEngine(tmp_path).reader().stories.names.tolist()) == (5, [0, 1, 2, 3])
