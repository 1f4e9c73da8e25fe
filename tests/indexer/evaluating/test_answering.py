from collections.abc import Sequence

import numpy as np

from indexer.evaluating.answering import DEPTH, KnownQueries, _baselines
from indexer.evaluating.judgments import JudgedQuery
from search.embedding.embedder import Vectors
from search.embedding.hashing import HashingEmbedder

IDS = [f"article-{number}" for number in range(500)]


class CountingEmbedder:
    """Hashes, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.identity = "counting"

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(list(texts))
        return HashingEmbedder().embed(texts)


def test_known_queries_are_embedded_once_and_in_one_batch() -> None:
    embedder = CountingEmbedder()
    known = KnownQueries(embedder, [JudgedQuery("1", "storm", {}), JudgedQuery("2", "ferry “fares”", {})])
    rows = known.embed(["ferry fares"]), known.embed(["storm", "storm"]), known.embed(["fog"]), known.embed([])
    expected = [HashingEmbedder().embed(texts) for texts in (["ferry fares"], ["storm", "storm"], ["fog"], [])]
    assert all(np.array_equal(row, wanted) for row, wanted in zip(rows, expected, strict=True))
    assert embedder.asked == [["storm", "ferry fares"], ["fog"], []]


def test_baselines_answer_the_same_every_time_and_never_with_the_article_asked_about() -> None:
    for id_ in ("article-3", "a query"):
        query = JudgedQuery(id_, id_, {})
        for answer in _baselines(IDS, DEPTH).values():
            assert answer(query) == answer(query)
            assert (len(set(answer(query))), id_ in answer(query)) == (DEPTH, False)
    newest = _baselines(IDS, 3)["newest first"]
    assert newest(JudgedQuery("article-1", "", {})) == ["article-0", "article-2", "article-3"]


def test_baselines_answer_with_all_there_is_where_that_is_little() -> None:
    ways = _baselines(["a", "b"], DEPTH)
    assert {name: set(answer(JudgedQuery("a", "", {}))) for name, answer in ways.items()} == {
        "random": {"b"},
        "newest first": {"b"},
    }
