"""What a process holds, told apart by whose it is."""

import os
from pathlib import Path

from benchmarks.memory import Memory, descendants, of_disk, resident, told


def test_shared_memory_is_a_processs_own_and_mapped_files_are_not() -> None:
    status = "Name:\tpython\nVmRSS:\t 4000 kB\nRssAnon:\t 2000 kB\nRssFile:\t 1000 kB\nRssShmem:\t 1000 kB\n"
    assert told(status) == Memory(own=3.1, files=1.0)


def test_growth_is_what_came_since() -> None:
    assert Memory(5.0, 7.5).since(Memory(3.0, 7.0)) == Memory(2.0, 0.5)


def test_this_process_holds_something_and_is_among_its_descendants() -> None:
    assert min(resident()) > 0
    assert descendants(os.getpid())[0] == os.getpid()


def test_a_folder_is_as_large_as_the_files_in_it(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "one").write_bytes(b"1" * 1_500_000)
    (tmp_path / "two").write_bytes(b"2" * 500_000)
    assert (of_disk(tmp_path), of_disk(tmp_path / "two")) == (2.0, 0.5)
