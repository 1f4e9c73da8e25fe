"""Which source reads a path: the table of formats."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from indexer.item import Item, Refusal
from indexer.sources.html_page import read_html
from indexer.sources.jsonl import read_gzip, read_json, read_jsonl
from indexer.sources.page import LARGEST_PAGE, Page
from indexer.sources.text_page import read_text
from search.errors import InvalidValue, Unavailable

Source = Callable[[BinaryIO, str], Iterator[Item | Refusal]]
Advance = Callable[[int], None]

GZIPPED = b"\x1f\x8b"  # how gzip begins: RFC 1952, 2.3.1


def html_page(stream: BinaryIO, origin: str) -> Iterator[Item | Refusal]:
    """One article page as HTML."""
    yield page_item(lambda: read_html(stream.read(LARGEST_PAGE + 1)), origin)


def text_page(stream: BinaryIO, origin: str) -> Iterator[Item | Refusal]:
    """One article page as plain text, the way a reader view copies it."""
    yield page_item(lambda: read_text(stream.read(LARGEST_PAGE + 1).decode("utf-8-sig")), origin)


SOURCES: dict[str, Source] = {
    ".jsonl": read_jsonl,
    ".jsonl.gz": read_gzip,
    ".ndjson": read_jsonl,
    ".ndjson.gz": read_gzip,
    ".json": read_json,
    ".html": html_page,
    ".htm": html_page,
    ".txt": text_page,
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files to read, and how many bytes they are: 0 where nobody knows, as with a pipe."""

    files: tuple[Path, ...]
    size: int

    def items(self, advance: Advance) -> Iterator[Item | Refusal]:
        """Every record of every file in order; `advance` is told the bytes read so far."""
        done = 0
        for file in self.files:
            if str(file) == "-":
                yield from _piped(sys.stdin.buffer, "stdin")  # type: ignore[arg-type]
                continue
            if file.is_fifo():
                with file.open("rb") as pipe:
                    yield from _piped(pipe, str(file))
                continue
            with file.open("rb") as stream:
                for found in _source(file)(stream, str(file)):
                    advance(done + stream.tell())
                    yield found
            done += file.stat().st_size
            advance(done)


def inputs(paths: tuple[Path, ...]) -> Inputs:
    """What to read for these paths: files, folders with all their articles below, `-` or a pipe for JSON lines.

    Raises InvalidValue for a file of no known format, Unavailable for a path that is not there.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(file for file in path.rglob("*") if file.is_file() and _format(file) in SOURCES)
        elif str(path) == "-" or path.is_fifo():
            files.append(path)
        elif path.is_file():
            files.append(path)
            _source(path)
        else:
            raise Unavailable(f"there is no file or folder {path}")
    return Inputs(tuple(files), sum(file.stat().st_size for file in files if str(file) != "-" and file.is_file()))


def _piped(stream: BufferedReader, origin: str) -> Iterator[Item | Refusal]:
    read = read_gzip if stream.peek(len(GZIPPED)).startswith(GZIPPED) else read_jsonl
    return read(stream, origin)


def _format(file: Path) -> str:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    return "".join(suffixes[-2:]) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])


def _source(file: Path) -> Source:
    source = SOURCES.get(_format(file))
    if source is None:
        raise InvalidValue("file", str(file), f"a name that ends in {', '.join(SOURCES)}")
    return source


def page_item(read: Callable[[], Page], origin: str) -> Item | Refusal:
    """The item of a page that `read` gives, or why it is none."""
    try:
        page = read()
    except UnicodeDecodeError:
        return Refusal(origin, 1, "page", "text in another encoding", "UTF-8")
    except InvalidValue as error:
        return Refusal(origin, 1, error.field, error.value, error.allowed)
    record = {**page.record, "body": "\n\n".join(page.blocks)}
    return replace(Item(record, origin, 1), site=page.site, blocks=page.blocks)
