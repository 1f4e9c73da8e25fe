import gzip
import io
import json
import tracemalloc
from typing import Any

import pytest

from indexer.item import Item, Refusal
from indexer.sources.jsonl import LARGEST_JSON, LONGEST_LINE, read_gzip, read_json, read_jsonl


def lines(data: bytes) -> list[Item | Refusal]:
    return list(read_jsonl(io.BytesIO(data), "a.jsonl"))


def item(id_: str, line: int, origin: str = "a.jsonl") -> Item:
    return Item({"id": id_}, origin, line)


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": "a"}\n{"id": "b"}\n',
        b'{"id": "a"}\n{"id": "b"}',
        b'{"id": "a"}\r\n{"id": "b"}\r\n',
        b'\xef\xbb\xbf{"id": "a"}\n{"id": "b"}\n',
        b'\t{"id":"a"} \n  {"id" : "b"}\n',
    ],
)
def test_every_line_is_a_record(data: bytes) -> None:
    assert lines(data) == [item("a", 1), item("b", 2)]


def test_blank_lines_are_passed_over_and_counted() -> None:
    assert lines(b'\n{"id": "a"}\n \r\n\t\n{"id": "b"}\n\n') == [item("a", 2), item("b", 5)]


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n \n"])
def test_a_file_without_records_is_no_error(data: bytes) -> None:
    assert lines(data) == []


@pytest.mark.parametrize(
    ("bad", "value", "allowed"),
    [
        (b"{id: 1}", "'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'", "JSON"),
        (b'{"id": "b"} x', "'Extra data: line 1 column 13 (char 12)'", "JSON"),
        (b"42", "42", "a JSON object, one article"),
        (b'["b"]', "['b']", "a JSON object, one article"),
        (b"null", "None", "a JSON object, one article"),
        (b"NaN", "nan", "a JSON object, one article"),
        (b'{"id": "M\xfcnster"}', "b'\\xfcnster\"}\\n'", "UTF-8"),
        (b'{"id": "\xed\xa0\x80"}', "b'\\xed\\xa0\\x80\"}\\n'", "UTF-8"),
        (
            b"[" * 100_000,
            "'maximum recursion depth exceeded while decoding a JSON array from a unicode s…'",
            "JSON",
        ),
    ],
)
def test_a_line_that_is_no_record_is_refused_by_its_number_and_the_next_is_read(
    bad: bytes, value: str, allowed: str
) -> None:
    data = b'{"id": "a"}\n\n' + bad + b'\n{"id": "c"}\n'
    assert lines(data) == [item("a", 1), Refusal("a.jsonl", 3, "line", value, allowed), item("c", 4)]


def test_an_integer_too_long_for_python_is_refused() -> None:
    (refusal,) = lines(b'{"id": ' + b"9" * 5_000 + b"}")
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.field, refusal.allowed) == (1, "line", "JSON")


def test_a_line_of_nothing_but_nul_bytes_is_refused() -> None:
    (refusal,) = lines(b"\x00" * 512)
    assert isinstance(refusal, Refusal)


class Counted(io.BytesIO):
    """A stream that knows the longest line it was asked for."""

    longest = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0
        line = super().readline(size)
        self.longest = max(self.longest, len(line))
        return line


@pytest.mark.parametrize("excess", [1, LONGEST_LINE, LONGEST_LINE + 1])
def test_an_overlong_line_is_skipped_in_bounded_reads_and_the_next_is_read(excess: int) -> None:
    long = b'{"id": "' + b"x" * (LONGEST_LINE + excess - 10) + b'"}'
    stream = Counted(b'{"id": "a"}\n' + long + b'\n{"id": "c"}\n')
    refusal = Refusal("a.jsonl", 2, "line", "longer than 8,000,000 bytes", "shorter ones")
    assert list(read_jsonl(stream, "a.jsonl")) == [item("a", 1), refusal, item("c", 3)]
    assert stream.longest == LONGEST_LINE + 1


def test_an_overlong_last_line_is_refused_once() -> None:
    (refusal,) = lines(b"x" * (2 * LONGEST_LINE + 2))
    assert isinstance(refusal, Refusal)


