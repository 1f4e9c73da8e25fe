"""Readers made up for a month: what they like, what they read, and when. No vector and no score has a part in it.

Each has two or three tastes, editors' keywords or sections, the first as dear as the others together. They come on two
days of three, in the evening, and read one to four articles of the last three days: three of four for a taste, the
fourth whatever there is, both by how popular each article is, which is drawn by lot.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from search.article import ArticleId

DAYS = 30
FEWEST_OF_TASTE = 20  # articles of a month, or a reader would starve
COMES = 2 / 3  # of the days
NOISE = 1 / 4  # of the reads are of no taste
MOST_A_DAY = 4  # reads
RECENT = 3  # days: nobody reads what is older
SPREAD = 1.0  # deviation of the logarithm of popularity


@dataclass(frozen=True, slots=True)
class Told:
    """What the simulation knows of an article: the day, and the names of what it is about."""

    id: ArticleId
    day: int
    names: frozenset[str]


@dataclass(slots=True)
class SimulatedReader:
    """A reader's tastes, the dearest first, and what was read on each day, in order."""

    tastes: Sequence[str]
    reads: dict[int, list[ArticleId]] = field(default_factory=dict)

    def before(self, day: int) -> list[ArticleId]:
        """Everything read on earlier days, the last one last."""
        return [id_ for when in sorted(self.reads) if when < day for id_ in self.reads[when]]


def month_of(records: Iterable[Mapping[str, object]], first: date) -> list[Told]:
    """The articles of the thirty days from `first` on, and of the three before, in order."""
    told = []
    for record in records:
        day = (date.fromisoformat(str(record["published"])[:10]) - first).days
        if -RECENT < day < DAYS:
            keywords, section = record.get("keywords"), record.get("section")
            names = [f"keyword {name}" for name in keywords] if isinstance(keywords, list) else []
            told.append(
                Told(str(record["_id"]), day, frozenset([*names, *([f"section {section}"] if section else [])]))
            )
    return told


def simulated(articles: Sequence[Told], count: int, seed: int) -> list[SimulatedReader]:
    """So many readers of a month; the same seed gives the same."""
    lot = random.Random(seed)
    popular = {each.id: lot.lognormvariate(0.0, SPREAD) for each in articles}
    on_day: defaultdict[int, list[Told]] = defaultdict(list)
    carriers: defaultdict[str, int] = defaultdict(int)
    for each in articles:
        on_day[each.day].append(each)
        for name in each.names:
            carriers[name] += 1
    tastes = sorted(name for name, articles_of in carriers.items() if articles_of >= FEWEST_OF_TASTE)
    readers = [SimulatedReader(lot.sample(tastes, lot.choice((2, 3)))) for _ in range(count)]
    for reader in readers:
        seen: set[ArticleId] = set()
        for day in range(DAYS):
            if lot.random() < COMES:
                there = [each for ago in range(RECENT) for each in on_day[day - ago]]
                for _ in range(lot.randint(1, MOST_A_DAY)):
                    chosen = _read(reader, [each for each in there if each.id not in seen], popular, lot)
                    if chosen:
                        seen.add(chosen)
                        reader.reads.setdefault(day, []).append(chosen)
    return readers


def _read(
    reader: SimulatedReader, there: Sequence[Told], popular: Mapping[ArticleId, float], lot: random.Random
) -> ArticleId | None:
    """One article of a taste, or of none; what is of no taste is read where nothing else is there."""
    first, *others = reader.tastes
    taste = "" if lot.random() < NOISE else first if lot.random() < 1 / 2 else lot.choice(others)
    liked = [each for each in there if taste in each.names] or there
    return lot.choices(liked, [popular[each.id] for each in liked])[0].id if liked else None
