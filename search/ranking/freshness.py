"""Freshness: how much its age takes from an article's score, at most a stated share.

Exponential decay, as time-based language models have it (Li and Croft 2003); bounded, so that no age buries what
answers best. How much age may take depends on how much the query asks for news (recency ranking: Dong et al. 2010).
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from search.ranking.candidates import Scores
from search.result import UNKNOWN_TIME, microseconds

MICROSECOND = timedelta(microseconds=1)

# Judgments seldom ask how new an answer is: these are the weights that cost those of TIME nothing (docs/ranking.md).
PLAIN_WEIGHT = 0.05  # the share of a score that age can take from a query that says nothing of time
BURST_WEIGHT = 0.1  # from one whose best answers are new
NEWS_WEIGHT = 0.3  # from one that asks for news, or for a year

NEWS_WORDS = frozenset("breaking latest newest news recent recently today tonight update updates yesterday".split())
YEAR = re.compile(r"(?:1[89]|20)\d\d")
BURST_AGE = timedelta(days=2)
BURST_DEPTH = 20  # of the best answers, among which
BURST_COUNT = 5  # so many that are this new make a breaking story


@dataclass(frozen=True, slots=True)
class HalfLives:
    """After how long an article's freshness is halved: by section, None for one whose articles do not age."""

    default: timedelta
    of_sections: Mapping[str, timedelta | None] = field(default_factory=dict)  # by name, as `facet_key` writes it

    def of(self, sections: Sequence[str]) -> Scores:
        """Those of sections, in microseconds; infinite for one whose articles do not age.

        >>> HalfLives(timedelta(days=1), {"recipes": None}).of(["sport", "recipes"]).tolist()
        [86400000000.0, inf]
        """
        each = [self.of_sections.get(section, self.default) for section in sections]
        return np.array([math.inf if life is None else life / MICROSECOND for life in each])


@dataclass(frozen=True, slots=True)
class Recency:
    """What a query asks of time: which stretch, in microseconds since 1970, and what share of a score hangs on it."""

    first: int
    last: int
    weight: float


def freshness(published: NDArray[np.int64], first: int, last: int, half_life: Scores | float) -> Scores:
    """How near in time articles are to a stretch of it, before or after, in [0, 1]: halves with every `half_life`.

    All are microseconds, times since 1970. An article of unknown date is old; one whose half-life is infinite never.

    >>> day = 86_400_000_000
    >>> freshness(np.array([0, 2 * day, 4 * day, UNKNOWN_TIME]), 2 * day, 3 * day, day).tolist()
    [0.25, 1.0, 0.5, 0.0]
    """
    distance = np.maximum(np.maximum(first - published, published - last), 0)
    fresh = np.exp2(-(distance / half_life))
    return np.where((published == UNKNOWN_TIME) & np.isfinite(half_life), 0.0, fresh)


def aged(fresh: Scores, weight: float) -> Scores:
    """What age leaves of a score, where it takes at most the share `weight`, 0 to 1.

    >>> aged(np.array([1.0, 0.0]), weight=0.2).tolist()
    [1.0, 0.8]
    """
    return 1 - weight * (1 - fresh)


def recency(words: Iterable[str], best: Sequence[int], newest: int) -> Recency:
    """What a query asks of time: its year, else what is new, the more if it says so or if its best answers are.

    `best` are the publication times of the best answers, best first. Age is counted to `newest`, the time of the
    archive's last article, and not to the clock: so every page has one order, and a rebuild gives it again.

    >>> recency(["ferry"], [], 0).weight, recency(["Latest", "ferry"], [], 0).weight
    (0.05, 0.3)
    >>> year = recency(["floods", "2013"], [], 0)
    >>> year.first == microseconds(datetime(2013, 1, 1, tzinfo=UTC)), year.weight
    (True, 0.3)
    """
    asked = [word.lower() for word in words]
    years = [int(word) for word in asked if YEAR.fullmatch(word)]
    if years:
        first, after = datetime(min(years), 1, 1, tzinfo=UTC), datetime(max(years) + 1, 1, 1, tzinfo=UTC)
        return Recency(microseconds(first), microseconds(after) - 1, NEWS_WEIGHT)
    burst_begins = newest - BURST_AGE // MICROSECOND
    is_burst = sum(burst_begins <= published <= newest for published in best[:BURST_DEPTH]) >= BURST_COUNT
    if newest == UNKNOWN_TIME:
        return Recency(newest, newest, PLAIN_WEIGHT)
    if not NEWS_WORDS.isdisjoint(asked):
        return Recency(newest, newest, NEWS_WEIGHT)
    return Recency(newest, newest, BURST_WEIGHT if is_burst else PLAIN_WEIGHT)
