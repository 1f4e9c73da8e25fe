"""What filters and sorting need of every article, in arrays indexed by article number.

Numbers count from 0 in the order articles were put; an article put again gets a new number and its old one is a
tombstone. The arrays of a generation are written once and never change.
"""

import io
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from search.article import Article, ArticleId
from search.engines.local.filters import label, labels_of, wanted_labels
from search.request import Filters
from search.result import UNKNOWN_TIME, microseconds

NEVER = 2**60  # microseconds; after every date that Python can hold
RECENT = 10_000  # articles: the newest, looked through first for what very many have

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class Columns:
    """The columns of one generation. Times are microseconds since 1970; `label_numbers` pairs with `label_codes`."""

    ids: Sequence[ArticleId]
    published: NDArray[np.int64]
    embargo_until: NDArray[np.int64]
    expires_at: NDArray[np.int64]
    is_alive: Mask
    passages: NDArray[np.int32]  # how many rows of the vectors an article has, in order of number
    labels: Sequence[str]
    label_codes: NDArray[np.int32]
    label_numbers: Numbers

    @classmethod
    def empty(cls) -> Self:
        """The columns of no articles."""
        times = np.empty(0, dtype=np.int64)
        pairs = np.empty(0, dtype=np.int32)
        return cls([], times, times, times, np.empty(0, dtype=np.bool_), pairs, [], pairs, pairs)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def first_row(self) -> NDArray[np.int64]:
        """The row of the vectors at which each article's passages begin, and at last how many rows there are."""
        return np.concatenate([[0], np.cumsum(self.passages, dtype=np.int64)])

    @cached_property
    def owner(self) -> Numbers:
        """The number of the article that each row of the vectors is a passage of."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.passages)

    @cached_property
    def number_of(self) -> dict[ArticleId, int]:
        """The number of every living article."""
        return {self.ids[number]: number for number in np.flatnonzero(self.is_alive).tolist()}

    def numbers_of(self, ids: Iterable[ArticleId]) -> list[int]:
        """The numbers of those of the articles that are alive, in the order given."""
        number_of = self.number_of
        return [number_of[id_] for id_ in ids if id_ in number_of]

    def mask_of(self, ids: Iterable[ArticleId]) -> Mask:
        """Which numbers are these articles', of those that are alive."""
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[self.numbers_of(ids)] = True
        return mask

    @cached_property
    def by_date(self) -> Numbers:
        """The living articles, newest first, equals by id."""
        return self._in_order(np.flatnonzero(self.is_alive))

    def _in_order(self, numbers: NDArray[np.int64]) -> Numbers:
        """Articles, newest first, equals by id."""
        order = numbers[np.argsort(-self.published[numbers], kind="stable")]
        _, starts, counts = np.unique(-self.published[order], return_index=True, return_counts=True)
        for first, count in zip(starts[counts > 1].tolist(), counts[counts > 1].tolist(), strict=True):
            order[first : first + count] = sorted(order[first : first + count].tolist(), key=self.ids.__getitem__)
        return order.astype(np.int32)

    def oldest_first(self, numbers: Numbers, limit: int) -> Numbers:
        """The first `limit` from the end of a list that has the newest first: equals are by id either way round."""
        published = self.published[numbers]
        reached = published <= published[-limit:][:1]  # and whoever shares the last place
        order = np.argsort(published[reached], kind="stable")
        return numbers[reached][order]

    def grow_from(self, base: "Columns", number_of: dict[ArticleId, int]) -> None:
        """Takes over what it would take long to find out anew: which number is whose, and most of the order in time."""
        order = base.by_date[self.is_alive[base.by_date]]
        times = -self.published[order]
        places, numbers = [], self._in_order(np.flatnonzero(self.is_alive[len(base) :]) + len(base))
        for number in numbers.tolist():
            first, last = (int(np.searchsorted(times, -self.published[number], side)) for side in ("left", "right"))
            equals = range(first, last)
            places.append(first + bisect_left(equals, self.ids[number], key=lambda place: self.ids[int(order[place])]))
        vars(self).update(number_of=number_of, by_date=np.insert(order, places, numbers))

    @cached_property
    def recent_since(self) -> int:
        """When the oldest of the newest `RECENT` articles was published; before all dates where there are fewer."""
        living = self.published[self.is_alive]
        return int(np.partition(living, -RECENT)[-RECENT]) if len(living) >= RECENT else UNKNOWN_TIME

    @cached_property
    def times_ascending(self) -> NDArray[np.int64]:
        """When the living articles were published, the earliest first."""
        return self.published[self.by_date[::-1]]

    @cached_property
    def _limited_in_time(self) -> Numbers:
        limited = (self.embargo_until > UNKNOWN_TIME) | (self.expires_at < NEVER)
        return np.flatnonzero(limited & self.is_alive).astype(np.int32)

    @cached_property
    def moments(self) -> NDArray[np.int64]:
        """When the embargoes of living articles end and when they expire, in order."""
        limited = self._limited_in_time
        times = np.concatenate([self.embargo_until[limited], self.expires_at[limited]])
        return np.sort(times[(times > UNKNOWN_TIME) & (times < NEVER)])

    @cached_property
    def carriers(self) -> dict[str, Numbers]:
        """The numbers that carry each label, those of tombstones too."""
        order = np.argsort(self.label_codes, kind="stable")
        edges = np.searchsorted(self.label_codes[order], np.arange(len(self.labels) + 1))
        numbers = self.label_numbers[order]
        return {name: numbers[edges[code] : edges[code + 1]] for code, name in enumerate(self.labels)}

    @cached_property
    def first_label(self) -> NDArray[np.int64]:
        """The pair at which each article's labels begin, and at last how many pairs there are.

        Those of one article stand together, since articles are put one after the other.
        """
        return np.searchsorted(self.label_numbers, np.arange(len(self) + 1, dtype=np.int32))

    def codes_of(self, numbers: NDArray[np.int64]) -> NDArray[np.int32]:
        """The codes of the labels that these articles carry, one article's after the other's."""
        starts, ends = self.first_label[numbers], self.first_label[numbers + 1]
        counts = ends - starts
        before = np.cumsum(counts) - counts
        codes: NDArray[np.int32] = self.label_codes[np.arange(counts.sum()) + np.repeat(starts - before, counts)]
        return codes

    def labels_of(self, number: int) -> list[str]:
        """The labels that an article carries."""
        first, last = self.first_label[number : number + 2].tolist()
        return [self.labels[code] for code in self.label_codes[first:last].tolist()]

    @cached_property
    def section(self) -> NDArray[np.int32]:
        """The label that is each article's section, by its code; -1 where it has none."""
        section = np.full(len(self), -1, dtype=np.int32)
        prefix = label("section", "")
        is_section = np.array([name.startswith(prefix) for name in self.labels], dtype=np.bool_)
        chosen = is_section[self.label_codes] if len(self.labels) else np.empty(0, dtype=np.int64)
        section[self.label_numbers[chosen]] = self.label_codes[chosen]
        return section

    def hidden(self, filters: Filters) -> Numbers:
        """Living articles that nobody may see at `filters.now`, and those the filters leave out by id."""
        now = microseconds(filters.now)
        limited = self._limited_in_time
        out = limited[(self.embargo_until[limited] > now) | (self.expires_at[limited] <= now)]
        return np.union1d(out, np.array(self.numbers_of(filters.without_ids), dtype=np.int32))

    def matching(self, filters: Filters) -> Mask:
        """Which numbers the filters allow, their phrases and exclusions aside."""
        mask = self.is_alive.copy()
        mask[self.hidden(filters)] = False
        for group in wanted_labels(filters):
            carriers = np.zeros(len(self), dtype=np.bool_)
            for name in group:
                carriers[self.carriers.get(name, np.empty(0, dtype=np.int32))] = True
            mask &= carriers
        if limits := self.limits(filters):
            mask &= (self.published >= limits[0]) & (self.published <= limits[1])
        return mask

    def limits(self, filters: Filters) -> tuple[int, int] | None:
        """The first and the last time that the filters allow; None where no living article lies outside."""
        first, last = date_range(filters)
        times = self.times_ascending
        return (first, last) if len(times) and (times[0] < first or last < times[-1]) else None

    def write(self, stream: BinaryIO) -> None:
        """Writes the columns as an .npz file; strings as lines of UTF-8, which ids and labels cannot break."""
        data = io.BytesIO()
        np.savez(
            data,
            ids=_lines(self.ids),
            published=self.published,
            embargo_until=self.embargo_until,
            expires_at=self.expires_at,
            is_alive=self.is_alive,
            passages=self.passages,
            labels=_lines(self.labels),
            label_codes=self.label_codes,
            label_numbers=self.label_numbers,
        )
        stream.write(data.getbuffer())

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The columns that `write` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            values = {name: arrays[name] for name in arrays.files}
        values["ids"] = _strings(values["ids"])
        values["labels"] = _strings(values["labels"])
        return cls(**values)


