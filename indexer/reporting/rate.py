"""A rate: how many of how many, and between which shares the truth lies."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

Z = 1.959964  # standard deviations of the normal distribution that hold 95%


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, which is 0 at least; more than there are count as all."""

    count: int
    of: int
    effective: float | None = (
        None  # as how many independent ones they count for the interval; None: as many as they are
    )

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
        of = self.of if self.effective is None else self.effective
        if not of:
            return 0.0, 1.0
        spread = Z * Z / of
        middle = self.share + spread / 2
        reach = math.sqrt(self.share * (1 - self.share) * spread + spread * spread / 4)
        low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
        return max(low, 0.0) if self.count else 0.0, min(high, 1.0) if self.count < self.of else 1.0


def grouped(groups: Sequence[Rate]) -> Rate:
    """The rate of all groups together, where what is in one group may hang together.

    For the interval it counts as so many as would deviate as much if they were independent, by the jackknife: how far
    each group is from the share that the others have (Kish 1965, the design effect; Efron 1982). That is at most as
    many as they are, and as many as there are groups where all say the same.

    >>> alike, apart = grouped([Rate(5, 10), Rate(5, 10)]), grouped([Rate(10, 10), Rate(0, 10), Rate(10, 10)])
    >>> round(alike.effective, 2), round(apart.effective, 2)
    (20, 1.33)
    """
    groups = [group for group in groups if group.of]
    rate = Rate(sum(group.count for group in groups), sum(group.of for group in groups))
    if rate.count in (0, rate.of):
        return replace(rate, effective=len(groups))
    if len(groups) < 2:
        return replace(rate, effective=1)
    deviations = ((group.count - rate.share * group.of) / (rate.of - group.of) for group in groups)
    variance = sum(deviation**2 for deviation in deviations)
    independent = rate.share * (1 - rate.share) / variance if variance else rate.of
    return replace(rate, effective=min(independent, rate.of))
