"""The lines of a text file of judgments or events, each known by its place, none without limit."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from io import BufferedIOBase
from pathlib import Path

from search.errors import InvalidValue, Unavailable

LONGEST_LINE = 100_000  # bytes: a whole article may serve as a query
MOST_LINES = 1_000_000  # they are held in memory


def numbered_lines(file: Path, most_lines: int | None = MOST_LINES) -> Iterator[tuple[str, str]]:
    """The place ("queries.jsonl:3") and text of every line that is not blank; a file named .gz is unpacked.

    Raises Unavailable where there is no file, InvalidValue for too long a line or file, or one that is not UTF-8.
    """
    if not file.is_file():
        raise Unavailable(f"there is no file {file}")
    with gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as stream:
        number = 0
        while line := _line(stream, f"{file}:{number + 1}"):
            number += 1
            place = f"{file}:{number}"
            if len(line) > LONGEST_LINE:
                raise InvalidValue(f"{place}: line", f"{len(line):,} bytes or more", f"at most {LONGEST_LINE:,} bytes")
            if most_lines is not None and number > most_lines:
                raise InvalidValue(f"{place}: file", f"{number:,} lines or more", f"at most {most_lines:,} lines")
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise InvalidValue(f"{place}: line", line[error.start : error.start + 20], "UTF-8") from error
            if text.strip():
                yield place, text


def rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The place and cells of every row of a tab-separated file, whose first line must name just these columns."""
    lines = numbered_lines(file)
    place, header = next(lines, (f"{file}:1", ""))
    if [name.strip() for name in header.split("\t")] != list(columns):
        raise InvalidValue(f"{place}: header", header, f"{', '.join(columns)}, parted by tabs")
    for place, line in lines:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(columns):
            raise InvalidValue(f"{place}: row", line, f"{len(columns)} cells parted by tabs: {', '.join(columns)}")
        for name, cell in zip(columns, cells, strict=True):
            if not cell:
                raise InvalidValue(f"{place}: {name}", cell, "not empty")
        yield place, cells


def _line(stream: BufferedIOBase, place: str) -> bytes:
    try:
        return stream.readline(LONGEST_LINE + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InvalidValue(f"{place}: line", str(error), "whole gzip data") from error