class Endless(io.RawIOBase):
    """Lines made as they are read: a file that was never anywhere whole."""

    def __init__(self, line: bytes, count: int) -> None:
        self._line, self._left = line, count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        count = min(len(view) // len(self._line), self._left)
        view[: count * len(self._line)] = self._line * count
        self._left -= count
        return count * len(self._line)


def test_memory_does_not_grow_with_the_length_of_the_file() -> None:
    line = json.dumps({"id": "a", "title": "Storm", "body": "x" * 400}).encode() + b"\n"
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_jsonl(io.BufferedReader(Endless(line, 50_000)), "a.jsonl"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 50_000
    assert peak < 1_000_000  # bytes, of a file of 23 MB


def unpacked(data: bytes) -> list[Item | Refusal]:
    return list(read_gzip(io.BytesIO(data), "a.jsonl.gz"))


def test_gzip_gives_the_records_of_what_it_holds_in_one_member_or_more() -> None:
    first, second = gzip.compress(b'{"id": "a"}\n'), gzip.compress(b'\n{"id": "b"}\n')
    assert unpacked(first + second) == [item("a", 1, "a.jsonl.gz"), item("b", 3, "a.jsonl.gz")]


def test_an_empty_gzip_file_holds_no_records() -> None:
    assert unpacked(gzip.compress(b"")) == []


def test_what_is_not_gzip_is_refused() -> None:
    refusal = Refusal("a.jsonl.gz", 1, "line", repr("Not a gzipped file (b'no')"), "whole gzip data")
    assert unpacked(b"no gzip at all") == [refusal]


def many_lines() -> bytes:
    """Lines that hardly compress, so that a cut in the middle of them is a cut in the middle of the file."""
    return b"".join(json.dumps({"id": f"{number * 7919 % 10_007}"}).encode() + b"\n" for number in range(5_000))


def test_gzip_cut_short_gives_what_stands_before_the_cut_and_one_refusal() -> None:
    data = gzip.compress(many_lines())
    *good, last = unpacked(data[: len(data) // 2])
    assert len(good) > 500
    assert good == list(read_jsonl(io.BytesIO(many_lines()), "a.jsonl.gz"))[: len(good)]
    value = "'Compressed file ended before the end-of-stream marker was reached'"
    assert last == Refusal("a.jsonl.gz", len(good) + 1, "line", value, "whole gzip data")


def test_gzip_overwritten_in_the_middle_is_refused_from_there() -> None:
    data = gzip.compress(many_lines())
    half = len(data) // 2
    *good, last = unpacked(data[:half] + bytes(64) + data[half + 64 :])
    assert len(good) > 500
    assert isinstance(last, Refusal)
    assert (last.line, last.field, last.allowed) == (good[-1].line + 1, "line", "whole gzip data")


def test_gzip_with_a_wrong_checksum_is_refused_at_its_end() -> None:
    data = gzip.compress(b'{"id": "a"}\n')
    last = unpacked(data[:-8] + bytes(8))[-1]
    assert isinstance(last, Refusal)
    assert last.allowed == "whole gzip data"


def values(data: bytes) -> list[Item | Refusal]:
    return list(read_json(io.BytesIO(data), "a.json"))


@pytest.mark.parametrize("data", [b'{"id": "a"}', b'[{"id": "a"}]', b'\xef\xbb\xbf\n{\n"id":\n"a"}\n'])
def test_a_json_file_is_one_article_or_a_list_of_them(data: bytes) -> None:
    assert values(data) == [item("a", 1, "a.json")]


def test_members_of_a_list_are_told_by_their_place() -> None:
    refusal = Refusal("a.json", 2, "line", "7", "a JSON object, one article")
    assert values(b'[{"id": "a"}, 7, {"id": "c"}]') == [
        item("a", 1, "a.json"),
        refusal,
        item("c", 3, "a.json"),
    ]


def test_an_empty_list_holds_no_records() -> None:
    assert values(b"[]") == []


@pytest.mark.parametrize(
    ("data", "value", "allowed"),
    [
        (b"", "'Expecting value: line 1 column 1 (char 0)'", "JSON"),
        (b'{"id": "a"}\n{"id": "b"}', "'Extra data: line 2 column 1 (char 12)'", "JSON"),
        (b"\xff\xfe{\x00", "b'\\xff\\xfe{\\x00'", "UTF-8"),
        (b'"a"', "'a'", "a JSON object, one article"),
    ],
)
def test_any_other_json_file_is_refused(data: bytes, value: str, allowed: str) -> None:
    assert values(data) == [Refusal("a.json", 1, "line", value, allowed)]


def test_a_json_file_above_the_limit_is_refused_unread() -> None:
    refusal = Refusal("a.json", 1, "file", "larger than 64,000,000 bytes", "JSON lines for what is larger")
    assert values(b" " * (LARGEST_JSON + 1)) == [refusal]
