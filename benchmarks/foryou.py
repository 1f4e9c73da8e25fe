"""For you against simulated readers: `python -m benchmarks.foryou DIR [--home HOME] [--month 2021-10] [--json]`.

DIR holds `corpus.jsonl[.gz]` with `published`, `section` and editors' `keywords`; the readers are those of
`benchmarks/readers.py`, 150 for a month. From its 20th day on, whenever a reader comes, each list is asked for with
what was read on the days before, and recall@10 is the share of this day's reads that is in it: means over readers, with
95% intervals by the bootstrap over them. No list holds what its reader has read. Nothing looks at articles of later
days, but that stories were told when all were there.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import fmean, median

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.readers import DAYS, RECENT, SimulatedReader, Told, month_of, simulated
from indexer.cli.progress import progress
from indexer.evaluating.archive import indexed
from indexer.evaluating.intervals import Estimate, estimates
from indexer.evaluating.judgments import corpus_of
from indexer.evaluating.lines import numbered_lines
from search.article import ArticleId
from search.embedding.open import open_embedder
from search.engines.engine import Engine
from search.engines.open import open_engine
from search.foryou import ForYou
from search.ranking.hotness import FADING, Readership, Traffic
from search.recommending import Recommender
from search.request import MOST_READ, Filters, ForYouRequest, HotRequest, RelatedMode, RelatedRequest
from search.settings import DEFAULT_HOME, Settings
from search.text.analysis import Analyzer
from search.trending import Trender, current_filters

READERS = 150
TESTED_FROM = 20  # the day of the month
EVENING = timedelta(hours=18)
DEPTH = 10
SEED = 2026
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """A reader comes: what was read before, the last one last, what is read now, and what nobody may see yet."""

    reader: int
    day: int
    before: Sequence[ArticleId]
    read: frozenset[ArticleId]
    filters: Filters

    @property
    def unread(self) -> Filters:
        """What is not read yet."""
        return self.filters.without(frozenset(self.before))


Lister = Callable[[Visit], Sequence[ArticleId]]


def main() -> None:
    """Measures one month and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="where the corpus is indexed, in evaluations/")
    parser.add_argument("--month", default="2021-10", help="thirty days from its first")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    model = open_embedder(Settings())
    settings = Settings(home=arguments.home)
    settings = indexed(arguments.folder, settings, model, lambda: datetime.now(UTC), progress).settings
    first = date.fromisoformat(f"{arguments.month}-01")
    records = (json.loads(line) for _, line in numbered_lines(corpus_of(arguments.folder)))
    visits, rows, milliseconds = measure(open_engine(settings), settings, month_of(records, first), first, SEED)
    if arguments.json:
        told = {name: {"recall@10": row.rounded(), "behind": gain.rounded()} for name, (row, gain) in rows.items()}
        print(json.dumps({"set": arguments.folder.name, "visits": visits, "rows": told, "ms": milliseconds}))
        return
    table = Table(title=f"{arguments.month} of {arguments.folder.name}: {visits:,} visits", box=None)
    for heading in ("list", "recall@10", "for you is ahead by"):
        table.add_column(heading, justify="left" if heading == "list" else "right")
    for name, (row, gain) in rows.items():
        table.add_row(name, _told(row, ""), _told(gain, "+") if name != "for you" else "")
    Console().print(table)
    print(f"for you: {milliseconds:.1f} ms a list, the median")


def _told(estimate: Estimate, sign: str) -> str:
    return f"{estimate.mean:{sign}.3f} ({estimate.low:{sign}.3f}, {estimate.high:{sign}.3f})"


