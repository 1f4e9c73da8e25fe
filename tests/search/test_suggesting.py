from collections.abc import Sequence
from datetime import timedelta

import pytest

from search.article import Article
from search.embedding.hashing import HashingEmbedder
from search.errors import InvalidValue
from search.request import Filters, SuggestRequest
from search.result import Suggestion, SuggestResult
from search.suggesting import Suggester
from tests.builders import NOW, article, embedded
from tests.exact_engine import ExactEngine


def suggested(archive: Sequence[Article], text: str, limit: int = 8) -> SuggestResult:
    engine = ExactEngine()
    engine.put(embedded(archive, HashingEmbedder()))
    return Suggester(engine).suggest(SuggestRequest(text, Filters(NOW), limit))


def kinds(archive: Sequence[Article], text: str, limit: int = 8) -> str:
    """The initials of the kinds, in order."""
    return "".join(each.kind[1] for each in suggested(archive, text, limit).suggestions)


def titles(count: int) -> list[Article]:
    return [article(f"t{n}", f"Storm {chr(97 + n) * 3}") for n in range(count)]


SECTIONS = [article(f"s{n}", "Rain", section=f"Storms {n}") for n in range(5)]
TOPICS = [article(f"g{n}", "Rain", tags=(f"Storm {n}",)) for n in range(5)]


def test_sections_topics_and_titles_are_suggested_in_this_order() -> None:
    archive = [
        article("new", "The Storm, again", published=NOW),
        article("old", "A storm", published=NOW - timedelta(days=1), section="Stormwatch", tags=("Storm Ada",)),
    ]
    assert suggested(archive, "“STÓRM") == SuggestResult(
        [
            Suggestion("Stormwatch", "section"),
            Suggestion("Storm Ada", "topic"),
            Suggestion("The Storm, again", "title", "new"),
            Suggestion("A storm", "title", "old"),
        ],
        "exact",
    )


def test_where_there_are_titles_names_take_no_more_than_a_quarter_each() -> None:
    archive = [*titles(9), *SECTIONS, *TOPICS]
    assert kinds(archive, "storm") == "eeooiiii"
    assert kinds(archive, "storm", 10) == "eeooiiiiii"
    assert kinds(archive, "storm", 3) == "iii"


def test_what_titles_leave_over_goes_to_topics_and_then_to_sections() -> None:
    assert kinds([*titles(2), *SECTIONS, *TOPICS], "storm") == "eeooooii"
    assert kinds([*SECTIONS, *TOPICS], "storm") == "eeeooooo"
    assert kinds([*SECTIONS, *titles(1)], "storm") == "eeeeei"
    assert kinds([*TOPICS, *titles(9)], "storm", 1) == "i"


def test_a_text_without_a_word_suggests_nothing() -> None:
    assert [suggested(TOPICS, text).suggestions for text in ("", " \n", "-“”…")] == [[], [], []]


@pytest.mark.parametrize("limit", [0, 11])
def test_a_limit_outside_1_to_10_is_refused(limit: int) -> None:
    with pytest.raises(InvalidValue, match="allowed: 1 to 10"):
        suggested(TOPICS, "storm", limit)


def test_a_text_of_too_many_characters_or_words_is_refused() -> None:
    assert suggested(TOPICS, "x" * 256).suggestions == suggested(TOPICS, "x " * 32).suggestions == []
    with pytest.raises(InvalidValue, match="at most 256 characters"):
        suggested(TOPICS, "x" * 257)
    with pytest.raises(InvalidValue, match="q is '33 words', allowed: at most 32"):
        suggested(TOPICS, "x " * 33)
