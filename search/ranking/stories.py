"""Stories: articles about one event, found as they arrive.

Each article joins the story it is most like, or begins one, and stories that it shows to be alike become one:
agglomeration by centroids, in order of time, as in the detection of new events (Allan, Papka and Lavrenko 1998). How
alike they are is the cosine of their centroids less how crowded it is around their articles (CSLS: Conneau et al. 2018,
arXiv 1710.04087, section 2.3), so that one threshold serves archives of one subject and of many. What comes later makes
stories grow and become one, and never parts them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from search.article import ArticleId
from search.embedding.embedder import Vectors

STORY_LIKENESS = 0.11  # of an article and a story that it joins, and of two that become one: docs/recommendations.md
STORY_COSINE = 0.35  # of their articles on average: in an archive of few articles it is crowded nowhere
CROWD = 20  # the nearest to an article, whose mean cosine is how crowded it is there: 3 to 200 compared
STORY_WINDOW = timedelta(days=30)  # an article is compared with those of so long before and after it

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]

_WINDOW = STORY_WINDOW // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Leads:
    """Articles by number, the vectors of their leads, and when they were published: microseconds since 1970."""

    numbers: Rows
    vectors: Vectors
    times: Rows


@dataclass(frozen=True, slots=True)
class Stories:
    """Which story each article is of, by article number; `tell` fills it in.

    `names` are the numbers of the articles that stories are named after, the first of each. `nearest` are the cosines
    of the nearest to each article, in no order; 0 where there are fewer.
    """

    names: NDArray[np.int32]
    nearest: NDArray[np.float16]

    @classmethod
    def alone(cls, count: int) -> "Stories":
        """So many articles, each a story of its own.

        >>> Stories.alone(2).names.tolist()
        [0, 1]
        """
        return cls(np.arange(count, dtype=np.int32), np.zeros((count, CROWD), dtype=np.float16))


def tell(stories: Stories, around: Leads, arrived: Leads, ids: Sequence[ArticleId]) -> None:
    """Puts the articles that arrived into stories, in order of time, then id, beside those around, which are in theirs.

    `ids` says of every number whose it is. Of stories that become one, the name that is earlier in that order stays.
    """
    around, arrived = _in_order(around, ids), _in_order(arrived, ids)
    numbers = np.concatenate([around.numbers, arrived.numbers])
    vectors = np.concatenate([around.vectors, arrived.vectors])
    times = np.concatenate([around.times, arrived.times])
    cosines = arrived.vectors @ vectors.T
    near = [_near(around, arrived, row) for row in range(len(arrived.numbers))]
    crowding = _crowding(stories, numbers, cosines, near)
    told_at = dict(zip(numbers.tolist(), times.tolist(), strict=True))
    names, became = stories.names[numbers], dict[int, int]()
    for row, number in enumerate(arrived.numbers.tolist()):
        place = len(around.numbers) + row
        before = np.concatenate([np.arange(first, min(last, place)) for first, last in near[row]])
        of_before = names[before]
        own, members = number, {number: np.array([place])}
        pairwise = cosines[row, before] - (crowding[before] + crowding[place]) / 2
        for name in np.unique(of_before[pairwise >= STORY_LIKENESS]).tolist():
            members[name] = before[of_before == name]
        likeness = {name: _likeness(vectors, crowding, members[own], members[name]) for name in members if name != own}
        for other in sorted(likeness, key=lambda name: (-likeness[name], name)):
            if _likeness(vectors, crowding, members[own], members[other]) >= STORY_LIKENESS:
                # a name that is not around is older than all that are
                first, later = sorted((own, other), key=lambda name: (name in told_at, told_at.get(name), ids[name]))
                members[first], own = np.concatenate([members[own], members[other]]), first
                names[names == later], became[later] = first, first
    stories.names[arrived.numbers] = names[len(around.numbers) :]
    _rename(stories, became)


def _rename(stories: Stories, became: Mapping[int, int]) -> None:
    """Gives all articles of stories that became others the names of those, also where they are not around."""
    renamed = np.arange(len(stories.names), dtype=np.int32)
    for name in became:
        last = became[name]
        while last in became:
            last = became[last]
        renamed[name] = last
    stories.names[:] = renamed[stories.names]


def _in_order(leads: Leads, ids: Sequence[ArticleId]) -> Leads:
    keys = [(time, ids[number]) for time, number in zip(leads.times.tolist(), leads.numbers.tolist(), strict=True)]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return Leads(leads.numbers[order], leads.vectors[order], leads.times[order])


def _near(around: Leads, arrived: Leads, row: int) -> list[tuple[int, int]]:
    """From where to where the articles lie in the window of one that arrived: of those around, and of all that came."""
    first, last = arrived.times[row] - _WINDOW, arrived.times[row] + _WINDOW
    there = len(around.numbers)
    return [
        (start + int(np.searchsorted(times, first)), start + int(np.searchsorted(times, last, side="right")))
        for start, times in ((0, around.times), (there, arrived.times))
    ]


def _crowding(stories: Stories, numbers: Rows, cosines: Floats, near: Sequence[Sequence[tuple[int, int]]]) -> Floats:
    """How crowded it is around each article, from the cosines of those that arrived, which come last, and all.

    What is nearest to each is remembered.
    """
    there = len(numbers) - len(cosines)
    others = np.zeros_like(cosines)
    for row, ranges in enumerate(near):
        for first, last in ranges:
            others[row, first:last] = cosines[row, first:last]
        others[row, there + row] = 0
    for rows, found in ((numbers[:there], others[:, :there].T), (numbers[there:], others)):
        known = np.concatenate([stories.nearest[rows].astype(np.float32), found], axis=1)
        stories.nearest[rows] = np.partition(known, -CROWD, axis=1)[:, -CROWD:]
    means: Floats = stories.nearest[numbers].mean(axis=1, dtype=np.float32)
    return means


def _likeness(vectors: Vectors, crowding: Floats, one: Rows, other: Rows) -> float:
    """The cosine of the centroids of two groups of articles, less how crowded it is around them.

    Below the least mean cosine of their articles it is -1.
    """
    mine, theirs = vectors[one].mean(axis=0), vectors[other].mean(axis=0)
    mean = float(mine @ theirs)
    if mean < STORY_COSINE:
        return -1.0
    crowded = float(crowding[one].mean() + crowding[other].mean()) / 2
    return mean / float(np.sqrt((mine @ mine) * (theirs @ theirs))) - crowded
