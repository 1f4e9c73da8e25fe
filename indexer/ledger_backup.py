"""Copying the ledger while it is in use: of a file that is written ahead, `cp` may take half a change."""

import os
from pathlib import Path

from indexer.ledger import Ledger
from search.engines.local.durable import sync_folder
from search.errors import Corrupt, InvalidValue


def back_up(source: Path, file: Path) -> tuple[int, int]:
    """Copies a ledger as it is at one moment; returns its latest change and how many bytes the copy has.

    `file` is replaced in one step, when the copy is whole and on the disk: until then, and where that fails, it is as
    it was. Raises InvalidValue for a file that cannot be, Unavailable where there is no room, Corrupt for damage.
    """
    if file.resolve() == source.resolve() or not file.parent.is_dir():
        raise InvalidValue("FILE", str(file), "a file in a folder that is there, and not the ledger itself")
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        with Ledger(source) as ledger:
            ledger.copy(fresh)
        with Ledger(fresh) as copy:
            if found := copy.damage():
                raise Corrupt(f"the ledger is damaged, so no copy was kept: {found[0]}")
            sequence = copy.sequence()
        with fresh.open("rb") as stream:
            os.fsync(stream.fileno())
        fresh.rename(file)
        sync_folder(file.parent)
    finally:
        for suffix in ("", "-wal", "-shm"):
            fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    return sequence, file.stat().st_size
