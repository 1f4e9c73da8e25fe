"""Which generations stay: going back to the one before, and dropping old ones. The ledger is not touched."""

from indexer.lock import PATIENCE_SECONDS, writer_lock
from search.engines.local.generation import drop_outdated, live_folder
from search.engines.local.hold import go_back
from search.errors import InvalidValue
from search.settings import Settings


def roll_back(settings: Settings, patience_seconds: float = PATIENCE_SECONDS) -> tuple[str, str]:
    """Makes the generation before the live one live until the next rebuild; returns the names of both, the left first.

    What the ledger holds beyond it stays there: withdrawals and embargoes bind at once, everything else shows after the
    rebuild. Raises Unavailable where there is none before, Corrupt where that one is damaged.
    """
    with writer_lock(settings.home, patience_seconds):
        return go_back(settings.index)


def prune(settings: Settings, kept: int, patience_seconds: float = PATIENCE_SECONDS) -> tuple[str, list[str]]:
    """Drops all generations but the live one and those before it, `kept` in all; returns the live one and the dropped.

    Who reads a dropped one reads on. Raises Unavailable before the first publish.
    """
    if kept < 1:
        raise InvalidValue("keep", kept, "1 or more")
    with writer_lock(settings.home, patience_seconds):
        return live_folder(settings.index).name, drop_outdated(settings.index, kept)
