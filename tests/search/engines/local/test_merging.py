from pathlib import Path

import numpy as np
import pytest

from search.embedding.hashing import HashingEmbedder
from search.engines.engine import EmbeddedArticle
from search.engines.local.engine import LocalEngine
from search.engines.local.generation import damaged_files, generations
from search.engines.local.graph import Sizes
from search.engines.local.merging import Merge, prepare
from search.engines.local.reader import LocalReader
from search.engines.local.writer import LocalWriter
from search.request import Filters
from tests.builders import NOW, article

MODEL = HashingEmbedder()
SIZES = Sizes(segment=4, step=0)
Shape = list[tuple[int, bool]]


def publish(index: Path, *ids: str, merge: Merge | None = None, is_rebuilt: bool = False) -> LocalReader:
    """The next generation: with these articles, or with what was merged."""
    base = LocalEngine(index, SIZES).reader() if (index / "CURRENT").exists() and not is_rebuilt else None
    writer = LocalWriter(index, base, MODEL.identity, "english", lambda: NOW, SIZES)
    writer.put([EmbeddedArticle(article(id_), MODEL.embed([id_])) for id_ in ids])
    if merge:
        writer.adopt(merge)
    return writer.reader(writer.commit(1, f"build{len(generations(index))}"))


def merged(index: Path) -> Merge:
    merge = prepare(index, LocalEngine(index, SIZES).reader(), SIZES)
    assert merge is not None
    return merge


def shape(reader: LocalReader) -> Shape:
    """Of each segment, how many rows it has and whether there is a graph."""
    return [(len(segment), segment.has_graph) for segment in reader.segments]


def assert_holds(index: Path, ids: str) -> None:
    """Whoever opens the generation finds every article by its own vector, and every file as it was published."""
    reader = LocalEngine(index, SIZES).reader()
    assert damaged_files(index / reader.generation, reader.manifest) == []
    assert sorted(hit.id for hit in reader.by_date(Filters(NOW), 99).hits) == sorted(ids)
    vectors = reader.vectors(list(ids))
    assert all(np.array_equal(vectors[id_], MODEL.embed([id_])[0]) for id_ in ids)
    for id_ in ids:
        best = reader.match_vector(MODEL.embed([id_])[0], Filters(NOW), 1)[0]
        assert (best.id, round(best.score, 5)) == (id_, 1.0)


@pytest.mark.parametrize(
    ("published", "before", "after"),
    [
        (["abcd", "e", "fg", "h"], [(4, True), (3, False), (1, False)], [(8, True)]),
        (["abcdefghi", "jkl", "m"], [(9, True), (3, False), (1, False)], [(9, True), (4, True)]),
        (["abcdefghi", "jklmno", "p"], [(9, True), (6, False), (1, False)], [(9, True), (7, True)]),
    ],
)
def test_small_segments_become_one_with_a_graph_and_take_up_those_no_larger(
    tmp_path: Path, published: list[str], before: Shape, after: Shape
) -> None:
    for ids in published:
        reader = publish(tmp_path, *ids)
    assert shape(reader) == before
    assert shape(publish(tmp_path, merge=merged(tmp_path))) == shape(LocalEngine(tmp_path, SIZES).reader()) == after
    assert_holds(tmp_path, "".join(published))


def test_nothing_is_merged_while_there_are_few_rows_without_a_graph(tmp_path: Path) -> None:
    for ids in ("abcde", "fg", "h"):
        reader = publish(tmp_path, *ids)
    assert prepare(tmp_path, reader, SIZES) is None
    assert list(tmp_path.glob("*.merging")) == []


def test_what_is_published_while_a_merge_is_prepared_stands_behind_it(tmp_path: Path) -> None:
    for ids in ("abcdefghi", "jkl", "m"):
        publish(tmp_path, *ids)
    merge = merged(tmp_path)
    assert shape(publish(tmp_path, "n")) == [(9, True), (3, False), (2, False)]
    assert shape(publish(tmp_path, "o", "p", "a")) == [(9, True), (3, False), (2, False), (3, False)]
    reader = publish(tmp_path, merge=merge)
    assert shape(reader) == [(9, True), (4, True), (1, False), (3, False)]
    assert_holds(tmp_path, "abcdefghijklmnop")


def test_a_merge_of_rows_that_a_rebuild_numbered_anew_does_not_fit(tmp_path: Path) -> None:
    for ids in ("abcde", "fgh", "i"):
        publish(tmp_path, *ids)
    merge = merged(tmp_path)
    assert merge.fits(LocalEngine(tmp_path, SIZES).reader())
    assert not merge.fits(publish(tmp_path, *"abcdefghi", is_rebuilt=True))


def test_what_a_crash_left_is_cleared_by_the_next_merge(tmp_path: Path) -> None:
    for ids in ("abcde", "fgh", "i"):
        publish(tmp_path, *ids)
    merged(tmp_path)
    (tmp_path / "000001.merging" / "vectors").mkdir(parents=True)
    merge = merged(tmp_path)
    assert list(tmp_path.glob("*.merging")) == [merge.folder]
    merge.drop()
    assert list(tmp_path.glob("*.merging")) == []


def test_a_generation_whose_files_were_merged_is_unchanged(tmp_path: Path) -> None:
    for ids in ("abcde", "fgh", "i"):
        before = publish(tmp_path, *ids)
    publish(tmp_path, merge=merged(tmp_path))
    assert damaged_files(tmp_path / before.generation, before.manifest) == []
    assert [hit.id for hit in before.match_vector(MODEL.embed(["i"])[0], Filters(NOW), 1)] == ["i"]
