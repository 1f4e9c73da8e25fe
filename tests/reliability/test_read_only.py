"""A HOME on a file system that is read-only: one sentence says so, and status 3."""

import subprocess
import sys
from pathlib import Path

import pytest

from indexer.ledger import Ledger
from tests.builders import article
from tests.indexer.following import add, follower

MOUNTED = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'


def read_only(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """What a command says in a namespace of its own, where HOME is read-only."""
    arguments = ["unshare", "-rm", "bash", "-c", MOUNTED, "bash", str(home), *command]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEARCH_MODEL", "hashing")
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        add(ledger, article("a"))
        follower(ledger, tmp_path).rebuild()
    try:
        if read_only(tmp_path, "true").returncode:
            pytest.skip("this machine lets nobody mount")
    except FileNotFoundError:
        pytest.skip("there is no unshare here")
    return tmp_path


@pytest.mark.parametrize("command", [["search", "storm"], ["add", "-"], ["status"]])
def test_what_is_read_only_is_named(home: Path, command: list[str]) -> None:
    told = read_only(home, sys.executable, "-m", "web", "--home", str(home), *command)
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (3, "", 1), told.stderr
    assert "is read-only" in told.stderr
