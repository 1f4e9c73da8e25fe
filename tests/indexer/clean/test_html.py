import pytest

from indexer.clean.html import plain_text


def words(text: str) -> list[str]:
    return plain_text(text).split()


@pytest.mark.parametrize(
    "text",
    ["if a < b and b > c", "3 < 5", "<3 from the newsroom", "p<q", "<unknown>tag</unknown>", "Tom & Ann", ""],
)
def test_text_without_a_known_tag_is_left_as_it_came(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Tom &amp; Ann", "Tom & Ann"),
        ("caf&eacute;", "café"),
        ("&#8220;Rain&#x201D;", "“Rain”"),
        ("&lt;p&gt;Rain&lt;/p&gt;", "<p>Rain</p>"),
    ],
)
def test_entities_are_resolved_once_in_plain_text_too(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.parametrize(
    "tag",
    ["script", "style", "noscript", "template", "iframe", "object", "svg", "title", "select", "button", "form", "nav"],
)
def test_what_runs_hides_or_serves_the_page_is_dropped_and_what_follows_it_kept(tag: str) -> None:
    assert words(f"<p>Rain</p><{tag}>x() <b>y</b></{tag}> then <b>sun</b>") == ["Rain", "then", "sun"]


def test_attributes_are_no_text() -> None:
    assert words('<p onclick="x()" title="no">Rain <img src=x alt="no" onerror="x()">fell</p>') == [
        "Rain",
        "fell",
    ]


def test_blocks_are_parted_by_blank_lines() -> None:
    assert plain_text("<p>One</p>two<div>three</div>").strip() == "One\n\ntwo\n\nthree"


@pytest.mark.parametrize(("text", "plain"), [("a<br>b", "a\nb"), ("a<br/>b", "a\nb"), ("a<br><br>b", "a\n\nb")])
def test_a_break_is_one_line_break(text: str, plain: str) -> None:
    assert plain_text(text).strip() == plain


def test_inline_tags_part_no_words() -> None:
    assert words("<p>Har<b>bour</b> br<em>id</em>ge</p>") == ["Harbour", "bridge"]


def test_cells_of_a_table_are_parted() -> None:
    text = "<table><tr><th>Team</th><th>Points</th></tr><tr><td>Gannets</td><td>31</td></tr></table>"
    assert words(text) == ["Team", "Points", "Gannets", "31"]


def test_comments_and_processing_instructions_say_nothing() -> None:
    assert words("<p>Rain <!-- no <p>no</p> -->and<?php no ?> sun</p>") == ["Rain", "and", "sun"]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- only a comment -->",
        "<html></html>",
        "<html><head></head></html>",
        "<html><title>x</title></html>",
        "<!doctype html><!-- x -->",
        "<p",
        "<p>",
        "</p>",
        "<svg/>",
        "<body",
        "<html><frameset><frame></frameset></html>",
    ],
)
def test_markup_without_text_is_empty_text(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<?xml version='1.0' encoding='utf-8'?><p>Rain", ["Rain"]),
        ("<!doctype html><html><body><p>Rain</body></html>", ["Rain"]),
        ("<html><head><title>no</title></head>Rain<p>fell", ["Rain", "fell"]),
        ("<p>Rain <b>fell <i>all</b> day</i>", ["Rain", "fell", "all", "day"]),
        ("Rain</div></div></body><p>fell", ["Rain", "fell"]),
        ("<p>Rain <a href='x>fell</a>", ["Rain"]),
    ],
)
def test_malformed_markup_gives_the_text_a_browser_would_show(text: str, plain: list[str]) -> None:
    assert words(text) == plain


def test_unclosed_tags_of_a_thousand_paragraphs_lose_no_text() -> None:
    assert words("<font>x " * 1_000 + "<p>end") == [*["x"] * 1_000, "end"]


def test_nesting_deeper_than_any_page_does_not_crash() -> None:
    assert isinstance(plain_text("<div>" * 100_000 + "Rain" + "</div>" * 100_000), str)
