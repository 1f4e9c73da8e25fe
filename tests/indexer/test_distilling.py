from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.decide import Add
from indexer.distilling import FEWEST_ARTICLES, Distilled, Distiller, is_due
from indexer.follow import Progress
from indexer.ledger import Ledger
from search.article import Article
from search.embedding.embedder import Embedder
from search.embedding.hashing import HashingEmbedder
from search.embedding.static import read_static
from search.errors import Unavailable
from tests.builders import article, settings
from tests.indexer.following import Counting, Failing
from tests.tables import encoder, kept, tokenizer

WORDS = "storm harbour bridge ferry crack tide council vote budget marathon theatre orchard".split()
TOKENIZER = tokenizer([*WORDS, "in", "the", "."]).to_str()
NOTHING: frozenset[str] = frozenset()


def archive(count: int = 120) -> list[Article]:
    """Articles of two words in the headline and two in the body, no two alike."""
    pairs = [(first, second) for first in WORDS for second in WORDS if first != second]
    return [article(f"a{n}", f"{one} {two}", body=f"{two} in the {one}.") for n, (one, two) in enumerate(pairs)][:count]


@contextmanager
def quiet(label: str, unit: str) -> Iterator[Progress]:
    assert (label, unit) in {("Embedding", "short texts"), ("Learning", "texts")}
    yield lambda done, total: None


def distilled(ledger: Ledger, home: Path, model: Embedder, without: frozenset[str] = NOTHING) -> Distilled:
    return Distiller(settings(home), ledger, model, TOKENIZER).distill(without, 1, quiet)


def test_what_is_learnt_puts_texts_of_other_articles_where_the_model_does(ledger: Ledger, tmp_path: Path) -> None:
    model = HashingEmbedder()
    ledger.record(Add(each) for each in archive())
    told = distilled(ledger, tmp_path, model)
    own = read_static(settings(tmp_path).static_encoder)
    assert (own.identity, own.header, own.space) == (told.identity, told.header, model.identity)
    assert (told.header.articles, told.header.held_out_texts >= 5) == (120, True)
    assert told.header.held_out_cosine > 0.9
    assert told.losses[-1] < told.losses[0] / 4
    assert own.embed(["storm bridge"])[0] @ model.embed(["storm bridge"])[0] > 0.9


def test_nothing_is_embedded_twice_though_it_was_killed(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record(Add(each) for each in archive())
    identity = HashingEmbedder().identity
    with pytest.raises(Unavailable, match="the model is gone"):
        distilled(ledger, tmp_path, Failing(0, identity))
    with pytest.raises(Unavailable, match="there is no static encoder"):
        read_static(settings(tmp_path).static_encoder)
    first, again = Counting(identity), Counting(identity)
    told = distilled(ledger, tmp_path, first)
    assert (told.embedded, sorted(first.texts)) == (len(first.texts), sorted(set(first.texts)))
    assert len(first.texts) > 120
    repeated = distilled(ledger, tmp_path, again)
    assert (again.texts, repeated.embedded, repeated.identity) == ([], 0, told.identity)


def test_an_archive_that_is_too_small_teaches_nothing(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record(Add(each) for each in archive(20))
    with pytest.raises(Unavailable, match="20 articles are too few to learn a query encoder from"):
        distilled(ledger, tmp_path, HashingEmbedder())


@pytest.mark.parametrize(
    ("articles", "choice", "expected"),
    [
        (FEWEST_ARTICLES, "auto", True),
        (FEWEST_ARTICLES, "static", True),
        (FEWEST_ARTICLES, "model", False),
        (FEWEST_ARTICLES - 1, "auto", False),
    ],
)
def test_a_rebuild_learns_first_where_there_is_enough(
    tmp_path: Path, articles: int, choice: str, expected: bool
) -> None:
    assert is_due(settings(tmp_path, query_encoder=choice), articles, "model") == expected


def test_a_rebuild_learns_again_when_half_as_much_is_new_or_the_model_changed(tmp_path: Path) -> None:
    own, model = settings(tmp_path, query_encoder="auto"), HashingEmbedder()
    kept(own.static_encoder, encoder(WORDS, model))  # learnt from 100 articles
    assert is_due(own, FEWEST_ARTICLES, model.identity)
    draft = encoder(WORDS, model, articles=FEWEST_ARTICLES)
    kept(own.static_encoder, draft)
    assert not is_due(own, FEWEST_ARTICLES * 3 // 2 - 1, model.identity)
    assert is_due(own, FEWEST_ARTICLES * 3 // 2, model.identity)
    assert is_due(own, FEWEST_ARTICLES, "another model")
    own.static_encoder.write_bytes(b"damaged")
    assert is_due(own, FEWEST_ARTICLES, model.identity)
