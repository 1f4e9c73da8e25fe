"""A BEIR-shaped folder: corpus.jsonl[.gz], queries.jsonl and qrels.tsv; and a HOME built from it, kept between runs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer.accept import accept
from indexer.cli.progress import progress
from indexer.follow import Follower
from indexer.ledger import Ledger
from indexer.sources.paths import inputs
from search.embedding.embedder import Embedder
from search.errors import Unavailable
from search.settings import Settings

KEPT = Path("data/local/benchmarks")  # git-ignored


@dataclass(frozen=True, slots=True)
class Query:
    """A judged query: grades by article id."""

    id: str
    text: str
    judgments: dict[str, int]


def corpus_of(folder: Path) -> Path:
    """The folder's corpus. Raises Unavailable where there is none."""
    for name in ("corpus.jsonl.gz", "corpus.jsonl"):
        if (folder / name).is_file():
            return folder / name
    raise Unavailable(f"{folder} holds no corpus.jsonl or corpus.jsonl.gz")


def judged_queries(folder: Path) -> list[Query]:
    """The queries that have a judgment, in the order of the file."""
    judgments: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, article, grade = line.split("\t")
        judgments.setdefault(query, {})[article] = int(grade)
    records = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    return [Query(r["_id"], r["text"], judgments[r["_id"]]) for r in records if r["_id"] in judgments]


def built(folder: Path, embedder: Embedder) -> Settings:
    """Settings of a HOME with the folder's corpus indexed; embeddings are kept, so that only a first run is long."""
    settings = Settings(home=KEPT / folder.resolve().name)
    with Ledger(settings.ledger) as ledger:
        source = inputs((corpus_of(folder),))
        accept(source.items(lambda done: None), ledger)
        with progress(f"Indexing {folder.name}", "articles") as advance:
            Follower(settings, ledger, embedder, lambda: datetime.now(UTC)).rebuild(advance)
    return settings


class KnownQueries:
    """An embedder that has embedded the queries beforehand, in one batch."""

    def __init__(self, embedder: Embedder, texts: Sequence[str]) -> None:
        self.identity, self._embedder = embedder.identity, embedder
        self._rows = dict(zip(texts, embedder.embed(texts), strict=True))

    def embed(self, texts: Sequence[str]):  # type: ignore[no-untyped-def]
        """The vectors made before; any other text is embedded now."""
        known = [self._rows.get(text) for text in texts]
        return self._embedder.embed(texts) if any(row is None for row in known) else known
