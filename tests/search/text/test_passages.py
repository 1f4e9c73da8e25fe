from hypothesis import given
from hypothesis import strategies as st

from search.text.passages import MOST_PASSAGES, PASSAGE_WORDS, passages

texts = st.lists(st.text("abc", min_size=1, max_size=3), max_size=600).map(" ".join)


@given(texts)
def test_every_word_of_an_article_stands_in_a_passage_in_order(text: str) -> None:
    words, place = text.split(), 0
    for passage in passages("", text):
        window = passage.split()
        assert len(window) <= PASSAGE_WORDS
        start = next(start for start in range(place + 1) if words[start : start + len(window)] == window)
        place = max(place, start + len(window))
    assert place == len(words)


def test_a_short_article_is_one_passage_under_its_headline() -> None:
    assert passages("Storm", "Waves  broke\nover the quay.") == ["Storm\nWaves broke over the quay."]


def test_an_article_without_text_is_its_headline() -> None:
    assert passages("Storm", "") == ["Storm"]


def test_a_book_is_read_to_a_limit() -> None:
    assert len(passages("Book", "word " * 100_000)) == MOST_PASSAGES
