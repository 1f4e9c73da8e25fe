import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from indexer.decide import Add, Withdraw
from indexer.ledger import Ledger
from indexer.ledger_backup import back_up
from search.article import Article
from search.errors import Corrupt, InvalidValue

ROOT = Path(__file__).resolve().parents[2]
FULL = """
import resource, signal, sys
from pathlib import Path
from indexer.ledger_backup import back_up
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))  # bytes of a file
back_up(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "home" / "ledger.sqlite3"


@pytest.fixture
def ledger(source: Path) -> Iterator[Ledger]:
    with Ledger(source) as ledger:
        ledger.record([Add(Article("a", "Rain")), Add(Article("b", "Sun")), Withdraw("a")])
        yield ledger


def kept(file: Path) -> tuple[int, Article | None, Article | None]:
    with Ledger(file) as copy:
        return copy.sequence(), copy.article("a"), copy.article("b")


def test_a_copy_is_one_file_and_holds_every_change(ledger: Ledger, source: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "monday.sqlite3"
    copy.parent.mkdir()
    assert back_up(source, copy) == (3, copy.stat().st_size)
    assert list(copy.parent.iterdir()) == [copy]
    assert kept(copy) == (3, None, Article("b", "Sun"))


def test_a_copy_is_of_one_moment_while_another_process_writes(ledger: Ledger, source: Path, tmp_path: Path) -> None:
    is_over = Event()

    def write() -> None:
        with Ledger(source) as writer:
            while not is_over.is_set():
                writer.record([Add(Article("x", "Tide")), Add(Article("y", "Tide"))])

    thread = Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            back_up(source, tmp_path / f"{number}.sqlite3")
    finally:
        is_over.set()
        thread.join()
    for number in range(5):
        with Ledger(tmp_path / f"{number}.sqlite3") as copy:
            assert copy.sequence() % 2 == 1, "half of a transaction"
            assert copy.damage() == []


def test_an_earlier_copy_is_replaced(ledger: Ledger, source: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    back_up(source, copy)
    ledger.record([Withdraw("b")])
    back_up(source, copy)
    assert kept(copy) == (4, None, None)


def test_what_is_left_of_a_look_into_the_last_copy_is_not_read_into_the_next(
    ledger: Ledger, source: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite3"
    back_up(source, copy)
    with Ledger(copy) as looked_into:
        looked_into.record([Add(Article("x", "Only in the copy"))])
        left = copy.with_name("copy.sqlite3-wal").read_bytes()
    assert left
    copy.with_name("copy.sqlite3-wal").write_bytes(left)
    back_up(source, copy)
    with Ledger(copy) as fresh:
        assert (fresh.article("x"), fresh.sequence(), fresh.damage()) == (None, 3, [])


@pytest.mark.parametrize("file", ["home/ledger.sqlite3", "nowhere/copy.sqlite3"])
def test_a_file_that_cannot_be_is_told(ledger: Ledger, source: Path, tmp_path: Path, file: str) -> None:
    with pytest.raises(InvalidValue, match="FILE is '.*', allowed: a file in a folder that is there"):
        back_up(source, tmp_path / file)


def test_of_a_damaged_ledger_no_copy_is_kept_and_the_earlier_one_stays(tmp_path: Path, source: Path) -> None:
    with Ledger(source) as ledger:
        ledger.record(Add(Article(f"a{n}", "Rain" * 200)) for n in range(200))
    copy = tmp_path / "copy.sqlite3"
    back_up(source, copy)
    before, data = copy.read_bytes(), bytearray(source.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8_192] = b"\xff" * 8_192
    source.write_bytes(data)
    with pytest.raises(Corrupt):
        back_up(source, copy)
    assert (copy.read_bytes(), list(tmp_path.glob("*.new*"))) == (before, [])


def test_where_there_is_no_room_that_is_told_and_the_earlier_copy_stays(
    ledger: Ledger, source: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite3"
    back_up(source, copy)
    before = copy.read_bytes()
    ledger.record(Add(Article(f"a{n}", "Rain" * 200)) for n in range(200))
    done = subprocess.run([sys.executable, "-c", FULL, source, copy], capture_output=True, text=True, cwd=ROOT)
    assert f"Unavailable: the ledger cannot be copied to {copy}.new: " in done.stderr
    assert (copy.read_bytes(), list(tmp_path.glob("*.new*"))) == (before, [])
