import pytest

from indexer.clean.text import one_line, paragraphs


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Storm \t warning\r\n for\nMonday ", "Storm warning for Monday"),
        ("Storm<br>warning", "Storm warning"),
        ("<b>Storm</b> &amp; flood", "Storm & flood"),
        ("Storm\u00a0warning\u2003today", "Storm warning today"),
        ("Storm\u2028warning", "Storm warning"),
        ("\n\t ", ""),
    ],
)
def test_a_line_is_plain_text_with_single_spaces(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("<p>Rain.</p><p>Sun.</p>", "Rain.\n\nSun."),
        ("Rain.\n\n\n\nSun.", "Rain.\n\nSun."),
        ("Rain.\r\n\r\nSun.", "Rain.\n\nSun."),
        ("Rain.\r\rSun.", "Rain.\n\nSun."),
        ("Rain.\n \t\u00a0\u2003\nSun.", "Rain.\n\nSun."),
        ("Rain\nand wind.", "Rain\nand wind."),
        ("Rain   and\twind.", "Rain and wind."),
        ("<p> </p><p>&nbsp;</p>Rain.", "Rain."),
        ("", ""),
    ],
)
def test_a_body_is_paragraphs_with_one_blank_line_between(text: str, body: str) -> None:
    assert paragraphs(text) == body


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\x00b", "ab"),
        ("a\x01\x1f\x7f\x9fb", "ab"),
        ("a\u200b\u2060\ufeffb", "ab"),
        ("har\u00adbour", "harbour"),
        ("<b>a&#1;b</b>", "ab"),
        ("a\ufffe\uffffb", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("e&#x301;", "é"),
        ("👩\u200d🚒", "👩\u200d🚒"),
    ],
)
def test_characters_that_nobody_sees_go_and_the_others_are_composed(text: str, line: str) -> None:
    assert one_line(text) == line
    assert paragraphs(text) == line


def test_a_paragraph_of_a_million_spaces_takes_no_time_to_find() -> None:
    assert paragraphs("\n" + " " * 1_000_000 + "Rain.") == "Rain."


def test_a_heap_of_accents_is_cut_to_what_a_letter_can_carry() -> None:
    heap = "a" + "\u0301\u0323" * 200_000  # normalising it whole takes a minute and more
    assert len(paragraphs(heap)) <= 31
