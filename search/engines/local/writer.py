"""Builds a generation: from nothing, or from the live one by links and additions."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np

from search.article import ArticleId
from search.embedding.embedder import Vectors
from search.engines.engine import EmbeddedArticle
from search.engines.local.columns import Columns, ColumnsBuilder
from search.engines.local.durable import write_durably
from search.engines.local.generation import (
    FileRecord,
    Manifest,
    drop_superseded,
    link_files,
    live_name,
    publish,
    records_of,
    start_building,
)
from search.engines.local.graph import SIZES, Sizes, write_graph
from search.engines.local.lexical import LexicalWriter
from search.engines.local.merging import Merge
from search.engines.local.reader import COLUMNS, LINEAGE, LocalReader, Parts
from search.engines.local.stories import FILE as STORIES
from search.engines.local.stories import LeadsAt, carried, grown, stretched, write_stories
from search.engines.local.vectors import VectorSegment, graph_of, open_segments, taken_up, vectors_at, write_segment
from search.ranking.stories import Stories
from search.text.analysis import Analyzer

Clock = Callable[[], datetime]
Tell = Callable[[str, int, int], None]  # what is being done, how much of it is, of how much


def untold(doing: str, done: int, total: int) -> None:
    """Tell that nobody looks at."""


class LocalWriter:
    """One build. The caller holds the writer's lock, and drops the writer after `commit` or any error."""

    def __init__(
        self,
        index: Path,
        base: LocalReader | None,
        model: str,
        language: str,
        clock: Clock,
        sizes: Sizes = SIZES,
    ) -> None:
        self._sizes = sizes
        self._base, self._model, self._language, self._clock = base, model, language, clock
        self._sources: list[tuple[Path, Mapping[str, FileRecord]]] = []  # of files that are linked, with their records
        self._folder, self._before = start_building(index), live_name(index)
        self._columns = ColumnsBuilder(base.columns if base else Columns.empty())
        self._batches: list[Vectors] = []
        self._merge: Merge | None = None
        self._manifest: Manifest | None = None
        self._parts: Parts | None = None
        (self._folder / "vectors").mkdir()
        if base:
            self._sources.append((index / base.generation, base.manifest.files))
            link_files(index / base.generation / "lexical", self._folder / "lexical")
        else:
            (self._folder / "lexical").mkdir()
        self._lexical = LexicalWriter(self._folder / "lexical", Analyzer(language))

    @property
    def articles(self) -> int:
        """How many articles the generation will hold."""
        return len(self._columns)

    def put(self, batch: Sequence[EmbeddedArticle]) -> None:
        """Adds articles, in place of those with the same ids."""
        if not batch:
            return
        for embedded in batch:
            self._lexical.put(embedded.article, self._columns.put(embedded.article, len(embedded.vectors)))
        self._batches.append(np.concatenate([embedded.vectors for embedded in batch]))

    def remove(self, ids: Sequence[ArticleId]) -> None:
        """Takes articles out; unknown ids are no error."""
        for id_ in ids:
            self._columns.remove(id_)
        self._lexical.remove(ids)

    def adopt(self, merge: Merge) -> None:
        """Takes a merged segment, which fits the base, in place of those it was made from; nothing else may change."""
        self._merge = merge
        self._sources.append((merge.folder, merge.files))

    def commit(self, sequence: int, token: str, tell: Tell = untold, told: LocalReader | None = None) -> str:
        """Publishes the build as holding the ledger up to `sequence`, and returns its name.

        A build from nothing keeps the stories of the generation `told`, where it is given, of what has not changed.
        """
        self._lexical.commit(expected=self.articles)
        columns = self._columns.build()
        if self._base:
            self._parts = self._grown(self._base, columns, token)
        else:
            self._write_whole(columns, token, tell, told)
        manifest = Manifest(
            token=token,
            sequence=sequence,
            model=self._model,
            language=self._language,
            articles=self.articles,
            tombstones=len(columns) - self.articles,
            published_at=self._clock().isoformat(),
            files=records_of(self._folder, self._sources),
        )
        self._manifest = manifest
        return publish(self._folder, manifest)

    def reader(self, name: str) -> LocalReader:
        """The generation that was published; what is in memory already is not read again."""
        return LocalReader(self._folder.parent / name, self._sizes, self._manifest, self._parts)

    def drop_superseded(self, name: str) -> None:
        """Drops older generations than the last three, once readers have the one that was published."""
        drop_superseded(self._folder.parent, self._before, name)

    def _grown(self, base: LocalReader, columns: Columns, token: str) -> Parts:
        """Writes what has changed since the base, and links the rest."""
        segments = self._adopted(base, self._merge) if self._merge else self._appended(base)
        lineage = base.lineage or token
        if base.lineage is None:
            self._write_lineage(token)
        else:
            self._link(LINEAGE)
        if columns is base.columns and (self._source / STORIES).exists():
            self._link(COLUMNS)
            (self._folder / "stories").mkdir()
            self._link(STORIES)
            return Parts(columns, base.stories, segments, lineage)
        self._write_columns(columns)
        stories = grown(columns, stretched(columns, base.columns, base.stories), _leads(columns, segments))
        write_stories(self._folder, stories)
        return Parts(columns, stories, segments, lineage)

    def _write_whole(self, columns: Columns, token: str, tell: Tell, told: LocalReader | None) -> None:
        """Writes everything anew: the graph in native code, beside the stories in Python."""
        rows = sum(len(batch) for batch in self._batches)
        if rows:
            write_segment(self._segment_file(0), self._drained(), dimensions=self._batches[0].shape[1])
        self._write_lineage(token)
        self._write_columns(columns)
        segments = open_segments(self._folder / "vectors", self._sizes)
        leads_at = _leads(columns, segments)
        if told:
            known = carried(columns, leads_at, told.columns, told.stories, _leads(told.columns, told.segments))
        else:
            known = stretched(columns, Columns.empty(), Stories.alone(0))
        with _beside(lambda: self._write_graphs(segments, tell)):
            stories = grown(columns, known, leads_at, lambda done, total: tell("Telling stories", done, total))
            write_stories(self._folder, stories)

    @property
    def _source(self) -> Path:
        return self._sources[0][0]

    def _link(self, name: str) -> None:
        (self._folder / name).hardlink_to(self._source / name)

    def _write_lineage(self, token: str) -> None:
        with write_durably(self._folder / LINEAGE) as stream:
            stream.write(token.encode())

    def _write_columns(self, columns: Columns) -> None:
        with write_durably(self._folder / COLUMNS) as stream:
            columns.write(stream)

    def _appended(self, base: LocalReader) -> list[VectorSegment]:
        """Links the base's segments but the last small ones, which go into one with what is new."""
        added = sum(len(batch) for batch in self._batches)
        if not added:
            return self._linked(base.segments)
        taken = taken_up([len(segment) for segment in base.segments], added, self._sizes.segment)
        kept, absorbed = base.segments[: len(base.segments) - taken], base.segments[len(base.segments) - taken :]
        start = sum(len(segment) for segment in kept)
        parts = [*(segment.rows() for segment in absorbed), *self._drained()]
        return [*self._linked(kept), self._written(start, parts)]

    def _adopted(self, base: LocalReader, merge: Merge) -> list[VectorSegment]:
        """Links the merged segment, and those before and behind it; of one that has grown over its end, the rest."""
        for name in merge.files:
            (self._folder / name).hardlink_to(merge.folder / name)
        merged = VectorSegment(self._segment_file(merge.start), merge.start, self._sizes)
        rest = [
            self._written(merge.end, [each.part(merge.end - each.start, each.end - merge.end)])
            for each in base.segments
            if each.start < merge.end < each.end
        ]
        before = self._linked([each for each in base.segments if each.start < merge.start])
        behind = self._linked([each for each in base.segments if each.start >= merge.end])
        return [*before, merged, *rest, *behind]

    def _linked(self, segments: Sequence[VectorSegment]) -> list[VectorSegment]:
        for segment in segments:
            self._link(f"vectors/{segment.file.name}")
            if segment.has_graph:
                self._link(f"vectors/{graph_of(segment.file).name}")
        return list(segments)

    def _written(self, start: int, parts: Sequence[Vectors]) -> VectorSegment:
        write_segment(self._segment_file(start), parts, parts[0].shape[1])
        return VectorSegment(self._segment_file(start), start, self._sizes)

    def _segment_file(self, start: int) -> Path:
        return self._folder / "vectors" / f"segment-{start:010d}.faiss"

    def _write_graphs(self, segments: Sequence[VectorSegment], tell: Tell) -> None:
        for segment in segments:
            if (rows := len(segment)) >= self._sizes.segment:
                progress = partial(_told, tell, "Building the graph", rows)
                write_graph(graph_of(segment.file), segment.part, rows, progress)

    def _drained(self) -> Iterator[Vectors]:
        while self._batches:
            yield self._batches.pop(0)


def _leads(columns: Columns, segments: Sequence[VectorSegment]) -> LeadsAt:
    return lambda numbers: vectors_at(segments, columns.first_row[numbers])


def _told(tell: Tell, doing: str, total: int, done: int) -> None:
    tell(doing, done, total)


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Works in a thread while the block lasts, and raises what it raised; no executor works when the process ends."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # raised again, where it can be told
            failed.append(error)

    thread = threading.Thread(target=run, name="graph", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if failed:
        raise failed[0]
