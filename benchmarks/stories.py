"""Stories against events: `python -m benchmarks.stories DIR [--home HOME] [--json]`.

DIR holds `corpus.jsonl[.gz]` and `events.tsv` (`doc-id`, `event`): which articles tell the same event; an article that
is not named there is an event of its own. B-cubed precision, recall and F1 (Amigó et al. 2009), every event of two
articles and more counting alike, with 95% intervals by the bootstrap over events. The baselines have the threshold that
is best on half of the events, drawn by a hash of their names; all are reported on the other half. Articles without
dates are taken to arrive at once.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from indexer.cli.progress import progress
from indexer.evaluating.archive import indexed
from indexer.evaluating.drawing import lot
from indexer.evaluating.events import read_events
from indexer.evaluating.intervals import PERCENTILES, SEED
from search.embedding.embedder import Vectors
from search.embedding.open import open_embedder
from search.engines.local.columns import Columns
from search.engines.local.engine import LocalEngine
from search.engines.local.reader import LocalReader
from search.engines.local.stories import grown, stretched
from search.engines.local.vectors import vectors_at
from search.ranking.stories import STORY_WINDOW, Leads, Stories, tell
from search.result import UNKNOWN_TIME
from search.settings import DEFAULT_HOME, Settings

RESAMPLES = 2_000
THRESHOLDS = [round(0.4 + 0.025 * step, 3) for step in range(19)]  # cosines that the baselines choose from
CHUNK = 512  # articles whose cosines are computed at once
FITTED = 0.5  # of the events choose the baselines' thresholds
MOSTLY = 0.5  # of the articles have a date, else none counts

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]  # an event a row: precision and recall


@dataclass(frozen=True, slots=True)
class Pairs:
    """Articles and earlier ones within the window, near enough for the lowest threshold, in order of the later."""

    later: Rows
    earlier: Rows
    cosines: NDArray[np.float32]


def main() -> None:
    """Measures one folder and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="where the corpus is indexed, in evaluations/")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    rows = measure(arguments.folder, arguments.home)
    if arguments.json:
        print(json.dumps({"set": arguments.folder.name, "rows": rows}))
        return
    table = Table(title=f"Stories of {arguments.folder.name}", box=None)
    for heading in ("method", "precision", "recall", "F1", "F1 95%", "this is ahead by"):
        table.add_column(heading, justify="left" if heading == "method" else "right")
    for name, row in rows.items():
        ahead = f"{row['ahead']:+.3f} ({row['ahead_low']:+.3f}, {row['ahead_high']:+.3f})" if "ahead" in row else ""
        f1 = [f"{row['precision']:.3f}", f"{row['recall']:.3f}", f"{row['f1']:.3f}"]
        table.add_row(name, *f1, f"({row['low']:.3f}, {row['high']:.3f})", ahead)
    Console().print(table)


def measure(folder: Path, home: Path) -> Mapping[str, Mapping[str, float]]:
    """What each method reaches on the events that chose nothing; the last is what the index holds."""
    model = open_embedder(Settings())
    settings = indexed(folder, Settings(home=home), model, lambda: datetime.now(UTC), progress).settings
    reader = LocalEngine(settings.index).reader()
    published = reader.columns.published
    numbers = np.flatnonzero(reader.columns.is_alive)
    numbers = np.array(sorted(numbers.tolist(), key=lambda number: (published[number], reader.columns.ids[number])))
    ids = [reader.columns.ids[number] for number in numbers.tolist()]
    event_of = read_events(folder / "events.tsv")
    months = _months(published[numbers])
    names = [event_of.get(id_, f"\n{id_}") for id_ in ids]
    told = [f"{name}\t{month}" for name, month in zip(names, months.tolist(), strict=True)]
    events = np.unique(told, return_inverse=True)
    leads = reader.vectors(ids)
    archive = Leads(np.arange(len(ids)), np.stack([leads[id_] for id_ in ids]), published[numbers])
    pairs = _pairs(archive)
    found: dict[str, Scores] = {}
    is_fitted = np.array([lot(name.split("\t")[0], "stories") < FITTED for name in events[0].tolist()])
    for name, method in (("components", components), ("leaders", leaders)):
        tries = {limit: scored(method(pairs, len(ids), limit), events[1], months) for limit in THRESHOLDS}
        best = max(THRESHOLDS, key=lambda limit: _f1(tries[limit][is_fitted[_told(events[1])]].mean(axis=0)))
        found[f"{name}, cosine {best}"] = tries[best]
    found["stories"] = scored(_stories(reader, archive, numbers, ids), events[1], months)
    is_reported = ~is_fitted[_told(events[1])]
    return intervals({name: scores[is_reported] for name, scores in found.items()})


def _months(times: Rows) -> Rows:
    """The month of each article, 0 of those without a date."""
    months = times.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return np.where((times > UNKNOWN_TIME).mean() > MOSTLY, months, 0)


def _told(events: Rows) -> Rows:
    """The events that two articles tell."""
    return np.flatnonzero(np.bincount(events) > 1)


