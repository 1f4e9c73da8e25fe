from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import InvalidValue
from search.text.analysis import Analyzer
from search.text.synonyms import MOST_SYNONYMS, MOST_WORDS, Rule, Synonyms, parse_synonyms

ENGLISH = Analyzer("english")
FILE = """# who is who
MP, member of parliament, lawmaker
PM => prime minister, premier
WHO, World Health Organization
IT, information technology
York, Eboracum
New York, NYC
"""


def alternatives(query: str, text: str = FILE) -> dict[str, list[str]]:
    """What may stand for runs of a query's words."""
    found = Synonyms(parse_synonyms(text, "synonyms.txt"), ENGLISH).alternatives(query.split())
    return {" ".join(each.words): list(each.others) for each in found}


def test_words_parted_by_commas_stand_for_each_other() -> None:
    assert alternatives("the MP expenses") == {"MP": ["member of parliament", "lawmaker"]}
    assert alternatives("member of parliament expenses") == {"member of parliament": ["MP", "lawmaker"]}


def test_an_arrow_goes_one_way() -> None:
    assert alternatives("PM resigns") == {"PM": ["prime minister", "premier"]}
    assert alternatives("prime minister resigns") == {}


def test_case_inflection_and_punctuation_make_no_difference() -> None:
    assert alternatives("(mp) Members of Parliament") == {
        "mp": ["member of parliament", "lawmaker"],
        "Members of Parliament": ["MP", "lawmaker"],
    }


def test_the_longest_run_counts_and_none_within_it() -> None:
    assert alternatives("new york floods") == {"new york": ["NYC"]}
    assert alternatives("york floods") == {"york": ["Eboracum"]}


def test_a_stop_word_has_synonyms_where_it_is_all_there_is_and_is_never_one() -> None:
    assert alternatives("they said it again") == {}
    assert alternatives("IT") == {"IT": ["information technology"]}
    assert alternatives("information technology") == {}


def test_lines_add_up_and_nothing_stands_for_itself() -> None:
    assert alternatives("car", "car, auto\ncar, auto, Autos, CARS, motor\n") == {"car": ["auto", "motor"]}


def test_blank_lines_comments_and_ends_of_lines_are_passed_over() -> None:
    assert parse_synonyms("\r\n # a, b\r\n\n", "synonyms.txt") == []
    assert parse_synonyms(" a , b c \r\n", "synonyms.txt") == [Rule(["a", "b c"], ["a", "b c"], "synonyms.txt:1")]


@pytest.mark.parametrize(
    ("line", "value", "allowed"),
    [
        ("alone", "'alone'", "words parted by commas, or words => words, without a backslash"),
        ("a => b => c", "'a => b => c'", "words parted by commas, or"),
        (r"a\,b, c", r"'a\\\\,b, c'", "words parted by commas, or"),
        ("a, , b", "''", "1 to 8 words of letters and digits"),
        ("a =>", "''", "1 to 8 words"),
        ("=> a", "''", "1 to 8 words"),
        ("a, !!", "'!!'", "1 to 8 words"),
        ("a, " + "b " * (MOST_WORDS + 1), "'b b b b b b b b b'", "1 to 8 words"),
    ],
)
def test_a_wrong_line_is_told_by_its_number_with_what_is_allowed(line: str, value: str, allowed: str) -> None:
    with pytest.raises(InvalidValue, match=rf"home/synonyms\.txt:2 is {value}, allowed: {allowed}"):
        parse_synonyms(f"right, correct\n{line}\n", "home/synonyms.txt")


def test_a_word_has_at_most_twenty_synonyms_over_all_lines() -> None:
    lines = "".join(f"word => other{number}\n" for number in range(MOST_SYNONYMS))
    assert len(alternatives("word", lines)["word"]) == MOST_SYNONYMS
    with pytest.raises(InvalidValue, match=r"synonyms\.txt:21 is 'word', allowed: at most 20 synonyms for one"):
        alternatives("word", lines + "word => last")


@given(st.text(alphabet="ab ,=>#\\\n\r!é0", max_size=60), st.lists(st.sampled_from(["a", "b", "ab", "é"]), max_size=6))
def test_any_text_is_rules_or_an_error_and_every_alternative_is_for_words_of_the_query(
    text: str, query: list[str]
) -> None:
    with suppress(InvalidValue):
        rules = parse_synonyms(text, "synonyms.txt")
        found = Synonyms(rules, ENGLISH).alternatives(query)
        for each in found:
            meant = {other for rule in rules for other in rule.meant}
            assert " ".join(each.words) in " ".join(query)
            assert 1 <= len(each.others) <= MOST_SYNONYMS
            assert set(each.others) <= meant


words = st.sampled_from(["mayor", "harbour bridge", "MP", "ferry", "port strike talks"])


@given(st.lists(st.lists(words, min_size=2, max_size=5, unique=True), max_size=6))
def test_whatever_lines_are_written_are_the_rules_that_are_read(groups: list[list[str]]) -> None:
    text = "".join(f"{', '.join(group)}\n" for group in groups)
    expected = [Rule(group, group, f"s:{number}") for number, group in enumerate(groups, start=1)]
    assert parse_synonyms(text, "s") == expected
