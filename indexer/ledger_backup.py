"""Copying the ledger while it is in use: of a file that is written ahead, `cp` may take half a change."""

import os
from pathlib import Path

from indexer.ledger import Ledger
from search.engines.local.durable import sync_folder
from search.errors import Corrupt, InvalidValue

LOGS = ("-wal", "-shm")  # that SQLite keeps beside a file, and would read into one that took its place


def back_up(source: Path, file: Path) -> tuple[int, int]:
    """Copies a ledger as it is at one moment; returns its latest change and how many bytes the copy has.

    `file` is replaced in one step, when the copy is whole and on the disk: until then, and where that fails, it is as
    it was. Raises InvalidValue for a file that cannot be, Unavailable where there is no room, Corrupt for damage.
    """
    if file.resolve() == source.resolve() or not file.parent.is_dir():
        raise InvalidValue("FILE", str(file), "a file in a folder that is there, and not the ledger itself")
    fresh = file.with_name(f"{file.name}.new")
    _remove(fresh)
    try:
        with Ledger(source) as ledger:
            ledger.copy(fresh)
        with Ledger(fresh) as copy:
            if found := copy.damage():
                raise Corrupt(f"the ledger is damaged, so no copy was kept: {found[0]}")
            sequence = copy.sequence()
        with fresh.open("rb") as stream:
            os.fsync(stream.fileno())
        _remove(file, LOGS)  # what is left of whoever looked into the last copy is not of this one
        fresh.rename(file)
        sync_folder(file.parent)
    finally:
        _remove(fresh)
    return sequence, file.stat().st_size


def _remove(file: Path, suffixes: tuple[str, ...] = ("", *LOGS)) -> None:
    for suffix in suffixes:
        file.with_name(file.name + suffix).unlink(missing_ok=True)
