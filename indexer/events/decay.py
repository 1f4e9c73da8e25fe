"""Forward decay: sums that fade, at constant work an event and in any order of arrival.

An event weighs 2^(its time / half-life), counted from a fixed moment on, and a sum never changes as time goes by; only
who reads it divides by 2^(now / half-life) (Cormode, Shkapenyuk, Srivastava and Xu 2009, "Forward decay"). The weights
grow without bound, so a sum is kept as its logarithm to base 2, its *heat*: of two sums the hotter is the larger at any
time, and no number overflows.
"""

import math
from datetime import datetime, timedelta

from search.result import EPOCH

HALF_LIFE = timedelta(days=7)  # of views and of queries: "this week"
NO_HEAT = -math.inf  # of nothing


def heat_of(at: datetime) -> float:
    """The heat of one event: half-lives from 1970 on."""
    return (at - EPOCH) / HALF_LIFE


def joined(heat: float, other: float) -> float:
    """The heat of two sums together.

    >>> joined(3.0, 3.0), joined(NO_HEAT, 3.0)
    (4.0, 3.0)
    """
    high, low = max(heat, other), min(heat, other)
    return high if low == NO_HEAT else high + math.log2(1 + 2 ** (low - high))


def amount(heat: float, now: datetime) -> float:
    """The faded sum at `now`, from 0: an event counts 1 when it comes, 0.5 a half-life later.

    >>> amount(heat_of(EPOCH), EPOCH + HALF_LIFE)
    0.5
    """
    return float(2 ** (heat - heat_of(now)))