class ColumnsBuilder:
    """The columns of the next generation, an article at a time."""

    def __init__(self, base: Columns) -> None:
        self._base = base
        self._ids: list[ArticleId] = []
        self._times: list[tuple[int, int, int]] = []
        self._passages: list[int] = []
        self._codes = {name: code for code, name in enumerate(base.labels)}
        self._pairs: list[tuple[int, int]] = []
        self._number_of = dict(base.number_of)
        self._tombstones: list[int] = []

    def __len__(self) -> int:
        """How many articles are alive."""
        return len(self._number_of)

    def put(self, article: Article, passages: int) -> int:
        """Gives an article its number, the next one, and makes a tombstone of its namesake's."""
        self.remove(article.id)
        number = len(self._base) + len(self._ids)
        self._ids.append(article.id)
        self._passages.append(passages)
        self._number_of[article.id] = number
        expires_at = NEVER if article.expires_at is None else microseconds(article.expires_at)
        self._times.append((microseconds(article.published), microseconds(article.embargo_until), expires_at))
        self._pairs += [(self._codes.setdefault(name, len(self._codes)), number) for name in labels_of(article)]
        return number

    def remove(self, id_: ArticleId) -> None:
        """Makes a tombstone of an article's number, if it has one."""
        if id_ in self._number_of:
            self._tombstones.append(self._number_of.pop(id_))

    def build(self) -> Columns:
        """The columns of everything put so far: the base's own where nothing came or went."""
        base = self._base
        if not (self._ids or self._tombstones):
            return base
        times = np.array(self._times, dtype=np.int64).reshape(-1, 3).T
        codes, numbers = np.array(self._pairs, dtype=np.int32).reshape(-1, 2).T
        is_alive = np.concatenate([base.is_alive, np.ones(len(self._ids), dtype=np.bool_)])
        is_alive[self._tombstones] = False
        columns = Columns(
            ids=[*base.ids, *self._ids],
            published=np.concatenate([base.published, times[0]]),
            embargo_until=np.concatenate([base.embargo_until, times[1]]),
            expires_at=np.concatenate([base.expires_at, times[2]]),
            is_alive=is_alive,
            passages=np.concatenate([base.passages, np.array(self._passages, dtype=np.int32)]),
            labels=list(self._codes),
            label_codes=np.concatenate([base.label_codes, codes]),
            label_numbers=np.concatenate([base.label_numbers, numbers]),
        )
        if len(base) > len(self._ids):
            columns.grow_from(base, self._number_of)
        return columns


def date_range(filters: Filters) -> tuple[int, int]:
    """The first and last second allowed; an unknown date lies before every range that has an end."""
    first, last = filters.published_from, filters.published_to
    if first is None and last is None:
        return UNKNOWN_TIME, NEVER
    return (microseconds(first) if first else UNKNOWN_TIME + 1), (microseconds(last) if last else NEVER)


def _lines(strings: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(strings).encode(), dtype=np.uint8)


def _strings(lines: NDArray[np.uint8]) -> list[str]:
    return lines.tobytes().decode().split("\n") if len(lines) else []
