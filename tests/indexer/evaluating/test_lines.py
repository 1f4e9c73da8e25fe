import gzip
from pathlib import Path

import pytest

from indexer.evaluating.lines import MOST_LINES, numbered_lines
from search.errors import InvalidValue


def test_lines_of_a_gzipped_file_are_those_of_the_file_unpacked(tmp_path: Path) -> None:
    plain, packed = tmp_path / "events.jsonl", tmp_path / "events.jsonl.GZ"
    plain.write_bytes("\ufeffone\r\n\nthree".encode())
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(numbered_lines(plain)) == [(f"{plain}:1", "one"), (f"{plain}:3", "three")]
    assert list(numbered_lines(packed)) == [(f"{packed}:1", "one"), (f"{packed}:3", "three")]


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(b"one\n" * 9)[:-9], gzip.compress(b"a\n")[:-8] + b"\0" * 8])
def test_damaged_gzip_is_told_by_file_and_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "events.gz").write_bytes(data)
    with pytest.raises(InvalidValue, match=r"events.gz:\d+: line is .*, allowed: whole gzip data"):
        list(numbered_lines(tmp_path / "events.gz"))


def test_a_log_may_be_longer_than_a_file_of_judgments(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl.gz"
    file.write_bytes(gzip.compress(b"a\n" * (MOST_LINES + 1), 1))
    assert sum(1 for _ in numbered_lines(file, most_lines=None)) == MOST_LINES + 1
    with pytest.raises(InvalidValue, match=":1000001: file is '1,000,001 lines or more', allowed: at most 1,000,000"):
        list(numbered_lines(file))
