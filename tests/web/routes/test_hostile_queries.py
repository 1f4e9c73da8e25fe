"""What nobody means well with: queries and articles that try to break a parser or a page."""

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.article import Article
from tests.web.newsroom import Newsroom
from tests.web.routes.harbour import ARTICLES

HOSTILE_TITLE = "<script>alert('1')</script> & \"harbour\" <mark>x</mark> &lt;b&gt;"


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Nobody changes it."""
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


HOSTILE_QUERIES = [
    "q=" + "(" * 256,
    "q=" + "(" * 5000,
    "q=" + "%28a" * 128,
    "q=" + "NOT+" * 32,
    "q=NOT+NOT+harbour+AND+OR",
    "q=title:harbour+text:*+labels:section:metro+number:[0+TO+9]",
    "q=harbour~2^1000+%2F.*%2F+%5Cx+*%3F*",
    "q=" + "-" * 256,
    "q=" + "%22" * 255,
    "q=-%22-%22-",
    "q=%00harbour%00",
    "q=%ff%fe",
    "q=%ed%a0%80%ed%bf%bf",
    "q=%f4%8f%bf%bf%ef%bf%be",
    "q=" + "%CC%81" * 200,
    "q=%E2%80%AE%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80",
    "q=" + "%EF%B7%BA" * 256,
    "q=" + "%F0%9F%98%80" * 256,
    "q='+OR+1=1;--&section='+OR+1=1;--",
    "section=%00&tag=%ff&author=:&source=%0a",
    "%ff=%ff",
    "q",
    "&&==&",
]


@pytest.mark.parametrize("query", HOSTILE_QUERIES)
@pytest.mark.parametrize("path", ["/api/search", "/search", "/"])
def test_a_hostile_query_is_answered_or_refused(newsroom: Newsroom, path: str, query: str) -> None:
    assert newsroom.client.get(path, query_string=query).status_code in (200, 400)


def assert_only_marks(highlight: str, text: str) -> None:
    """The highlight is a passage of the text, escaped, and `<mark>` around words is its only markup."""
    escaped = re.sub(r"<mark>([^<>]*)</mark>", r"\1", highlight)
    assert not set(escaped) & set("<>\"'")
    assert unescape(escaped).strip("…") in " ".join(text.split())


@given(st.text(max_size=256))
@example("<b>harbour</b>")
@example("mark harbour amp lt gt quot 39 x27")
def test_no_query_makes_markup_of_highlights(newsroom: Newsroom, query: str) -> None:
    response = newsroom.get("/api/search", q=query)
    assert response.status_code in (200, 400)
    for hit in response.get_json().get("hits", []):
        article = next(article for article in ARTICLES if article.id == hit["id"])
        assert_only_marks(hit["highlights"]["title"], article.title)
        assert_only_marks(hit["highlights"]["body"], f"{article.summary} {article.body}")


@settings(max_examples=12)
@given(title=st.text(alphabet="<>&\"';/ maréb", min_size=1), body=st.text(alphabet="<>&\"';/.\n maréb"))
@example(title=HOSTILE_TITLE, body="</mark><img src=x onerror=alert(1)>" * 20)
def test_no_article_makes_markup_of_highlights(tmp_path_factory: pytest.TempPathFactory, title: str, body: str) -> None:
    article = Article("hostile", f"{title} harbour", body)
    newsroom = Newsroom(tmp_path_factory.mktemp("hostile"), [article])
    (hit,) = newsroom.json("/api/search", q="harbour mark alert b amp", mode="lexical")["hits"]
    assert_only_marks(hit["highlights"]["title"], article.title)
    assert_only_marks(hit["highlights"]["body"], body)


def test_a_hostile_title_is_escaped_to_the_letter(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [Article("hostile", HOSTILE_TITLE)])
    (hit,) = newsroom.json("/api/search", q="harbour")["hits"]
    assert hit["title"] == HOSTILE_TITLE
    assert hit["highlights"]["title"] == (
        "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; &quot;<mark>harbour</mark>&quot;"
        " &lt;mark&gt;x&lt;/mark&gt; &amp;lt;b&amp;gt;"
    )
