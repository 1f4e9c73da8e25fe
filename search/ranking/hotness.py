"""Hotness: what readers go to now, and whether it is more than was to be expected.

Views fade by half every quarter of the window, so that nothing falls off its end at once. A publication counts as one
view that fades by half every two days: on a first day without readers, dates and the growth of stories order the list.

Whether more came than was expected is asked of the square roots of counts, whose deviation is about 1/2 whatever the
counts (Anscombe 1948, "The transformation of Poisson, binomial and negative-binomial data").
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

import numpy as np

from search.article import ArticleId
from search.ranking.candidates import Candidates

OLDEST_HOT = timedelta(days=30)  # before the archive's newest article: what is older is not news, whoever reads it
FADING = 4  # half-lives in a window: what was read at its beginning counts a sixteenth
PUBLICATION_HALF_LIFE = timedelta(days=2)
FEWEST_VIEWS = 10  # in an hour or two, below which nothing rises: a few readers decide nothing
LEAST_RISE = 2.0  # times what was expected
LEAST_DEVIATIONS = 3.0
MIX = 0.7  # of its score counts an article after one of its section, where nothing is read


@dataclass(frozen=True, slots=True)
class Traffic:
    """How often an article was viewed: within a window, the same faded, and since the hour before this one began."""

    views: int = 0
    faded: float = 0.0
    recent: int = 0

    @property
    def past(self) -> int:
        """The views that are not recent."""
        return self.views - self.recent

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.views + other.views, self.faded + other.faded, self.recent + other.recent)


@dataclass(frozen=True, slots=True)
class Readership:
    """The traffic of the most read articles, and how many hours are recent and how many were before, in the window."""

    traffic: Mapping[ArticleId, Traffic] = field(default_factory=dict)
    recent_hours: float = 1.0
    past_hours: float = 1.0


# The readership of a window until a time.
Reading: TypeAlias = Callable[[timedelta, datetime], Readership]


def nobody(window: timedelta, now: datetime) -> Readership:
    """The readership where no reader is counted."""
    return Readership()


def is_rising(recent: int, expected: float) -> bool:
    """Whether so many views are more than were expected: twice as many, and beyond chance.

    >>> is_rising(30, expected=10.0), is_rising(11, expected=6.0), is_rising(9, expected=0.0)
    (True, False, False)
    """
    deviations = 2 * (math.sqrt(recent) - math.sqrt(expected))
    return recent >= max(FEWEST_VIEWS, LEAST_RISE * expected) and deviations >= LEAST_DEVIATIONS


def swell(recent: int, past: int, readership: Readership) -> float:
    """How many times as much is read now as in the past, 1 or more: mornings, and sites that have just begun to count.

    >>> swell(recent=30, past=100, readership=Readership({}, recent_hours=1.0, past_hours=100.0))
    30.0
    """
    return max(1.0, (recent / readership.recent_hours) / (past / readership.past_hours)) if past else 1.0


def mixed(candidates: Candidates, sections: Mapping[ArticleId, str]) -> Candidates:
    """The candidates, each score times `MIX` for every better one of the same section."""
    before: Counter[str] = Counter()
    factor = np.empty(len(candidates))
    for place in candidates.order().tolist():
        section = sections.get(candidates.ids[place], "")
        factor[place] = MIX ** before[section]
        before[section] += 1
    return candidates.times("mix", factor)
