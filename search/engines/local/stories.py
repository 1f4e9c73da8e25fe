"""The stories of a generation: one file, from those of the generation before and the articles that came since."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from search.embedding.embedder import Vectors
from search.engines.local.columns import Columns, Mask
from search.engines.local.durable import write_durably
from search.ranking.stories import STORY_WINDOW, Leads, Rows, Stories, tell
from search.result import UNKNOWN_TIME

FILE = "stories/stories.npz"
PART = 10_000  # articles whose vectors are looked at together: 30 MB
BLOCK = 256  # articles that are compared at once

LeadsAt = Callable[[Rows], Vectors]  # the vectors of ascending numbers

_WINDOW = STORY_WINDOW // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """Stories of some of the articles, by number: of those that `is_told`."""

    stories: Stories
    is_told: Mask


def stretched(columns: Columns, base: Columns, before: Stories) -> Told:
    """The stories of the base as they were, an article that was put again in the one it was in."""
    stories = Stories.alone(len(columns))
    stories.names[: len(base)], stories.nearest[: len(base)] = before.names, before.nearest
    is_told = columns.is_alive.copy()
    is_told[len(base) :] = False
    for number in (np.flatnonzero(columns.is_alive[len(base) :]) + len(base)).tolist():
        earlier = base.number_of.get(columns.ids[number])
        if earlier is not None:
            stories.names[number], stories.nearest[number] = stories.names[earlier], stories.nearest[earlier]
            is_told[number] = True
    return Told(stories, is_told)


def carried(columns: Columns, leads_at: LeadsAt, earlier: Columns, before: Stories, earlier_leads_at: LeadsAt) -> Told:
    """The stories of an earlier generation with other numbers, of the articles that have neither moved nor changed.

    A story whose first article is not among them is named after the first that is.
    """
    ids, old_of = columns.ids, earlier.number_of
    pairs = [(new, old_of[ids[new]]) for new in np.flatnonzero(columns.is_alive).tolist() if ids[new] in old_of]
    new, old = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    is_same = columns.published[new] == earlier.published[old]
    for start in range(0, len(new), PART):
        part = slice(start, start + PART)
        order = np.argsort(old[part])
        was = np.empty_like(order)
        was[order] = np.arange(len(order))
        is_same[part] &= (leads_at(new[part]) == earlier_leads_at(old[part][order])[was]).all(axis=1)
    new, old = new[is_same], old[is_same]
    stories, is_told = Stories.alone(len(columns)), np.zeros(len(columns), dtype=np.bool_)
    stories.nearest[new], is_told[new] = before.nearest[old], True
    number_of, firsts = dict(zip(old.tolist(), new.tolist(), strict=True)), dict[int, int]()
    story_of = dict(zip(new.tolist(), before.names[old].tolist(), strict=True))
    for number in _in_time(columns, new):
        name = story_of[number]
        firsts.setdefault(name, number_of.get(name, number))
    stories.names[new] = [firsts[name] for name in before.names[old].tolist()]
    return Told(stories, is_told)


def grown(
    columns: Columns, told: Told, leads_at: LeadsAt, progress: Callable[[int, int], None] = lambda done, total: None
) -> Stories:
    """The stories of all articles: those that were told as they were, and the others put into them.

    One of unknown date is a story of its own. `progress` is told how many are put, of how many.
    """
    stories, is_dated = told.stories, columns.is_alive & (columns.published > UNKNOWN_TIME)
    is_told, arrivals = is_dated & told.is_told, np.flatnonzero(is_dated & ~told.is_told)
    done = 0
    for block in _blocks(columns, arrivals):
        first, last = columns.published[block].min(), columns.published[block].max()
        is_near = is_told & (columns.published >= first - _WINDOW) & (columns.published <= last + _WINDOW)
        around, arrived = (
            Leads(numbers, leads_at(numbers), columns.published[numbers])
            for numbers in (np.flatnonzero(is_near), block)
        )
        tell(stories, around, arrived, columns.ids)
        is_told[block] = True
        done += len(block)
        progress(done, len(arrivals))
    return stories


def _blocks(columns: Columns, numbers: Rows) -> Iterator[Rows]:
    """The articles in order of time, then id, so many at once as lie within the window; each block ascending."""
    times = columns.published
    order = _in_time(columns, numbers)
    start = 0
    while start < len(order):
        block = np.array(order[start : start + BLOCK], dtype=np.int64)
        block = block[times[block] <= times[block[0]] + _WINDOW]
        yield np.sort(block)
        start += len(block)


def _in_time(columns: Columns, numbers: Rows) -> list[int]:
    """The articles in order of time, then id."""
    times = columns.published[numbers].tolist()
    keys = sorted((time, columns.ids[number], number) for time, number in zip(times, numbers.tolist(), strict=True))
    return [number for _, _, number in keys]


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
