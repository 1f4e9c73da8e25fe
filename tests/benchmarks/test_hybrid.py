"""Hybrid peers are given the same articles and judged by the same measure."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hybrid import answering, built, compared, index_of, overlap
from benchmarks.hybrid_corpus import written
from benchmarks.peers.answering import LIMIT
from benchmarks.peers.hybrid_peer import Corpus, reciprocal_ranks
from indexer.decide import Add
from indexer.ledger import Ledger
from search.article import to_json
from search.embedding.embedder import unit
from search.embedding.hashing import HashingEmbedder
from tests.builders import NOW, article, settings

TOPICS = "harbour bridge election budget museum football hospital railway".split()
ARTICLES = [
    article(
        f"{topic}-{number}", f"{topic.title()} story number {number}", body=f"What the {topic} says.", published=NOW
    )
    for number in range(10)
    for topic in TOPICS
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Eighty articles of eight topics, and a query a topic, whose vectors are the topics' own."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    topics = np.eye(len(TOPICS), 16, dtype=np.float32)
    noise = np.random.default_rng(5).normal(scale=0.05, size=(len(ARTICLES), 16))
    for name, texts in {
        "articles": [to_json(each).decode() for each in ARTICLES],
        "texts": [f"{each.title}\n{each.text}" for each in ARTICLES],
        "queries": TOPICS,
    }.items():
        (folder / f"{name}.json").write_text(json.dumps(texts), encoding="utf-8")
    np.save(folder / "vectors.npy", unit(np.tile(topics, (10, 1)) + noise))
    np.save(folder / "query_vectors.npy", topics)
    return folder


def test_what_both_legs_have_comes_first() -> None:
    assert reciprocal_ranks([[1, 2, 3], [4, 2]]) == [2, 1, 4, 3]


def test_a_query_that_nothing_answers_exactly_counts_for_nothing() -> None:
    assert overlap([[1, 2], [9]], [[2, 3], []]) == 0.5


@pytest.mark.parametrize("name", ["broadsheet", "broadsheet-legs"])
def test_our_own_peers_answer_from_a_process_of_their_own(name: str, corpus: Path, tmp_path: Path) -> None:
    facts = {name: built(name, corpus, index_of(name, tmp_path), sys.executable)}
    assert facts == {name: built(name, corpus, index_of(name, tmp_path), "not run again")}
    rows = compared([name], corpus, tmp_path, sys.executable, len(TOPICS), facts)
    assert {row[0] for row in rows} == {name}
    assert all(row[-1] == 1.0 for row in rows), "the semantic leg finds the nearest"
    assert facts[name]["own"] is not None
    with answering(name, corpus, index_of(name, tmp_path), sys.executable) as peer:
        depths = peer.told("open")["depths"]
        (_, found), *_ = peer.told("search", 1, 2, depths[0])
    assert {TOPICS[row % len(TOPICS)] for row in found} == {"bridge"}
    assert 0 < len(found) <= LIMIT


def test_a_peer_that_fails_says_so_and_its_half_built_index_is_built_anew(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broadsheet"
    folder.mkdir()
    (folder / "rubbish").write_text("half")
    built("broadsheet", corpus, folder, sys.executable)
    assert not (folder / "rubbish").exists()
    with (
        pytest.raises(RuntimeError, match="broadsheet could not search"),
        answering("broadsheet", corpus, folder, sys.executable) as peer,
    ):
        peer.told("search", 0, 1, 10)  # before it was opened


def test_the_corpus_is_the_ledgers_and_the_queries_are_of_other_articles(tmp_path: Path) -> None:
    model, own = HashingEmbedder(), settings(tmp_path)
    with Ledger(own.ledger) as ledger:
        ledger.record(Add(each) for each in ARTICLES[:20])
        ledger.keep_vectors(model.identity, ((each, model.embed(each.passages)) for each in ARTICLES[:20]))
    with pytest.raises(ValueError, match="20 embedded articles of one passage, wanted: 60"):
        written(own, tmp_path / "none", 50, 10)
    corpus = Corpus(written(own, tmp_path / "corpus", 12, 8))
    titles = {text.split("\n")[0] for text in corpus.texts()}
    assert (len(titles), len(corpus.queries()), titles & set(corpus.queries())) == (12, 8, set())
    assert corpus.vectors().tolist() == model.embed(corpus.texts()).tolist()
    assert corpus.query_vectors().tolist() == model.embed(corpus.queries()).tolist()
