from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.evaluating.archive import Archive, indexed
from indexer.follow import Progress
from indexer.ledger import Ledger
from search.embedding.hashing import HashingEmbedder
from search.engines.local.generation import live_name
from tests.builders import NOW, settings
from tests.indexer.evaluating.judged import judged_folder


@contextmanager
def silent(label: str, unit: str) -> Iterator[Progress]:
    yield lambda done, total: None


def archive_of(folder: Path, home: Path) -> Archive:
    return indexed(folder, settings(home), HashingEmbedder(), lambda: NOW, silent)


def test_a_corpus_is_indexed_apart_from_the_site(tmp_path: Path) -> None:
    archive = archive_of(judged_folder(tmp_path / "judged"), tmp_path / "home")
    assert (archive.accepted.added, archive.accepted.refused) == (20, 0)
    assert archive.settings.home.parent == tmp_path / "home" / "evaluations"
    assert archive.settings.home.name.startswith("judged-")
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["evaluations"]


def test_a_second_run_finds_its_index_built(tmp_path: Path) -> None:
    folder = judged_folder(tmp_path / "judged")
    first = archive_of(folder, tmp_path / "home")
    second = archive_of(folder, tmp_path / "home")
    assert (second.settings, second.accepted.unchanged) == (first.settings, 20)
    assert live_name(second.settings.index) == "000001"


def test_another_corpus_of_the_same_name_does_not_mix_with_the_first(tmp_path: Path) -> None:
    folder = judged_folder(tmp_path / "judged")
    archive_of(folder, tmp_path / "home")
    lines = (folder / "corpus.jsonl").read_text().splitlines(keepends=True)
    (folder / "corpus.jsonl").write_text("".join(lines[:5]))
    with Ledger(archive_of(folder, tmp_path / "home").settings.ledger) as ledger:
        assert ledger.count() == 5
