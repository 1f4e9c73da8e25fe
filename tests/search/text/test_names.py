import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.names import LONGEST_NAME, initials, names

STOP = {"it", "the", "that", "to", "be", "or", "not", "and", "will", "of", "is"}


def is_stop_word(word: str) -> bool:
    return word.lower() in STOP


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("IT department cuts", {"IT"}),
        ("is IT to blame", {"IT"}),
        ("IT Outage", {"IT"}),
        ("it department cuts", set()),
        ("IT OUTAGE", set()),
        ("IT Outage Hits Hospital Patients", set()),
        ("IT Outage Hits the Hospital's Patients From Leeds", set()),
        ("mayor AND bridge OR ferry", set()),
        ("", set()),
    ],
)
def test_a_stop_word_in_capitals_is_a_name_where_the_query_has_lower_case_words_or_is_short(
    query: str, expected: set[str]
) -> None:
    assert initials(query.split(), is_stop_word) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("The Who reunite", ["The Who"]),
        ("tickets for Take That", ["Take That"]),
        ("Will And Grace returns again", ["Will And", "And Grace"]),
        ("what will the mayor say", []),
        ("Mayor AND Bridge inquiry", []),
        ("Mayor of That Town Will Resign Again", []),
        ("What To Expect from This Year's Congress", []),
        ("to be or not to be", ["to be or not to be"]),
        ("take that", ["take that"]),
        ("The Who", ["The Who"]),
        ("bridge", []),
        ("harbour bridge", []),
        ("that", []),
        ("to be or not to be the", []),
    ],
)
def test_a_name_with_a_stop_word_in_it_is_a_phrase(query: str, expected: list[str]) -> None:
    assert names(query.split(), is_stop_word) == expected


@given(st.lists(st.sampled_from(["IT", "It", "it", "The", "bridge", "Bridge", "OR", "2026", "É"]), max_size=9))
def test_every_name_stands_in_the_query_and_holds_a_stop_word(query: list[str]) -> None:
    assert initials(query, is_stop_word) <= set(query)
    for name in names(query, is_stop_word):
        assert f" {name} " in f" {' '.join(query)} "
        assert any(is_stop_word(word) for word in name.split())
        assert 2 <= len(name.split()) <= LONGEST_NAME
