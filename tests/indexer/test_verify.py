"""Each check finds what it is for, and nothing in what is whole."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.accept import withdraw
from indexer.decide import Update
from indexer.ledger import Ledger
from indexer.verify import Report, verify
from search.embedding.hashing import HashingEmbedder
from search.engines.engine import EmbeddedArticle
from search.engines.local.writer import LocalWriter
from search.errors import Unavailable
from tests.builders import NOW, article, settings
from tests.indexer.following import add, follower

HOUR = timedelta(hours=1)
CHECKS = ["ledger", "manifest", "files", "footers", "settings", "counts", "texts", "vectors", "agreement"]


def checked(home: Path, model: str = "hashing-64", **fields: str) -> Report:
    return verify(settings(home, **fields), model)


def findings(report: Report) -> dict[str, Sequence[str]]:
    return {check.what: check.findings for check in report.checks if check.findings}


def built_by_hand(ledger: Ledger, home: Path, *articles: EmbeddedArticle, sequence: int) -> None:
    """A generation that the ledger knows, of whatever articles a test says."""
    ledger.note_generation("by hand", sequence)
    writer = LocalWriter(settings(home).index, None, "hashing-64", "english", lambda: NOW)
    writer.put(articles)
    writer.commit(sequence, "by hand")


def embedded(id_: str, length: float = 1.0) -> EmbeddedArticle:
    return EmbeddedArticle(article(id_), HashingEmbedder().embed([id_]) * length)


def test_what_was_published_is_whole_and_every_check_is_told(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b", body="Waves."))
    follower(ledger, tmp_path).rebuild()
    report = checked(tmp_path)
    assert (report.generation, report.is_whole, findings(report)) == ("000001", True, {})
    assert [check.what for check in report.checks] == CHECKS


def test_an_empty_generation_is_whole(ledger: Ledger, tmp_path: Path) -> None:
    follower(ledger, tmp_path).rebuild()
    assert findings(checked(tmp_path)) == {}


def test_what_changed_came_went_or_expired_since_is_no_finding(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b"), article("c", expires_at=NOW), article("d", expires_at=NOW + HOUR))
    follower(ledger, tmp_path).rebuild()
    withdraw(["a"], ledger)
    ledger.record([Update(article("b", body="Calm."))])
    add(ledger, article("e"))
    assert findings(checked(tmp_path)) == {}
    follower(ledger, tmp_path, now=NOW + 2 * HOUR).follow()
    assert findings(checked(tmp_path)) == {}


def test_without_a_ledger_or_a_generation_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="there is no ledger at"):
        checked(tmp_path)
    with Ledger(tmp_path / "ledger.sqlite3"), pytest.raises(Unavailable, match="nothing is published yet"):
        checked(tmp_path)


def test_files_that_are_changed_shorter_missing_or_one_too_many_are_named(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    folder = tmp_path / "index" / "000001"
    columns, segment = folder / "vectors" / "columns.npz", folder / "vectors" / "segment-0000000000.faiss"
    columns.write_bytes(columns.read_bytes()[:-1])
    segment.write_bytes(b"\0" + segment.read_bytes()[1:])
    (folder / "lexical" / "meta.json").unlink()
    (folder / "lexical" / "stray.txt").write_text("x")
    size = columns.stat().st_size
    report = checked(tmp_path)
    assert findings(report)["files"] == [
        "lexical/meta.json is missing",
        f"vectors/columns.npz has {size:,} bytes, published were {size + 1:,}",
        "vectors/segment-0000000000.faiss is changed: its SHA-256 is another",
        "lexical/stray.txt is there and was never published",
    ]
    assert [c.looked_at for c in report.checks if c.what in CHECKS[5:]] == ["not looked at: the files are damaged"] * 4


def test_a_segment_file_is_checked_by_its_own_footer_too(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    (store,) = (tmp_path / "index" / "000001" / "lexical").glob("*.store")
    data = store.read_bytes()
    store.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    (finding,) = findings(checked(tmp_path))["footers"]
    assert finding.startswith(f"lexical/{store.name} has CRC ")
    store.write_bytes(data[:-1])
    assert findings(checked(tmp_path))["footers"] == [f"lexical/{store.name} ends in no footer"]
    store.write_bytes(b"")
    assert findings(checked(tmp_path))["footers"] == [f"lexical/{store.name} ends in no footer"]
    hostile = b"[" * 9_000
    store.write_bytes(hostile + len(hostile).to_bytes(4, "little") + (1337).to_bytes(4, "little"))
    assert findings(checked(tmp_path))["footers"] == [f"lexical/{store.name} ends in a footer that cannot be read"]


def test_a_manifest_that_is_not_what_was_published_is_found(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    manifest = tmp_path / "index" / "000001" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"2026-', '"2025-'))
    told = "the manifest of generation 000001 is not what was published: its SHA-256 is another"
    assert findings(checked(tmp_path)) == {"manifest": [told]}


def test_a_manifest_without_its_digest_needs_a_rebuild_and_everything_else_is_checked(
    ledger: Ledger, tmp_path: Path
) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    (tmp_path / "index" / "000001" / "manifest.sha256").unlink()
    report = checked(tmp_path)
    (finding,) = findings(report)["manifest"]
    assert finding.startswith("manifest.sha256 is missing, as earlier releases left it")
    assert [check.looked_at for check in report.checks if check.what == "texts"] == ["1 articles"]


@pytest.mark.parametrize("text", ["", "000001", "000001\t", "000007\n", "../x\n", "\xff"])
def test_a_current_that_is_no_line_with_the_name_of_a_generation_is_found(
    ledger: Ledger, tmp_path: Path, text: str
) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    (tmp_path / "index" / "CURRENT").write_bytes(text.encode("latin-1"))
    assert list(findings(checked(tmp_path))) in (["files"], ["manifest"])


def test_another_model_or_language_needs_a_rebuild(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    assert findings(checked(tmp_path, "large", language="german")) == {
        "settings": [
            "the index is of model hashing-64, the settings say large: rebuild needed",
            "the index is in english, the settings say german: rebuild needed",
        ]
    }


def test_an_index_that_is_not_of_one_mind_with_the_ledger_is_told_by_ids(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, *(article(id_) for id_ in "abcdef"))
    withdraw(["a"], ledger)
    built_by_hand(ledger, tmp_path, embedded("a"), embedded("z"), sequence=ledger.sequence())
    assert findings(checked(tmp_path)) == {
        "agreement": [
            "the index holds 1 articles ('a'), which the ledger withdrew before",
            "the index lacks 5 articles ('b', 'c', 'd', …), which the ledger holds",
            "the index holds 1 articles ('z'), which the ledger never saw",
        ]
    }


def test_an_index_of_another_ledger_needs_a_rebuild(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    ledger.close()
    for file in tmp_path.glob("ledger*"):
        file.unlink()
    with Ledger(tmp_path / "ledger.sqlite3"):
        told = "the index is of another ledger, or of a later state of this one: rebuild needed"
        assert findings(checked(tmp_path)) == {"agreement": [told]}


def test_vectors_that_are_not_of_length_one_are_counted(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, *(article(id_) for id_ in "abc"))
    odd = [embedded("b", 1.01), embedded("c", float("nan"))]
    built_by_hand(ledger, tmp_path, embedded("a"), *odd, sequence=3)
    assert findings(checked(tmp_path)) == {"vectors": ["2 of 3 vectors are not of length 1"]}


def test_a_damaged_ledger_is_a_finding_that_no_rebuild_mends(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, *(article(f"a{number}", body="Waves. " * 500) for number in range(50)))
    follower(ledger, tmp_path).rebuild()
    ledger.close()
    file = tmp_path / "ledger.sqlite3"
    data = bytearray(file.read_bytes())
    for start in range(4_096 * 3, len(data), 4_096 * 2):
        data[start : start + 64] = b"\xff" * 64
    file.write_bytes(data)
    report = checked(tmp_path)
    assert list(findings(report)) == ["ledger"]
    assert not report.can_be_rebuilt
    file.write_bytes(b"Dear diary, " * 1_000)
    assert list(findings(checked(tmp_path))) == ["ledger"]
