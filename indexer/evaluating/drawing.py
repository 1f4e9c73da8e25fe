"""Drawing by lot without a generator: by a hash of the id, so that what else is in the hat changes nothing."""

import hashlib
from collections.abc import Iterable


def lot(id_: str, purpose: str) -> float:
    """A number in [0, 1) that is the same for an id every time, and for another purpose another.

    >>> round(lot("q01", "fitted"), 3), round(lot("q01", "sample"), 3)
    (0.191, 0.468)
    """
    digest = hashlib.sha256(f"{purpose}\n{id_}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def draw(ids: Iterable[str], most: int) -> list[str]:
    """At most so many of the ids, those with the smallest lots, in the order of their lots."""
    return sorted(ids, key=lambda id_: (lot(id_, "sample"), id_))[:most]
