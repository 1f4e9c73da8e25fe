import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from indexer.lock import writer_lock
from search.errors import Unavailable

HOLD = """
import sys, time
from pathlib import Path
from indexer.lock import writer_lock
with writer_lock(Path(sys.argv[1]), 0):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_who_the_first_is_until_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            said = f"^process {holder.pid} is writing the index of {tmp_path}; what is in the ledger is safe$"
            with pytest.raises(Unavailable, match=said), writer_lock(tmp_path, 0.1):
                pass
        finally:
            holder.kill()
    with writer_lock(tmp_path, 5):
        pass


def test_one_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    with writer_lock(tmp_path, 0):
        with pytest.raises(Unavailable, match=r"^process \d+ is writing"), writer_lock(tmp_path, 0):
            pass
        with pytest.raises(Unavailable), writer_lock(tmp_path, 0):
            pass


def test_the_holder_is_named_and_not_those_before_it(tmp_path: Path) -> None:
    (tmp_path / "writer.lock").write_text("process 4194304000")
    said = f"^process {os.getpid()} is writing"
    with writer_lock(tmp_path, 0), pytest.raises(Unavailable, match=said), writer_lock(tmp_path, 0):
        pass


def test_it_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), writer_lock(tmp_path, 0):
        raise ValueError("no")
    with writer_lock(tmp_path, 0):
        pass


def test_a_patient_writer_takes_its_turn(tmp_path: Path) -> None:
    turns: list[str] = []

    def second() -> None:
        with writer_lock(tmp_path, 10):
            turns.append("second")

    thread = threading.Thread(target=second)
    with writer_lock(tmp_path, 0):
        thread.start()
        time.sleep(0.1)
        turns.append("first")
    thread.join()
    assert turns == ["first", "second"]


def test_homes_are_locked_each_for_itself_and_made_where_they_are_not(tmp_path: Path) -> None:
    with writer_lock(tmp_path / "a" / "b", 0), writer_lock(tmp_path / "c", 0):
        assert (tmp_path / "a" / "b").is_dir()
