"""Searching with the site's own synonyms."""

import pytest

from search.request import Filters, Mode, SearchRequest, Sort
from tests.builders import NOW, article, utc
from tests.search.test_searching import found, searcher

PARLIAMENT = [
    article(
        "expenses", "Expenses of a member of parliament", body="Members were told of it.", published=utc(2026, 4, 1)
    ),
    article("moat", "The moat of an MP, on expenses", body="A duck house was claimed.", published=utc(2026, 3, 1)),
    article("member", "Member of a golf club", body="The parliament of owls met.", published=utc(2026, 4, 2)),
    article("ferry", "Ferry queue grows", body="The bridge is shut.", published=utc(2026, 4, 10)),
]


def with_synonyms(text: str, synonyms: str = "MP, member of parliament\n", **fields: object) -> list[str]:
    request = SearchRequest(text, Filters(NOW), **fields)  # type: ignore[arg-type]
    return [hit.article.id for hit in searcher(PARLIAMENT, synonyms=synonyms).search(request).hits]


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
def test_a_word_finds_what_is_said_by_its_synonym(mode: Mode) -> None:
    assert with_synonyms("MP", mode=mode) == ["moat", "expenses"]
    assert with_synonyms("MP", synonyms="", mode=mode) == ["moat"]


def test_a_run_of_words_finds_what_is_said_by_its_synonym() -> None:
    assert set(with_synonyms("member of parliament", mode=Mode.LEXICAL)) == {"expenses", "member", "moat"}
    assert set(with_synonyms("member of parliament", synonyms="", mode=Mode.LEXICAL)) == {"expenses", "member"}


def test_by_date_an_article_with_the_synonym_has_the_word() -> None:
    assert with_synonyms("MP expenses", sort=Sort.NEWEST) == ["expenses", "moat"]
    assert with_synonyms("member of parliament expenses", sort=Sort.OLDEST) == ["moat", "expenses"]
    assert with_synonyms("MP expenses", synonyms="", sort=Sort.NEWEST) == ["moat"]


def test_a_synonym_is_evidence_that_something_answers() -> None:
    lawmaker = [article("expenses", "Expenses of a member of parliament", body="Duck " * 60), *PARLIAMENT[2:]]
    asked = SearchRequest("MP", Filters(NOW))
    assert [hit.article.id for hit in searcher(lawmaker, synonyms="MP, member of parliament").search(asked).hits] == [
        "expenses"
    ]
    assert searcher(lawmaker).search(asked).hits == []


def test_what_is_quoted_or_excluded_is_taken_as_it_stands() -> None:
    assert with_synonyms('"MP"') == ["moat"]
    assert with_synonyms("expenses -MP", mode=Mode.LEXICAL) == ["expenses"]


def test_synonyms_are_marked_as_a_whole() -> None:
    found = searcher(PARLIAMENT, synonyms="MP, member of parliament").search(SearchRequest("mp", Filters(NOW)))
    assert [hit.highlights.title for hit in found.hits] == [
        "The moat of an <mark>MP</mark>, on expenses",
        "Expenses of a <mark>member of parliament</mark>",
    ]


def test_a_word_with_synonyms_is_not_taken_for_a_misspelt_one() -> None:
    assert found("athletci", mode=Mode.LEXICAL) == ["football"]
    answer = searcher(synonyms="athletci => bridge").search(SearchRequest("athletci", Filters(NOW), Mode.LEXICAL))
    assert (answer.corrected, {hit.article.id for hit in answer.hits}) == (None, {"bridge", "inquiry", "ferry"})
