from hypothesis import given
from hypothesis import strategies as st

from indexer.events.query import folded, merged


def test_ways_to_type_one_query_are_merged() -> None:
    typed = ["Cafe\u0301  STRASSE", " café straße", "CAFÉ\tstrasse "]
    assert {merged(each) for each in typed} == {"café strasse"}


def test_a_query_with_operators_or_without_a_word_has_no_merged_or_folded_form() -> None:
    assert [merged(each) for each in ('"heavy rain"', "rain -snow", "rain " * 33)] == ["", "", ""]
    assert [folded(each) for each in ("", "—", "¿?")] == ["", "", ""]


@given(st.text())
def test_merging_and_folding_twice_changes_nothing_more(text: str) -> None:
    assert merged(merged(text)) == merged(text)
    assert folded(folded(text)) == folded(text)
    folded(text).encode()
