from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import InvalidValue
from search.text.query_syntax import MOST_TERMS, ParsedQuery, parse_query, query_parts, written


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("harbour bridge", ParsedQuery(("harbour", "bridge"), meaning="harbour bridge")),
        (
            'what is the "hot line" plan',
            ParsedQuery(("what", "is", "the", "plan"), ("hot line",), (), "what is the hot line plan"),
        ),
        ("“curly quotes” -not", ParsedQuery((), ("curly quotes",), ("not",), "curly quotes")),
        ('-"dock strike" talks', ParsedQuery(("talks",), (), ("dock strike",), "talks")),
        ('"never closed', ParsedQuery((), ("never closed",), (), "never closed")),
        ("co-op covid-19", ParsedQuery(("co-op", "covid-19"), meaning="co-op covid-19")),
        ("mayor – resigns", ParsedQuery(("mayor", "resigns"), meaning="mayor resigns")),
        ("mayor –resigns", ParsedQuery(("mayor", "resigns"), meaning="mayor resigns")),
        ('- -- "" "-" ( ) ...', ParsedQuery()),
        ("   ", ParsedQuery()),
        (
            "title:bridge AND (x OR y)",
            ParsedQuery(("title:bridge", "AND", "(x", "OR", "y)"), meaning="title:bridge AND (x OR y)"),
        ),
    ],
)
def test_only_quotes_and_a_minus_are_syntax(text: str, parsed: ParsedQuery) -> None:
    assert parse_query(text) == parsed


def test_more_than_32_words_are_refused_with_the_number_that_is_allowed() -> None:
    assert len(parse_query("word " * MOST_TERMS).words) == MOST_TERMS
    with pytest.raises(InvalidValue, match="q is '33 words', allowed: at most 32"):
        parse_query("word " * (MOST_TERMS + 1))


@given(st.text(max_size=256))
def test_any_text_is_a_query_or_too_long(text: str) -> None:
    with suppress(InvalidValue):
        parsed = parse_query(text)
        for part in (*parsed.words, *parsed.phrases, *parsed.excluded):
            assert any(character.isalnum() for character in part)


@given(st.text(max_size=60) | st.text(alphabet='ab -"\n', max_size=30))
def test_what_is_written_from_parts_has_these_parts(text: str) -> None:
    assert query_parts(written(query_parts(text))) == query_parts(text)
