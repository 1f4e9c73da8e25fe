"""Merging: small vector segments become a large one with a graph, prepared beside the live generation.

When the segments without a graph come to as many rows as a graph pays for, they become one segment, with those before
them that are no larger than they are together. That takes seconds to minutes and no lock, since rows never change:
all generations of one lineage have the same rows at the same places, until a rebuild numbers them anew. The next
generation then takes the merged segment in their place; rows that came meanwhile stand behind it.

INDEX/000042.merging/   the work in progress; a crash leaves it, the next merge removes it
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from search.engines.local.generation import FileRecord, records_of
from search.engines.local.graph import Sizes, write_graph
from search.engines.local.reader import LocalReader
from search.engines.local.vectors import VectorSegment, graph_of, taken_up, write_segment

MERGING = ".merging"
PART = 10_000  # rows copied at once: 15 MB
THREADS = 1  # the readers keep the other core


@dataclass(frozen=True, slots=True)
class Merge:
    """A segment and its graph, in `folder`: the rows from `start` up to `end` of every generation of a lineage."""

    folder: Path
    files: Mapping[str, FileRecord]
    lineage: str
    start: int
    end: int

    def fits(self, base: LocalReader) -> bool:
        """Whether a generation has these rows still, and a segment that begins with the first of them."""
        starts, end = (
            {segment.start for segment in base.segments},
            max((segment.end for segment in base.segments), default=0),
        )
        return base.lineage == self.lineage and self.start in starts and self.end <= end

    def drop(self) -> None:
        """Removes the files; who has linked them keeps them."""
        shutil.rmtree(self.folder, ignore_errors=True)


def due(segments: Sequence[VectorSegment], sizes: Sizes) -> int:
    """How many of the last segments are to become one; 0 while those without a graph have too few rows for it."""
    small = 0
    while small < len(segments) and not segments[-1 - small].has_graph:
        small += 1
    large = len(segments) - small
    rows = sum(len(segment) for segment in segments[large:])
    return small + taken_up([len(segment) for segment in segments[:large]], rows) if rows >= sizes.segment else 0


def has_work(index: Path, base: LocalReader, sizes: Sizes) -> bool:
    """Whether a merge is due, or a crash has left one."""
    return due(base.segments, sizes) > 0 or next(index.glob(f"*{MERGING}"), None) is not None


def prepare(index: Path, base: LocalReader, sizes: Sizes) -> Merge | None:
    """Writes the merged segment and its graph; None where no merge is due. The caller sees to it that only one runs."""
    for leftover in index.glob(f"*{MERGING}"):
        shutil.rmtree(leftover)
    count = due(base.segments, sizes)
    if not count or base.lineage is None:
        return None
    merged = base.segments[-count:]
    folder = index / f"{base.generation}{MERGING}"
    (folder / "vectors").mkdir(parents=True)
    start, end = merged[0].start, merged[-1].end
    file = folder / "vectors" / f"segment-{start:010d}.faiss"
    parts = (each.part(at, min(PART, len(each) - at)) for each in merged for at in range(0, len(each), PART))
    write_segment(file, parts, merged[0].dimensions)
    whole = VectorSegment(file, start, sizes)
    write_graph(graph_of(file), whole.part, len(whole), threads=THREADS)
    return Merge(folder, records_of(folder, ()), base.lineage, start, end)