def measure(
    engine: Engine, settings: Settings, articles: Sequence[Told], first: date, seed: int
) -> tuple[int, Mapping[str, tuple[Estimate, Estimate]], float]:
    """How many visits there were, the recall of each list and how far for-you is ahead of it; and how long it took."""
    readers = simulated(articles, READERS, seed)
    visits = list(_visits(readers, first))
    listers = _listers(engine, settings, readers, articles, first)
    recall: dict[str, dict[int, list[float]]] = {name: {} for name in listers}
    took = []
    with progress("Asking", "lists") as advance:
        for done, visit in enumerate(visits):
            for name, lister in listers.items():
                began = time.perf_counter()
                listed = lister(visit)[:DEPTH]
                if name == "for you":
                    took.append(1_000 * (time.perf_counter() - began))
                share = len(visit.read.intersection(listed)) / len(visit.read)
                recall[name].setdefault(visit.reader, []).append(share)
            advance(done + 1, len(visits))
    means = {name: np.array([fmean(shares) for shares in of.values()]) for name, of in recall.items()}
    ahead = {name: means["for you"] - values for name, values in means.items()}
    found = estimates(np.stack([*means.values(), *ahead.values()], axis=1))
    return (
        len(visits),
        dict(zip(means, zip(found[: len(means)], found[len(means) :], strict=True), strict=True)),
        median(took),
    )


def _visits(readers: Sequence[SimulatedReader], first: date) -> Iterator[Visit]:
    for number, reader in enumerate(readers):
        for day in range(TESTED_FROM, DAYS):
            before = reader.before(day)[-MOST_READ:]
            if day in reader.reads and before:
                now = datetime.combine(first, datetime.min.time(), UTC) + timedelta(days=day) + EVENING
                yield Visit(number, day, before, frozenset(reader.reads[day]), Filters(now, published_to=now))


def _listers(
    engine: Engine, settings: Settings, readers: Sequence[SimulatedReader], articles: Sequence[Told], first: date
) -> Mapping[str, Lister]:
    reader, lot = engine.reader(), random.Random(SEED)
    recommender = Recommender(engine, Analyzer(settings.language), settings)
    for_you = ForYou(engine, settings)
    hottest = {day: _hot(engine, readers, first, day) for day in range(TESTED_FROM, DAYS)}

    def for_reader(visit: Visit) -> Sequence[ArticleId]:
        asked = ForYouRequest(visit.before, visit.filters, DEPTH)
        return [item.article.id for item in for_you.recommend(asked).items]

    def near_the_mean(visit: Visit) -> Sequence[ArticleId]:
        mean = np.sum(list(reader.vectors(visit.before).values()), axis=0)
        current, _ = current_filters(reader, visit.unread)
        return [hit.id for hit in reader.match_vector(mean / np.linalg.norm(mean), current, DEPTH)]

    def related(visit: Visit) -> Sequence[ArticleId]:
        unread = visit.filters.without(frozenset(visit.before[:-1]))
        asked = RelatedRequest(visit.before[-1], unread, DEPTH, RelatedMode.LATEST)
        return [item.article.id for item in recommender.related(asked).items]

    def hot(visit: Visit) -> Sequence[ArticleId]:
        return [id_ for id_ in hottest[visit.day] if id_ not in visit.before]

    def drawn(visit: Visit) -> Sequence[ArticleId]:
        there = [each.id for each in articles if visit.day - RECENT < each.day <= visit.day]
        return lot.sample([id_ for id_ in there if id_ not in visit.before], DEPTH)

    return {
        "for you": for_reader,
        "nearest to the mean of all reads": near_the_mean,
        "related to the last read": related,
        "hot": hot,
        "random, of the last three days": drawn,
    }


def _hot(engine: Engine, readers: Sequence[SimulatedReader], first: date, day: int) -> Sequence[ArticleId]:
    """What is hot on the evening of a day by all readers' reads of the days before."""
    views = Counter((when, id_) for reader in readers for when, ids in reader.reads.items() for id_ in ids)
    traffic: dict[ArticleId, Traffic] = {}
    for (when, id_), count in views.items():
        if 0 < day - when <= 7:
            faded = count * 0.5 ** ((day - when) * timedelta(days=1) / (WEEK / FADING))
            traffic[id_] = traffic.get(id_, Traffic()) + Traffic(count, faded)
    now = datetime.combine(first, datetime.min.time(), UTC) + timedelta(days=day) + EVENING
    trender = Trender(engine, lambda window, at: Readership(traffic, 1.0, 167.0))
    items = trender.hot(HotRequest(Filters(now, published_to=now), limit=50)).items
    return [item.article.id for item in items]


if __name__ == "__main__":
    main()
