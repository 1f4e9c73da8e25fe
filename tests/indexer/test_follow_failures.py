"""Publishing when the model fails or files are damaged: what is live is always whole. Kills: tests/reliability/."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.follow import BATCH, SLICE
from indexer.ledger import Ledger
from indexer.lock import writer_lock
from search.errors import BroadsheetError, Unavailable
from tests.builders import article
from tests.indexer.following import Counting, Failing, add, follower, found, generations, is_whole, live


def test_a_model_that_fails_midway_leaves_the_old_generation_and_keeps_what_was_embedded(
    ledger: Ledger, tmp_path: Path
) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path, Counting()).rebuild()
    current = (tmp_path / "index" / "CURRENT").read_bytes()
    add(ledger, *(article(f"b{number}", body=f"Wave {number}.") for number in range(BATCH + 1)))
    with pytest.raises(Unavailable, match="the model is gone"):
        follower(ledger, tmp_path, Failing(1)).follow()
    assert ((tmp_path / "index" / "CURRENT").read_bytes(), found(tmp_path)) == (current, ["a"])
    embedder = Counting()
    told = follower(ledger, tmp_path, embedder).follow()
    left = BATCH + 1 - SLICE
    assert (told.articles, told.applied, told.embedded, len(embedder.texts)) == (BATCH + 2, BATCH + 1, left, left)
    assert is_whole(tmp_path)


def test_a_first_build_that_fails_publishes_nothing_and_the_lock_is_free(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article())
    with pytest.raises(Unavailable, match="the model is gone"):
        follower(ledger, tmp_path, Failing(0)).rebuild()
    with pytest.raises(Unavailable, match="nothing is published"):
        live(tmp_path)
    with writer_lock(tmp_path, 0):
        pass


def test_a_folder_left_from_a_crash_is_removed(ledger: Ledger, tmp_path: Path) -> None:
    leftover = tmp_path / "index" / "000007.building" / "lexical"
    leftover.mkdir(parents=True)
    (leftover / "segment").write_text("half")
    add(ledger, article())
    follower(ledger, tmp_path).rebuild()
    assert generations(tmp_path) == ["000001"]


def test_a_generation_that_was_named_and_never_made_live_is_not_written_again(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    shutil.copytree(tmp_path / "index" / "000001", tmp_path / "index" / "000002")
    add(ledger, article("b"))
    assert follower(ledger, tmp_path).follow().generation == "000003"
    assert found(tmp_path) == ["a", "b"]


def zeroed(data: bytes) -> bytes:
    return bytes(len(data))


def halved(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("damage", [zeroed, halved, flipped])
@pytest.mark.parametrize(
    "pattern",
    [
        "manifest.json",
        "vectors/columns.npz",
        "vectors/segment-*.faiss",
        "lexical/meta.json",
        "lexical/.managed.json",
        "lexical/*.term",
        "lexical/*.store",
    ],
)
def test_a_rebuild_replaces_a_generation_with_a_damaged_file(
    ledger: Ledger, tmp_path: Path, pattern: str, damage: Callable[[bytes], bytes]
) -> None:
    add(ledger, *(article(f"a{number}", body=f"Wave {number}.") for number in range(5)))
    follower(ledger, tmp_path).rebuild()
    (file,) = (tmp_path / "index" / "000001").glob(pattern)
    file.write_bytes(damage(file.read_bytes()))
    told = follower(ledger, tmp_path).rebuild()
    assert (told.generation, told.articles, told.embedded, is_whole(tmp_path)) == ("000002", 5, 0, True)


@pytest.mark.parametrize("text", ["", "\n", "no number\n", "000009\n", "../../etc\n", "\xff"])
def test_a_rebuild_replaces_a_live_name_that_names_nothing(ledger: Ledger, tmp_path: Path, text: str) -> None:
    add(ledger, article())
    follower(ledger, tmp_path).rebuild()
    (tmp_path / "index" / "CURRENT").write_bytes(text.encode("latin-1"))
    assert follower(ledger, tmp_path).rebuild().is_new
    assert found(tmp_path) == ["storm"]


def test_following_a_damaged_generation_fails_in_one_sentence_and_changes_nothing(
    ledger: Ledger, tmp_path: Path
) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    (tmp_path / "index" / "000001" / "vectors" / "columns.npz").unlink()
    add(ledger, article("b"))
    with pytest.raises(BroadsheetError, match=r"columns\.npz is missing"):
        follower(ledger, tmp_path).follow()
    assert (tmp_path / "index" / "CURRENT").read_text() == "000001\n"
