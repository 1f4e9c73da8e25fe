"""Writing files so that they are there after a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def write_durably(file: Path) -> Iterator[BinaryIO]:
    """A stream to a new file, on the disk when the block ends. Raises OSError, naming it, where there is no room."""
    try:
        with file.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        error.filename = error.filename or str(file)
        raise


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable: what was created, renamed and removed there."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_durably(file: Path, text: str) -> None:
    """Changes a small file in one step: readers see the old text or the new, never a part."""
    fresh = file.with_name(file.name + ".new")
    with write_durably(fresh) as stream:
        stream.write(text.encode())
    fresh.rename(file)
    sync_folder(file.parent)
