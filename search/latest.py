"""What was made last, given again while what it is made from is the same: hot articles are one list for many pages."""

from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Latest(Generic[Made]):
    """One thing and what it was made from. Many threads may ask: two may make the same, and none gets another's."""

    def __init__(self) -> None:
        self._kept: tuple[object, Made] | None = None

    def of(self, source: object, make: Callable[[], Made]) -> Made:
        """What `make` makes of `source`, which says all that it depends on.

        >>> latest = Latest[list[int]]()
        >>> latest.of("a", lambda: [1]) is latest.of("a", lambda: [2]), latest.of("b", lambda: [3])
        (True, [3])
        """
        kept = self._kept
        if kept is None or kept[0] != source:
            kept = self._kept = source, make()
        return kept[1]
