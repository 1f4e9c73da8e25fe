"""What tests of publishing share: embedders that count and fail, and short ways to publish and to look."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from indexer.decide import Add
from indexer.follow import Follower, Published
from indexer.ledger import Ledger
from search.article import Article, ArticleId
from search.embedding.embedder import Embedder, Vectors
from search.embedding.hashing import HashingEmbedder
from search.engines.local.engine import LocalEngine
from search.engines.local.generation import damaged_files
from search.engines.local.reader import LocalReader
from search.errors import Unavailable
from search.request import Filters
from tests.builders import NOW, settings

ALL = 10_000  # more than any test has


class Counting:
    """Embeds by hashing, and keeps what it was asked to."""

    def __init__(self, identity: str = "counting") -> None:
        self._hashing = HashingEmbedder()
        self.identity = identity
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._hashing.embed(texts)


class Failing(Counting):
    """Embeds so many batches and no more."""

    def __init__(self, batches: int, identity: str = "counting") -> None:
        super().__init__(identity)
        self._left = batches

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not self._left:
            raise Unavailable("the model is gone")
        self._left -= 1
        return super().embed(texts)


def follower(ledger: Ledger, home: Path, embedder: Embedder | None = None, now: datetime = NOW) -> Follower:
    return Follower(settings(home), ledger, embedder or HashingEmbedder(), lambda: now)


def untimed(published: Published) -> Published:
    return replace(published, seconds=0.0)


def live(home: Path) -> LocalReader:
    return LocalEngine(settings(home).index).reader()


def found(home: Path, now: datetime = NOW) -> list[ArticleId]:
    return sorted(hit.id for hit in live(home).by_date(Filters(now), ALL).hits)


def add(ledger: Ledger, *articles: Article) -> None:
    ledger.record(Add(each) for each in articles)


def is_whole(home: Path) -> bool:
    reader = live(home)
    return damaged_files(settings(home).index / reader.generation, reader.manifest) == []


def generations(home: Path) -> list[str]:
    return sorted(folder.name for folder in settings(home).index.iterdir() if folder.is_dir())
