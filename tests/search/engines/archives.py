"""Archives as hypothesis makes them, and the engines that hold one beside the exact engine."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from search.article import Article
from search.embedding.hashing import HashingEmbedder
from search.engines.engine import EmbeddedArticle, Engine, Reader, Writer
from search.engines.local.engine import LocalEngine
from search.engines.local.graph import SIZES, Sizes
from search.engines.local.writer import LocalWriter
from search.request import Filters
from search.result import Hit
from tests.exact_engine import ExactEngine

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
MODEL = HashingEmbedder()
WORDS = "storm flood bridge harbour closes again mayor port strike talks the of in it".split()

words = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
moments = st.sampled_from([-3 * 86_400, -0.9, -0.000001, 0, 0.1, 0.9, 86_400, 3 * 86_400])
times = st.none() | moments.map(lambda seconds: NOW + timedelta(seconds=seconds))
articles = st.builds(
    Article,
    id=st.sampled_from([f"a{number}" for number in range(12)]),
    title=words.map(lambda text: text or "untitled"),
    summary=words,
    body=words,
    published=times,
    section=st.sampled_from(["", "News", "Sport"]),
    tags=st.lists(st.sampled_from(["Storm Ada", "ferry", "Ferry", "é"]), unique=True, max_size=2).map(tuple),
    authors=st.lists(st.sampled_from(["Ada Brill", "Jo Corrie"]), unique=True, max_size=2).map(tuple),
    source=st.sampled_from(["", "Wire"]),
    language=st.sampled_from(["", "en"]),
    access=st.sampled_from(["free", "subscriber"]),
    embargo_until=times,
    expires_at=times,
)
BEGINNINGS = "s st STORM flo b brídge h t the o a c".split()
NO_TERM = "y" * 41  # longer than any term of the index
phrases = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join) | st.just(NO_TERM), max_size=1
)
filters = st.builds(
    Filters,
    now=moments.map(lambda seconds: NOW + timedelta(seconds=seconds)),
    sections=st.lists(st.sampled_from(["news", "SPORT", "none"]), max_size=2),
    tags=st.lists(st.sampled_from(["storm ada", "Ferry", "É"]), max_size=2),
    authors=st.lists(st.sampled_from(["ada  brill", "nobody"]), max_size=1),
    sources=st.lists(st.just("wire"), max_size=1),
    languages=st.lists(st.just("en"), max_size=1),
    access=st.lists(st.sampled_from(["free", "subscriber"]), max_size=1),
    published_from=st.none() | st.just(NOW - timedelta(days=1)),
    published_to=st.none() | st.just(NOW + timedelta(days=1)),
    phrases=phrases,
    excluded=phrases,
    any_of=st.lists(st.lists(st.sampled_from([*WORDS, "port strike", NO_TERM]), min_size=1, max_size=2), max_size=1),
    without_ids=st.frozensets(st.sampled_from(["a1", "a2", "unknown"]), max_size=2),
)
limits = st.integers(1, 15)
Eithers = list[dict[str, float]]
eithers = st.lists(
    st.dictionaries(st.sampled_from(["storm flood", "talks", NO_TERM]), st.sampled_from([0.7, 0.4]), min_size=1),
    max_size=2,
)


class Opened(Protocol):
    """An engine under test: where it is written, and where it is read."""

    @property
    def engine(self) -> Engine: ...

    def writer(self) -> Writer: ...


class OpenedLocal:
    def __init__(self, folder: Path, sizes: Sizes = SIZES) -> None:
        self.folder, self.sizes, self.engine = folder, sizes, LocalEngine(folder, sizes)

    def writer(self) -> Writer:
        base = self.engine.reader() if (self.folder / "CURRENT").exists() else None
        return LocalWriter(self.folder, base, MODEL.identity, "english", lambda: NOW, sizes=self.sizes)


def opened_with_graphs(folder: Path) -> Opened:
    """Every segment has a graph, and every search asks it."""
    return OpenedLocal(folder, Sizes(segment=1, step=0))


ENGINES: dict[str, Callable[[Path], Opened]] = {"local": OpenedLocal, "local, by graphs": opened_with_graphs}


def embedded(batch: Sequence[Article]) -> list[EmbeddedArticle]:
    """Articles with a vector for each of their parts: passages need a thousand words, which no test wants to read."""
    parts = [[text for text in (each.title, each.summary, each.body) if text] for each in batch]
    return [EmbeddedArticle(each, MODEL.embed(own)) for each, own in zip(batch, parts, strict=True)]


def filled(opened: Opened, batches: Sequence[tuple[Sequence[Article], Sequence[str]]]) -> tuple[Reader, ExactEngine]:
    """The engine and the oracle after the same puts and removals, each batch a generation."""
    exact = ExactEngine()
    for sequence, (batch, removed) in enumerate(batches, start=1):
        for writer in (opened.writer(), exact):
            writer.put(embedded(batch))
            writer.remove(removed)
            writer.commit(sequence, f"build {sequence}")
    return opened.engine.reader(), exact


def assert_same(found: Sequence[Hit], expected: Sequence[Hit]) -> None:
    assert [(hit.id, hit.published) for hit in found] == [(hit.id, hit.published) for hit in expected]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-5)


many = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
archive = st.lists(articles, min_size=1, max_size=15, unique_by=lambda article: article.id)