def _stories(reader: LocalReader, archive: Leads, numbers: Rows, ids: Sequence[str]) -> Rows:
    """The stories that a rebuild finds; where few articles have a date, those of articles that arrive at once."""
    if (archive.times > UNKNOWN_TIME).mean() > MOSTLY:
        columns = reader.columns
        nothing = stretched(columns, Columns.empty(), Stories.alone(0))
        names = grown(columns, nothing, partial(_leads_at, reader)).names
        return names[numbers].astype(np.int64)
    stories, none = Stories.alone(len(ids)), np.arange(0)
    at_once = Leads(archive.numbers, archive.vectors, np.zeros(len(ids), dtype=np.int64))
    tell(stories, Leads(none, archive.vectors[:0], none), at_once, ids)
    return stories.names.astype(np.int64)


def _leads_at(reader: LocalReader, numbers: Rows) -> Vectors:
    return vectors_at(reader.segments, reader.columns.first_row[numbers])


def _pairs(archive: Leads) -> Pairs:
    later, earlier, cosines = [np.arange(0)], [np.arange(0)], [np.zeros(0, dtype=np.float32)]
    starts = np.searchsorted(archive.times, archive.times - STORY_WINDOW // timedelta(microseconds=1))
    for begin in range(0, len(archive.times), CHUNK):
        end, first = min(begin + CHUNK, len(archive.times)), int(starts[begin])
        block = archive.vectors[begin:end] @ archive.vectors[first:end].T
        rows, columns = np.nonzero(block >= THRESHOLDS[0])
        one, other = rows + begin, columns + first
        chosen = (other < one) & (other >= starts[one])
        later.append(one[chosen])
        earlier.append(other[chosen])
        cosines.append(block[rows[chosen], columns[chosen]])
    return Pairs(np.concatenate(later), np.concatenate(earlier), np.concatenate(cosines))


def components(pairs: Pairs, count: int, threshold: float) -> Rows:
    """Articles that a chain of near pairs joins."""
    parent = list(range(count))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = place = parent[parent[place]]
        return place

    for one, other in _near(pairs, threshold):
        parent[root(one)] = root(other)
    return np.array([root(place) for place in range(count)])


def leaders(pairs: Pairs, count: int, threshold: float) -> Rows:
    """Each article joins the nearest leader, or becomes one (single-pass clustering, Rijsbergen 1979, 3)."""
    leader = list(range(count))
    best: dict[int, float] = {}
    is_near = pairs.cosines >= threshold
    for (one, other), cosine in zip(_near(pairs, threshold), pairs.cosines[is_near].tolist(), strict=True):
        if leader[other] == other and cosine > best.get(one, 0.0):
            leader[one], best[one] = other, cosine
    return np.array(leader)


def _near(pairs: Pairs, threshold: float) -> Iterator[tuple[int, int]]:
    chosen = pairs.cosines >= threshold
    return zip(pairs.later[chosen].tolist(), pairs.earlier[chosen].tolist(), strict=True)


def scored(stories: Rows, events: Rows, months: Rows) -> Scores:
    """B-cubed precision and recall of every event that two articles tell, the mean over its articles.

    Of a story that goes on, each month is looked at by itself.
    """
    stories = np.unique(np.stack([stories, months]), axis=1, return_inverse=True)[1].ravel()
    both = np.unique(np.stack([stories, events]), axis=1, return_inverse=True, return_counts=True)
    shared = both[2][both[1].ravel()]
    sizes = [np.unique(each, return_inverse=True, return_counts=True) for each in (stories, events)]
    each = np.stack([shared / size[2][size[1].ravel()] for size in sizes], axis=1)
    of_event = np.bincount(events)
    sums = np.stack([np.bincount(events, weights=column) for column in each.T], axis=1)
    means: Scores = (sums / of_event[:, None])[_told(events)]
    return means


def intervals(found: Mapping[str, Scores]) -> Mapping[str, Mapping[str, float]]:
    """Precision, recall and F1 of each method, and by how much the last is ahead, over the same resampled events."""
    *_, last = found.values()
    generator = np.random.default_rng(SEED)
    draws = [generator.integers(len(last), size=len(last)) for _ in range(RESAMPLES)]
    f1 = {name: np.array([_f1(scores[draw].mean(axis=0)) for draw in draws]) for name, scores in found.items()}
    rows: dict[str, dict[str, float]] = {}
    for name, scores in found.items():
        precision, recall = scores.mean(axis=0).tolist()
        low, high = np.percentile(f1[name], PERCENTILES).tolist()
        rows[name] = {
            "precision": precision,
            "recall": recall,
            "f1": _f1(scores.mean(axis=0)),
            "low": low,
            "high": high,
        }
        if scores is not last:
            ahead = np.percentile(f1["stories"] - f1[name], PERCENTILES).tolist()
            difference = _f1(last.mean(axis=0)) - rows[name]["f1"]
            rows[name] |= {"ahead": difference, "ahead_low": ahead[0], "ahead_high": ahead[1]}
    return rows


def _f1(means: Scores) -> float:
    precision, recall = means.tolist()
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


if __name__ == "__main__":
    main()
