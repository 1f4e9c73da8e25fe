"""How far a mean over queries can be trusted: 95% intervals by the bootstrap."""

from collections.abc import Sized
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.errors import InvalidValue

RESAMPLES = 10_000  # the ends of an interval then move by less than a hundredth of its width
SEED = 2026
PERCENTILES = (2.5, 97.5)
FEWEST_QUERIES = 2  # one query says nothing about the next


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, and between which values it lies with 95% confidence."""

    mean: float
    low: float
    high: float

    def rounded(self) -> dict[str, float]:
        """For programs: four decimals."""
        return {"mean": round(self.mean, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


def checked_count(queries: Sized) -> int:
    """How many there are. Raises InvalidValue for fewer than two."""
    if len(queries) < FEWEST_QUERIES:
        raise InvalidValue("judged queries", len(queries), f"at least {FEWEST_QUERIES}")
    return len(queries)


def estimates(values: NDArray[np.float64], seed: int = SEED) -> list[Estimate]:
    """The mean of every column, with its percentile bootstrap interval over the rows (Efron and Tibshirani 1993, 13.3).

    Rows are queries, and each resample draws whole rows: columns are paired. A column of differences of two systems
    thus gets the interval of the paired bootstrap (Sakai 2006, "Evaluating evaluation metrics based on the
    bootstrap"). The same seed gives the same intervals. Raises InvalidValue for fewer than two rows.

    >>> estimates(np.array([[1.0], [1.0], [1.0]]))
    [Estimate(mean=1.0, low=1.0, high=1.0)]
    """
    count = checked_count(values)
    generator = np.random.default_rng(seed)
    draws = (np.bincount(generator.integers(count, size=count), minlength=count) for _ in range(RESAMPLES))
    means = np.stack([times.astype(float) @ values for times in draws]) / count
    low, high = np.percentile(means, PERCENTILES, axis=0)
    return [Estimate(*map(float, each)) for each in zip(values.mean(axis=0), low, high, strict=True)]
