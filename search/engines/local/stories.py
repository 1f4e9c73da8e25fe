"""The stories of a generation: one file, from those of the generation before and the articles that came since."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from search.embedding.embedder import Vectors
from search.engines.local.columns import Columns
from search.engines.local.durable import write_durably
from search.ranking.stories import STORY_WINDOW, Leads, Rows, Stories, tell
from search.result import UNKNOWN_TIME

FILE = "stories/stories.npz"
BLOCK = 256  # articles that are compared at once

LeadsAt = Callable[[Rows], Vectors]  # the vectors of ascending numbers

_WINDOW = STORY_WINDOW // timedelta(microseconds=1)


def grown(columns: Columns, base: Columns, before: Stories, leads_at: LeadsAt) -> Stories:
    """The stories of all articles: those of `before` as they were, and what came since put into them.

    An article put again stays in its story. One of unknown date is a story of its own.
    """
    stories = Stories.alone(len(columns))
    stories.names[: len(base)], stories.nearest[: len(base)] = before.names, before.nearest
    is_new = columns.is_alive & (columns.published > UNKNOWN_TIME)
    is_new[: len(base)] = False
    for number in (np.flatnonzero(columns.is_alive[len(base) :]) + len(base)).tolist():
        earlier = base.number_of.get(columns.ids[number])
        if earlier is not None:
            stories.names[number], stories.nearest[number] = stories.names[earlier], stories.nearest[earlier]
            is_new[number] = False
    is_told = columns.is_alive & (columns.published > UNKNOWN_TIME) & ~is_new
    for block in _blocks(columns, np.flatnonzero(is_new)):
        first, last = columns.published[block].min(), columns.published[block].max()
        is_near = is_told & (columns.published >= first - _WINDOW) & (columns.published <= last + _WINDOW)
        around, arrived = (
            Leads(numbers, leads_at(numbers), columns.published[numbers])
            for numbers in (np.flatnonzero(is_near), block)
        )
        tell(stories, around, arrived, columns.ids)
        is_told[block] = True
    return stories


def _blocks(columns: Columns, numbers: Rows) -> Iterator[Rows]:
    """The articles in order of time, then id, so many at once as lie within the window; each block ascending."""
    times = columns.published
    order = sorted(numbers.tolist(), key=lambda number: (int(times[number]), columns.ids[number]))
    start = 0
    while start < len(order):
        block = np.array(order[start : start + BLOCK], dtype=np.int64)
        block = block[times[block] <= times[block[0]] + _WINDOW]
        yield np.sort(block)
        start += len(block)


def write_stories(folder: Path, stories: Stories) -> None:
    """Writes a generation's stories, durably."""
    (folder / "stories").mkdir()
    with write_durably(folder / FILE) as stream:
        np.savez(stream, names=stories.names, nearest=stories.nearest)


def read_stories(folder: Path, count: int) -> Stories:
    """A generation's stories; where it was made before there were any, each of its `count` articles is one."""
    if not (folder / FILE).exists():
        return Stories.alone(count)
    with (folder / FILE).open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        return Stories(arrays["names"], arrays["nearest"])
