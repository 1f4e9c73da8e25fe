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


def suggested(archive: Sequence[Article], text: str, limit: int = 8, queries: Sequence[str] = ()) -> SuggestResult:
    engine = ExactEngine()
    engine.put(embedded(archive, HashingEmbedder()))
    return Suggester(engine, lambda beginning, now, most: queries[:most]).suggest(
        SuggestRequest(text, Filters(NOW), limit)
    )


def kinds(archive: Sequence[Article], text: str, limit: int = 8, queries: Sequence[str] = ()) -> str:
    """The second letters of the kinds, in order: u for queries."""
    return "".join(each.kind[1] for each in suggested(archive, text, limit, queries).suggestions)


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


ASKED = [f"{word} storm" for word in ("aaa", "bbb", "ccc", "ddd", "eee")]


def test_past_queries_come_first_with_a_quarter_of_the_places_and_first_of_what_titles_leave_over() -> None:
    assert kinds([*titles(9), *SECTIONS, *TOPICS], "storm", queries=ASKED) == "uueeooii"
    assert kinds(titles(9), "storm", queries=ASKED) == "uuiiiiii"
    assert kinds(titles(5), "sto", queries=ASKED[1:]) == "uuuiiiii"


def test_a_past_query_that_says_what_is_typed_or_another_suggestion_is_left_out() -> None:
    archive = [article("a", "The Storm"), article("b", "Rain", section="Storm watch")]
    queries = ["storm", "the storm", "storm watch", "storm rain"]
    found = suggested(archive, "Storm", queries=queries).suggestions
    assert [each.text for each in found if each.kind == "query"] == ["storm rain"]


def test_a_past_query_with_a_word_that_the_archive_does_not_hold_is_left_out() -> None:
    assert kinds(titles(1), "storm", queries=["storm zeppelin", "strom"]) == "i"


def test_past_queries_are_asked_for_by_what_is_typed_and_the_time() -> None:
    asked: list[object] = []
    engine = ExactEngine()
    engine.put(embedded(TOPICS, HashingEmbedder()))

    def past(*given: object) -> Sequence[str]:
        asked.append(given)
        return []

    Suggester(engine, past).suggest(SuggestRequest("  Storm A", Filters(NOW), 5))
    assert asked == [("Storm A", NOW, 5)]


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
