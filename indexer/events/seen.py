"""What was seen how often, in memory that does not grow: a count-min sketch (Cormode and Muthukrishnan 2005).

Each key has a cell in each of four rows; its count is the least of the four, so that it is never too low, and too high
only where other keys share all four cells. Only the lowest cells are raised (conservative update, Estan and Varghese
2002). Of new keys one in 1,000 is taken for one seen before while 1 million are counted, one in 20 while it fills.
"""

from struct import Struct

CELLS = 2**22  # of a row: 4 MB
ROWS = 4
DIGEST_BYTES = 4 * ROWS
_PLACES = Struct(f"<{ROWS}I")


class Seen:
    """Counts of keys, 0 to 255 each."""

    def __init__(self, cells: int = CELLS) -> None:
        self._cells = cells
        self._rows = [bytearray(cells) for _ in range(ROWS)]
        self._counted = 0

    @property
    def is_full(self) -> bool:
        """Whether as much was counted as there are cells in a row: beyond, too much is taken for seen before."""
        return self._counted >= self._cells

    def holds(self, digest: bytes) -> bool:
        """Whether a key was counted."""
        return all(row[place % self._cells] for row, place in zip(self._rows, _PLACES.unpack(digest), strict=True))

    def admits(self, digest: bytes, most: int) -> bool:
        """Whether a key was counted fewer than `most` times, at most 255; then it is counted once more.

        `digest` is the key hashed to 16 bytes.
        """
        places = [place % self._cells for place in _PLACES.unpack(digest)]
        least = min(row[place] for row, place in zip(self._rows, places, strict=True))
        if least >= most:
            return False
        self._counted += 1
        for row, place in zip(self._rows, places, strict=True):
            if row[place] == least:
                row[place] += 1
        return True
