"""JSON lines, plain or gzipped, of any length in constant memory; and a JSON file of one article or a list."""

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from indexer.item import Item, Refusal
from search.errors import shortened

LONGEST_LINE = 8_000_000  # bytes: one article of the longest body, in its most wasteful escapes
LARGEST_JSON = 64_000_000  # bytes of a file that is one JSON value


def read_jsonl(stream: BinaryIO, origin: str) -> Iterator[Item | Refusal]:
    """The record of every line, or why it is none. Blank lines are passed over."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            yield Refusal(origin, number, "line", f"longer than {LONGEST_LINE:,} bytes", "shorter ones")
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
        elif line.strip():
            yield _item(line, origin, number)


def read_gzip(stream: BinaryIO, origin: str) -> Iterator[Item | Refusal]:
    """JSON lines under gzip; what is damaged is refused from where the damage starts."""
    number = 0
    with gzip.open(stream) as unpacked:
        try:
            for found in read_jsonl(unpacked, origin):  # type: ignore[arg-type]
                number = found.line
                yield found
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            yield Refusal(origin, number + 1, "line", shortened(str(error)), "whole gzip data")


def read_json(stream: BinaryIO, origin: str) -> Iterator[Item | Refusal]:
    """One article, or a list of articles whose lines are their places in it."""
    data = stream.read(LARGEST_JSON + 1)
    if len(data) > LARGEST_JSON:
        yield Refusal(origin, 1, "file", f"larger than {LARGEST_JSON:,} bytes", "JSON lines for what is larger")
        return
    value = _value(data, origin, 1)
    if isinstance(value, Refusal):
        yield value
        return
    for number, record in enumerate(value if isinstance(value, list) else [value], start=1):
        yield _checked(record, origin, number)


def _item(data: bytes, origin: str, number: int) -> Item | Refusal:
    value = _value(data, origin, number)
    return value if isinstance(value, Refusal) else _checked(value, origin, number)


def _value(data: bytes, origin: str, number: int) -> object | Refusal:
    try:
        value: object = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Refusal(origin, number, "line", shortened(data[error.start : error.start + 20]), "UTF-8")
    except (ValueError, RecursionError) as error:
        return Refusal(origin, number, "line", shortened(str(error)), "JSON")
    return value


def _checked(value: object, origin: str, number: int) -> Item | Refusal:
    if not isinstance(value, dict):
        return Refusal(origin, number, "line", shortened(value), "a JSON object, one article")
    return Item(value, origin, number)
