import shutil
from pathlib import Path

import pytest

from tests.builders import record
from tests.indexer.cli.told import Told, written

pytestmark = pytest.mark.usefixtures("newsroom")


def words(told: Told) -> str:
    return " ".join(told.out.split())


def test_verify_of_what_is_whole_is_status_0_and_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "verify")
    assert (told.status, told.err) == (0, "")
    assert [line.split()[0] for line in told.out.splitlines()] == [
        *(
            "ledger",
            "manifest",
            "files",
            "footers",
            "settings",
            "counts",
            "texts",
            "vectors",
            "agreement",
            "generation",
        ),
    ]
    assert told.out.rstrip().endswith("whole")
    answer = Told(capsys, "--json", "verify").json
    assert (answer["generation"], answer["is_whole"], answer["fixed"], len(answer["checks"])) == ("000001", True, [], 9)
    assert answer["checks"][6] == {"what": "texts", "looked_at": "3 articles", "findings": []}


def damage(home: Path, generation: str = "000001") -> None:
    columns = home / "index" / generation / "vectors" / "columns.npz"
    columns.write_bytes(columns.read_bytes()[:-1] + b"x")


def test_verify_of_what_is_damaged_is_status_1_with_the_finding_and_what_mends_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(home)
    told = Told(capsys, "verify")
    assert told.status == 1
    assert "vectors/columns.npz is changed: its SHA-256 is another" in words(told)
    assert told.out.endswith("search-index verify --fix rebuilds it from the ledger.\n")


def test_fix_rebuilds_and_the_next_verify_finds_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage(home)
    fixed = Told(capsys, "--json", "verify", "--fix")
    assert (fixed.status, fixed.json["generation"], fixed.json["is_whole"]) == (0, "000002", True)
    assert [check["what"] for check in fixed.json["fixed"] if check["findings"]] == ["files"]
    damage(home, "000002")
    told = Told(capsys, "verify", "--fix")
    assert (told.status, words(told).startswith("Found, and rebuilt from the ledger:")) == (0, True)
    assert Told(capsys, "verify").status == 0


def test_fix_where_nothing_is_wrong_builds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(capsys, "--json", "verify", "--fix").json["generation"] == "000001"


def test_a_damaged_ledger_is_not_rebuilt_from(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in home.glob("ledger.sqlite3*"):
        file.unlink()
    (home / "ledger.sqlite3").write_text("Dear diary, " * 1_000)
    told = Told(capsys, "verify", "--fix")
    assert (told.status, "The ledger is damaged: restore it from a backup." in words(told)) == (1, True)
    assert (home / "index" / "CURRENT").read_text() == "000001\n"


def test_verify_with_nothing_published_is_status_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "--home", str(tmp_path / "empty"), "verify")
    assert (told.status, "there is no ledger at" in told.err) == (3, True)


def test_a_rollback_is_held_and_a_rebuild_publishes_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(capsys, "rollback").status == 3
    Told(capsys, "add", written(tmp_path, record(id="bad", title="Bad")))
    told = Told(capsys, "rollback")
    said = "Generation 000001 is live again, 000002 is not; search-index rebuild publishes anew."
    assert (told.status, words(told)) == (0, said)
    status = Told(capsys, "--json", "status").json
    assert (status["generation"], status["changes_not_yet_published"]) == ("000001", 1)
    assert status["held"] == "since a rollback, until a rebuild"
    held = Told(capsys, "add", written(tmp_path, record(id="next", title="Next")))
    assert (held.status, "generation 000001 is held since a rollback" in held.err) == (3, True)
    assert Told(capsys, "--json", "rebuild").json["articles"] == 5
    assert "held" not in Told(capsys, "--json", "status").json


def test_prune_drops_old_generations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Told(capsys, "add", written(tmp_path, record(id="new", title="New")))
    assert words(Told(capsys, "prune")) == "Dropped: nothing. Live is 000002."
    told = Told(capsys, "--json", "prune", "--keep", "1")
    assert (told.status, told.json) == (0, {"generation": "000002", "dropped": ["000001"]})
    wrong = Told(capsys, "prune", "--keep", "0")
    assert (wrong.status, "keep is 0, allowed: 1 or more" in wrong.err) == (2, True)


def test_a_backup_restored_is_the_archive_again(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.sqlite3"
    told = Told(capsys, "--json", "backup", str(copy))
    assert (told.status, told.json) == (0, {"file": str(copy), "bytes": copy.stat().st_size, "sequence": 3})
    before = Told(capsys, "--json", "status").json["articles"]
    shutil.rmtree(home)
    home.mkdir()
    copy.rename(home / "ledger.sqlite3")
    assert Told(capsys, "rebuild").status == 0
    assert Told(capsys, "--json", "status").json["articles"] == before
    assert Told(capsys, "verify").status == 0


def test_where_there_is_no_ledger_there_is_nothing_to_back_up(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(home)
    told = Told(capsys, "backup", str(tmp_path / "copy.sqlite3"))
    assert (told.status, told.err) == (3, f"search-index: there is no ledger at {home}/ledger.sqlite3 yet\n")
    assert not home.exists()
