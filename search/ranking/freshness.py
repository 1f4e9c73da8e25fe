"""Freshness: how much its age takes from an article's score, at most a stated share.

Exponential decay, as time-based language models have it (Li and Croft 2003); bounded, so that no age buries what
answers best.
"""

from datetime import timedelta

from search.result import UNKNOWN_TIME

MICROSECOND = timedelta(microseconds=1)


def freshness(published: int, reference: int, half_life: timedelta) -> float:
    """How near in time an article is to `reference`, before or after it, in [0, 1]: halves with every `half_life`.

    Times are microseconds since 1970; an article of unknown date is old.

    >>> day = timedelta(days=1)
    >>> freshness(0, 2 * 86_400_000_000, half_life=day), freshness(UNKNOWN_TIME, 0, day)
    (0.25, 0.0)
    """
    if published == UNKNOWN_TIME:
        return 0.0
    return float(0.5 ** (abs(reference - published) * MICROSECOND / half_life))


def aged(score: float, fresh: float, weight: float) -> float:
    """A score of which age takes at most the share `weight`, 0 to 1.

    >>> aged(1.0, fresh=1.0, weight=0.2), aged(1.0, fresh=0.0, weight=0.2)
    (1.0, 0.8)
    """
    return score * (1 - weight * (1 - fresh))
