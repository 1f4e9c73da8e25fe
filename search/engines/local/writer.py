"""Builds a generation: from nothing, or from the live one by links and additions."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from search.article import ArticleId
from search.embedding.embedder import Vectors
from search.engines.engine import EmbeddedArticle
from search.engines.local.columns import Columns, ColumnsBuilder
from search.engines.local.durable import write_durably
from search.engines.local.generation import Manifest, link_files, publish, records_of, start_building
from search.engines.local.graph import SIZES, Sizes, write_graph
from search.engines.local.lexical import LexicalWriter
from search.engines.local.reader import LocalReader
from search.engines.local.stories import grown, write_stories
from search.engines.local.vectors import graph_of, open_segments, taken_up, vectors_at, write_segment
from search.ranking.stories import Stories
from search.text.analysis import Analyzer

Clock = Callable[[], datetime]


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
        self._base_folder = index / base.generation if base else None
        self._folder = start_building(index)
        self._columns = ColumnsBuilder(base.columns if base else Columns.empty())
        self._batches: list[Vectors] = []
        (self._folder / "vectors").mkdir()
        if self._base_folder:
            link_files(self._base_folder / "lexical", self._folder / "lexical")
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

    def commit(self, sequence: int, token: str) -> str:
        """Publishes the build as holding the ledger up to `sequence`, and returns its name."""
        self._lexical.commit(expected=self.articles)
        self._write_vectors()
        self._write_graphs()
        columns = self._columns.build()
        with write_durably(self._folder / "vectors" / "columns.npz") as stream:
            stream.write(columns.to_bytes())
        self._write_stories(columns)
        files = records_of(self._folder, self._base_folder, self._base.manifest.files if self._base else {})
        manifest = Manifest(
            token=token,
            sequence=sequence,
            model=self._model,
            language=self._language,
            articles=self.articles,
            tombstones=len(columns) - self.articles,
            published_at=self._clock().isoformat(),
            files=files,
        )
        return publish(self._folder, manifest)

    def _write_stories(self, columns: Columns) -> None:
        segments = open_segments(self._folder / "vectors", self._sizes)
        base = self._base
        stories = grown(
            columns,
            base.columns if base else Columns.empty(),
            base.stories if base else Stories.alone(0),
            lambda numbers: vectors_at(segments, columns.first_row[numbers]),
        )
        write_stories(self._folder, stories)

    def _write_vectors(self) -> None:
        segments = self._base.segments if self._base else []
        added = sum(len(batch) for batch in self._batches)
        grown = taken_up([len(segment) for segment in segments], added) if added else 0
        kept, absorbed = segments[: len(segments) - grown], segments[len(segments) - grown :]
        for segment in kept:
            for file in (segment.file, graph_of(segment.file)):
                if file.exists():
                    (self._folder / "vectors" / file.name).hardlink_to(file)
        if added:
            start = sum(len(segment) for segment in kept)
            file = self._folder / "vectors" / f"segment-{start:010d}.faiss"
            parts = [*(segment.rows() for segment in absorbed), *self._drained()]
            write_segment(file, parts, dimensions=parts[-1].shape[1])

    def _write_graphs(self) -> None:
        """Gives every large segment its graph, where it has none from the generation before."""
        for segment in open_segments(self._folder / "vectors", self._sizes):
            if len(segment) >= self._sizes.segment and not graph_of(segment.file).exists():
                write_graph(graph_of(segment.file), segment.part, len(segment))

    def _drained(self) -> Iterator[Vectors]:
        while self._batches:
            yield self._batches.pop(0)
