"""A rate: how many of how many, and between which shares the truth lies."""

import math
from dataclasses import dataclass

Z = 1.959964  # standard deviations of the normal distribution that hold 95%


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, which is 0 at least; more than there are count as all."""

    count: int
    of: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", min(self.count, self.of))

    @property
    def share(self) -> float:
        """From 0 to 1; 0 of nothing."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the share, by Wilson's score (1927, "Probable inference"); of nothing, all there is.

        Unlike the share ± 1.96 deviations it stays within 0 and 1, and says something of 0 of 20.

        >>> [round(end, 3) for end in Rate(0, 20).interval], [round(end, 3) for end in Rate(50, 1000).interval]
        ([0.0, 0.161], [0.038, 0.065])
        """
        if not self.of:
            return 0.0, 1.0
        spread = Z * Z / self.of
        middle = self.share + spread / 2
        reach = math.sqrt(self.share * (1 - self.share) * spread + spread * spread / 4)
        low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
        return max(low, 0.0) if self.count else 0.0, min(high, 1.0) if self.count < self.of else 1.0
