"""A disk that fails while the index is written: the live generation stays, a sentence and status 3 say why, and when
there is room again the next run publishes what waits."""

import io
import json
import os
import resource
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from indexer.cli.group import run
from indexer.ledger import Ledger
from indexer.verify import verify
from tests.builders import article, record, settings
from tests.indexer.cli.told import Told
from tests.indexer.following import add, follower, found
from tests.reliability.children import started, told
from tests.reliability.demand import points
from tests.reliability.faults import failing

MANY = 1_500  # articles: vectors larger than tantivy's files, these larger than what a rebuild adds to the ledger
WORDS = 30_000  # in one of them
LIMITS = [0, 20_000, 60_000, 100_000, 150_000, 250_000, 350_000, 700_000]  # bytes
MODEL = "hashing-64"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEARCH_MODEL", "hashing")
    monkeypatch.setenv("SEARCH_HOME", str(tmp_path))
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        add(ledger, article("a"), article("b", body="Waves."))
        follower(ledger, tmp_path).rebuild()
    return tmp_path


def waiting(home: Path, number: int) -> None:
    """Records one more article and publishes nothing."""
    with Ledger(home / "ledger.sqlite3") as ledger:
        add(ledger, article(f"c{number}", body=f"Wave {number}."))


def live(home: Path) -> str:
    return (home / "index" / "CURRENT").read_text().strip()


def assert_it_went_well_or_changed_nothing(home: Path, before: str, status: int, error: str) -> None:
    assert verify(settings(home), MODEL).is_whole
    if live(home) == before:
        assert (status, error.count("\n")) == (3, 1), error
        assert error.startswith("search-index: ")
    else:
        assert status in (0, 3)


def publish(home: Path, command: str, number: int, capsys: pytest.CaptureFixture[str]) -> Told:
    """One article more, recorded before a rebuild or by `add`, which follows."""
    if command == "rebuild":
        return Told(capsys, "rebuild")
    source = home / "more.jsonl"
    source.write_text(json.dumps(record(id=f"c{number}", body=f"Wave {number}.")) + "\n")
    return Told(capsys, "add", str(source))


@pytest.mark.parametrize(
    ("command", "many"), [("rebuild", 1), ("add", 1_000_000)], ids=["a rebuild, once", "an add, until there is room"]
)
def test_whichever_step_of_a_publish_fails_the_live_generation_stays_and_the_next_run_publishes(
    home: Path, capsys: pytest.CaptureFixture[str], command: str, many: int
) -> None:
    waiting(home, 0)
    with failing(first=10**9) as faults:
        assert publish(home, command, 0, capsys).status == 0
    assert faults.taken > 20
    statuses = set()
    for first in range(1, min(faults.taken, 50) + 1):
        waiting(home, first)
        before = live(home)
        with failing(first, many):
            failed = publish(home, command, first, capsys)
        assert_it_went_well_or_changed_nothing(home, before, failed.status, failed.err)
        statuses.add(failed.status)
    assert statuses >= {3}
    assert publish(home, command, first, capsys).status == 0
    assert found(home) == sorted(["a", "b", *(f"c{number}" for number in range(first + 1))])
    assert not list((home / "index").glob("*.building"))


def rebuild_in_little_room(limit: int, home: Path, says: Connection) -> None:
    """A rebuild by the command line in which no file may grow beyond `limit` bytes, native code's neither."""
    os.environ |= {"SEARCH_MODEL": "hashing", "SEARCH_HOME": str(home)}
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as errors:
        status = run(["rebuild"])
    says.send((status, errors.getvalue()))


def test_whichever_file_finds_no_room_in_native_code_the_live_generation_stays(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger(home / "ledger.sqlite3") as ledger:
        add(ledger, article("long", body=" ".join(f"w{number * 7_919 % 9_973}" for number in range(WORDS))))
        add(ledger, *(article(f"m{number}", f"Wave {number}") for number in range(1, MANY)))
        follower(ledger, home).rebuild()
    statuses, errors = [], []
    limits = LIMITS if points(0, 1) == 0 else range(0, LIMITS[-1], 7_000)
    for number, limit in enumerate(limits):
        waiting(home, number)
        before = live(home)
        child, says = started(rebuild_in_little_room, limit, home)
        answers = told(says)
        child.join()
        assert (child.exitcode, len(answers)) == (0, 1), limit
        status, error = answers[0]
        assert_it_went_well_or_changed_nothing(home, before, status, error)
        statuses.append(status)
        errors.append(error)
    assert {0, 3} == set(statuses)
    for part in ("the ledger", "the lexical index", "vectors/segment"):
        assert any(part in error for error in errors), (part, errors)
    assert Told(capsys, "rebuild").status == 0
    assert len(found(home)) == 2 + MANY + len(limits)


def test_what_is_put_while_the_disk_is_full_is_refused_and_taken_when_there_is_room(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "more.jsonl"
    source.write_text(json.dumps(record(id="late")) + "\n")
    with failing(1):
        failed = Told(capsys, "add", str(source))
    assert (failed.status, "No space left on device" in failed.err) == (3, True)
    assert found(home) == ["a", "b"]
    again = Told(capsys, "--json", "add", str(source)).json
    assert (again["unchanged"], again["is_new"], found(home)) == (1, True, ["a", "b", "late"])
