from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.broadening import MOST_BROADER, broader
from search.embedding.hashing import HashingEmbedder
from search.request import LONGEST_QUERY, Filters
from search.text.analysis import Analyzer
from tests.builders import NOW, article, embedded
from tests.exact_engine import ExactEngine

MODEL = HashingEmbedder()
ENGLISH = Analyzer("english")
HOUR = timedelta(hours=1)
ENGINE = ExactEngine()
ENGINE.put(
    embedded(
        [
            article("bridge", "Harbour bridge closes", body="The mayor was told.", section="Metro"),
            article("ferry", "Ferry queue grows", body="The harbour is full."),
            article("embargoed", "Consolidated Lighterage merger", embargo_until=NOW + HOUR),
        ],
        MODEL,
    )
)


def offered(text: str, filters: Filters | None = None, finding: Sequence[str] | None = None) -> list[str]:
    """What is offered where only the texts of `finding` find anything, all where there is none."""
    filters = filters or Filters(NOW)
    return list(broader(text, filters, ENGINE, ENGLISH, lambda each: finding is None or each in finding))


def test_quotes_are_left_out_first_then_exclusions_then_both_and_the_words_that_no_article_has() -> None:
    assert offered('"Harbour zeppelin" mayor -bridge') == [
        "Harbour zeppelin mayor -bridge",
        '"Harbour zeppelin" mayor',
        "Harbour mayor",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zeppelin bridge", ["bridge"]),
        ('"harbour -closes"', ["harbour closes"]),
        ('bridge -"harbour bridge"', ["bridge"]),
        ("quantum lasagne", []),
        ('"quantum lasagne" -zeppelin', ["quantum lasagne -zeppelin", '"quantum lasagne"']),
        ("the zeppelin of it", []),
        ("the closes of Harbour and the zeppelin of the bridge", ["the closes of Harbour bridge"]),
        ("bridge", []),
        ("-bridge", []),
        ("", []),
        ("!!!", []),
    ],
)
def test_what_is_left_is_another_query_that_asks_for_something(text: str, expected: list[str]) -> None:
    assert offered(text) == expected


def test_only_what_finds_something_is_offered() -> None:
    assert offered('"quantum lasagne" -bridge', finding=[]) == []
    assert offered('"bridge harbour" -ferry', finding=['"bridge harbour"']) == ['"bridge harbour"']


def test_where_nothing_else_finds_the_stronger_half_of_the_words_is_tried() -> None:
    assert offered("the zeppelin and the bridge harbour mayor", finding=["bridge mayor"]) == ["bridge mayor"]
    assert offered("harbour bridge", finding=["bridge"]) == ["bridge"]


def test_what_is_offered_tells_nothing_of_what_may_not_be_seen() -> None:
    assert offered("Lighterage bridge") == ["bridge"]
    assert offered("Lighterage bridge zeppelin", Filters(NOW + HOUR)) == ["Lighterage bridge"]
    assert offered("ferry bridge zeppelin", Filters(NOW, sections=["metro"])) == ["bridge"]


WORDS = ["bridge", "harbour", "zeppelin", '"harbour', 'bridge"', "-ferry", '-"', "the", "co-op", "-", "'"]
words = st.sampled_from(WORDS)


@settings(max_examples=200)
@given(st.lists(words, max_size=8).map(" ".join) | st.text(max_size=40), st.booleans())
def test_at_most_three_texts_are_tried_and_none_is_the_query_or_too_long(text: str, is_found: bool) -> None:
    tried: list[str] = []

    def finds(each: str) -> bool:
        tried.append(each)
        return is_found

    found = broader(text, Filters(NOW), ENGINE, ENGLISH, finds)
    assert len(tried) == len(set(tried)) <= MOST_BROADER
    assert list(found) == (tried if is_found else [])
    assert all(each != text and 0 < len(each) <= LONGEST_QUERY for each in tried)
