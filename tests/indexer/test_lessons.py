import pytest

from indexer.decide import Add, Withdraw
from indexer.ledger import Ledger
from indexer.lessons import lessons_of, short_texts, wording
from search.article import Article
from search.embedding.hashing import HashingEmbedder
from tests.builders import article

MODEL = HashingEmbedder()
NOTHING: frozenset[str] = frozenset()


def archive(count: int) -> list[Article]:
    return [
        article(f"a{n}", f"Headline number {n}", body=f"First sentence of {n}. Second one of {n}.")
        for n in range(count)
    ]


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    ledger.record(Add(each) for each in archive(200))
    return ledger


def test_a_headline_comes_first_and_then_the_sentences_that_are_as_short_as_a_query() -> None:
    story = article(
        title="Storm  closes harbour", body=f"Rain fell all day.\n\nAh. {'Long ' * 50}one. It blew until night."
    )
    assert list(short_texts(story)) == ["Storm closes harbour", "Rain fell all day.", "It blew until night."]
    assert list(short_texts(article(title="", body="Rain fell all day."))) == ["Rain fell all day."]
    assert list(short_texts(article(title="… … … … … … …", body=""))) == []


def test_a_body_without_end_costs_no_more_than_its_beginning() -> None:
    assert len(list(short_texts(article(body="Rain fell again. " * 400_000)))) < 1_000


def test_a_small_archive_is_learnt_whole_but_for_headlines_held_out(filled: Ledger) -> None:
    lessons = lessons_of(filled, MODEL.identity, NOTHING)
    assert lessons.articles == 200
    assert 5 <= len(lessons.held_out) <= 40
    assert len(lessons.short_texts) == 3 * (200 - len(lessons.held_out))
    held = {text.split()[-1] for text in lessons.held_out}
    assert held.isdisjoint({text.rstrip(".").split()[-1] for text in lessons.short_texts})


def test_the_same_articles_are_held_out_every_time_and_withdrawn_ones_are_gone(filled: Ledger) -> None:
    first = lessons_of(filled, MODEL.identity, NOTHING)
    assert lessons_of(filled, MODEL.identity, NOTHING) == first
    gone = first.held_out[0]
    filled.record([Withdraw(f"a{gone.split()[-1]}")])
    assert gone not in lessons_of(filled, MODEL.identity, NOTHING).held_out


def test_an_article_that_has_a_text_to_be_left_out_teaches_nothing(filled: Ledger) -> None:
    whole = lessons_of(filled, MODEL.identity, NOTHING)
    headline, sentence = whole.short_texts[0], whole.short_texts[-1]
    less = lessons_of(filled, MODEL.identity, frozenset({wording(headline.upper() + "!"), wording(sentence)}))
    assert less.short_texts == whole.short_texts[3:-3]
    assert less.held_out == whole.held_out


def test_passages_are_learnt_once_they_have_vectors_and_never_of_what_is_held_out(filled: Ledger) -> None:
    assert lessons_of(filled, MODEL.identity, NOTHING).passages == []
    stories = archive(200)
    filled.keep_vectors(MODEL.identity, [(story, MODEL.embed(story.passages)) for story in stories])
    lessons = lessons_of(filled, MODEL.identity, NOTHING)
    learnt = [story for story in stories if story.title not in lessons.held_out]
    assert lessons.passages == [passage for story in learnt for passage in story.passages]
    expected = MODEL.embed(lessons.passages).astype("float16")
    assert [vector.tolist() for vector in lessons.vectors] == expected.tolist()
