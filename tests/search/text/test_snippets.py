from collections.abc import Sequence
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from search.article import Article
from search.result import Highlights
from search.text.analysis import Analyzer
from search.text.snippets import LONGEST_SNIPPET, highlights, sought
from tests.builders import article

ENGLISH = Analyzer("english")


def shown_of(found: Article, wanted: Sequence[str], analyzer: Analyzer, beside: Sequence[str] = ()) -> Highlights:
    return highlights(found, sought(wanted, analyzer, beside), analyzer)


HOSTILE = st.text(alphabet=st.sampled_from(list("ab<>&\"' .\n\u00e9strike/")), max_size=400)


def test_words_of_the_query_are_marked_in_every_form_they_take() -> None:
    shown = article(title="Dockers strike", body="The striking dockers met. No strikes came of it.")
    assert shown_of(shown, ["strikes"], ENGLISH) == Highlights(
        "Dockers <mark>strike</mark>",
        "The <mark>striking</mark> dockers met. No <mark>strikes</mark> came of it.",
    )


def test_accents_and_case_make_no_difference() -> None:
    shown = article(title="ERDOĞAN in Hørsund", body="Quiet.")
    assert shown_of(shown, ["erdogan", "Horsund"], ENGLISH).title == "<mark>ERDOĞAN</mark> in <mark>Hørsund</mark>"


def test_stop_words_are_marked_only_where_nothing_else_was_asked() -> None:
    shown = article(title="The Who play the pier", body="Loud.")
    assert shown_of(shown, ["the pier"], ENGLISH).title == "The Who play the <mark>pier</mark>"
    assert shown_of(shown, ["the"], ENGLISH).title == "<mark>The</mark> Who play <mark>the</mark> pier"


def test_initials_are_marked_only_where_the_text_has_them_in_capitals() -> None:
    shown = article(title="It is the IT department", body="It burns.")
    assert shown_of(shown, ["IT", "department"], ENGLISH).title == ("It is the <mark>IT</mark> <mark>department</mark>")
    assert shown_of(shown, ["it", "department"], ENGLISH).title == "It is the IT <mark>department</mark>"


def test_the_passage_with_most_of_the_query_is_shown() -> None:
    filler = "Nothing of note was said about the matter in hand. " * 12
    body = f"The bridge is old. {filler}The bridge inquiry opened on Monday. {filler}"
    shown = shown_of(article(body=body), ["bridge", "inquiry"], ENGLISH).body
    assert "<mark>bridge</mark> <mark>inquiry</mark> opened" in shown
    assert shown.endswith("…")


def test_an_article_found_by_meaning_alone_shows_its_dek() -> None:
    shown = article(summary="Ferries & trains are full.", body="Long.")
    assert shown_of(shown, ["congestion"], ENGLISH).body == "Ferries &amp; trains are full."


def test_phrases_beside_the_query_are_marked_whole_and_the_longest_first() -> None:
    shown = article(title="A member of Parliament, a member and MP", body="Members of the parliament met.")
    assert shown_of(shown, ["MP"], ENGLISH, ["member of parliament", "member of"]) == Highlights(
        "A <mark>member of Parliament</mark>, a member and <mark>MP</mark>",
        "<mark>Members of</mark> the parliament met.",
    )


class _Marks(HTMLParser):
    """The text of HTML, and the tags it has."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert attrs == []

    def handle_data(self, data: str) -> None:
        self.text += data


@given(title=HOSTILE, body=HOSTILE, query=HOSTILE, beside=HOSTILE)
def test_whatever_the_text_only_mark_is_markup(title: str, body: str, query: str, beside: str) -> None:
    shown = shown_of(article(title=title or "x", body=body), [query], ENGLISH, [beside])
    for html, source in ((shown.title, title or "x"), (shown.body, body)):
        parser = _Marks()
        parser.feed(html)
        parser.close()
        assert parser.tags <= {"mark"}
        assert parser.text.strip("…") in " ".join(source.split())
        assert len(parser.text) <= max(LONGEST_SNIPPET + 2, len(title))
