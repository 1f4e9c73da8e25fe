import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.clean.article import clean_article
from indexer.sources.html_page import MOST_ELEMENTS, read_html
from indexer.sources.page import LARGEST_PAGE, MOST_BLOCKS, Page
from search.errors import InvalidValue
from tests.indexer.sources.stories import BOX, STORY, assert_page_or_refused, text

ARTICLE = {
    "@type": ["Article", "NewsArticle"],
    "headline": "Swing bridge to close &amp; ferries to run",
    "description": "<p>Six months of <b>ferries</b>.</p>",
    "datePublished": "2025-05-13T10:32:00+09:00",
    "dateModified": "14 May 2025",
    "articleSection": ["Local", "Transport"],
    "keywords": "bridge, ferry,bridge",
    "author": [{"@type": "Person", "name": "Ada Lund"}, "Tom Reyes", "https://social.example/tom"],
    "publisher": {"@id": "#post"},
    "inLanguage": "en-GB",
    "image": [{"@type": "ImageObject", "url": "https://riverton.example/bridge.jpg"}],
    "isAccessibleForFree": "False",
}
POST = {"@type": "Organization", "@id": "#post", "name": "Riverton Post"}
GRAPH = {"@graph": [{"@type": "WebSite"}, POST, ARTICLE]}


def html(json_ld: str = "", head: str = "", paragraphs: tuple[str, ...] = STORY) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    script = f'<script type="application/ld+json">{json_ld}</script>'
    return (
        f'<!doctype html><html lang="en"><head>{head}{script}</head><body>'
        f'<nav><a href="/">Home</a> <a href="/local">Local</a></nav><main><article>{body}</article></main>'
        '<aside><h3>Most read</h3><ul><li><a href="/1">Council tax to rise in April</a></li></ul></aside>'
        "</body></html>"
    ).encode()


def test_a_page_is_read_from_its_json_ld_and_its_paragraphs() -> None:
    canonical = '<link rel="canonical" href="https://www.riverton.example/local/bridge#comments">'
    assert read_html(html(json.dumps(GRAPH), canonical)) == Page(
        record={
            "id": "page-36576df94279936c",
            "title": "Swing bridge to close & ferries to run",
            "summary": "Six months of ferries.",
            "published": "2025-05-13T01:32:00+00:00",
            "updated": "2025-05-14T00:00:00+00:00",
            "section": "Local",
            "tags": ["bridge", "ferry"],
            "authors": ["Ada Lund", "Tom Reyes"],
            "source": "Riverton Post",
            "language": "en",
            "url": "https://www.riverton.example/local/bridge",
            "image": "https://riverton.example/bridge.jpg",
            "access": "subscriber",
        },
        site="riverton.example",
        blocks=STORY,
    )


def test_where_there_is_no_json_ld_the_meta_tags_tell() -> None:
    metas = {
        "og:title": "Swing bridge to close",
        "og:url": "https://riverton.example/bridge",
        "og:site_name": "Riverton Post",
        "article:published_time": "2025-05-13T10:32:00Z",
        "article:section": "Local",
        "author": "By Ada Lund",
    }
    head = "".join(f'<meta property="{name}" content="{content}">' for name, content in metas.items())
    record = read_html(html(head=head)).record
    assert record.pop("id") == read_html(html(head=head, paragraphs=STORY[:2])).record["id"]
    assert record == {
        "title": "Swing bridge to close",
        "url": "https://riverton.example/bridge",
        "source": "Riverton Post",
        "published": "2025-05-13T10:32:00+00:00",
        "section": "Local",
        "authors": ["Ada Lund"],
        "language": "en",
    }


@pytest.mark.parametrize("json_ld", ["{", "[" * 100_000, '{"@graph": ' * 50_000, "1" * 10_000, '"\\ud800"', "null"])
def test_broken_json_ld_is_passed_over(json_ld: str) -> None:
    page = read_html(html(json_ld, "<title>Swing bridge to close</title>"))
    assert (page.record["title"], page.blocks) == ("Swing bridge to close", STORY)


def test_json_ld_with_values_of_no_use_is_passed_over() -> None:
    node = {
        "@type": "Report",
        "headline": 7,
        "author": {"name": ["x"]},
        "datePublished": "soon",
        "image": "x",
    }
    page = read_html(html(json.dumps(node), "<title>Swing bridge to close</title>"))
    assert set(page.record) == {"id", "title", "language"}


def test_a_record_without_half_a_character_reaches_the_index() -> None:
    page = read_html(html('{"@type": "NewsArticle", "headline": "Bridge \\ud800 closes"}'))
    assert clean_article({**page.record, "body": "\n\n".join(page.blocks)}).title == "Bridge \ufffd closes"


def test_the_headline_and_the_date_over_the_text_are_not_the_text() -> None:
    paragraphs = ("Bridge closes", "13 May 2025", *STORY, *BOX)
    page = read_html(html('{"@type": "Report", "headline": "Bridge closes"}', paragraphs=paragraphs))
    assert (page.blocks, page.record["published"]) == (STORY, "2025-05-13T00:00:00+00:00")


def test_the_body_may_be_in_the_json_ld_alone() -> None:
    page = html(json.dumps({**ARTICLE, "articleBody": text(*STORY)}), paragraphs=())
    assert read_html(page).blocks == STORY


@pytest.mark.parametrize(
    ("encoding", "title"),
    [("iso-8859-1", "Hafenbrücke für Monate geschlossen"), ("euc-kr", "항구 다리 여섯 달 폐쇄")],
)
def test_a_page_is_read_in_the_encoding_it_names(encoding: str, title: str) -> None:
    json_ld = json.dumps({"@type": "NewsArticle", "headline": title}, ensure_ascii=False)
    page = html(json_ld, f'<meta charset="{encoding}">', paragraphs=STORY[:2]).decode().encode(encoding)
    assert read_html(page).record["title"] == title


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 1_000,
        b"{}",
        b"<html><body></body></html>",
        b"<html><body><p>x" + b" " * LARGEST_PAGE,
        b"<html><body>" + b"<i>x</i>" * MOST_ELEMENTS,
        b"<html><body>" + b"<div>" * 100_000 + STORY[0].encode(),
        b"<html><body>" + b"<p>Rain.</p>" * (MOST_BLOCKS + 1),
        gzip.compress(b"<html>" + b"x" * 3 * LARGEST_PAGE),
    ],
    ids=["nothing", "nul", "json", "empty", "large", "elements", "deep", "paragraphs", "bomb"],
)
def test_what_is_no_article_page_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidValue, match="page is "):
        read_html(data)


def test_entities_of_the_pages_own_making_do_not_expand() -> None:
    doctype = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    page = read_html(html().replace(b"<!doctype html>", doctype.encode()).replace(b"it said", b"it said &b;"))
    assert not any("aaaaaaaaaa" in block for block in page.blocks)


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda noise: html().replace(b"Monday", noise)))
def test_any_bytes_are_a_page_or_refused(data: bytes) -> None:
    assert_page_or_refused(lambda: read_html(data))


KEYS = st.sampled_from(["@id", "@type", "name", "url"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.just({"@id": "#post"}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*ARTICLE, "@graph", "@id", "articleBody"]), JSON))
def test_any_json_ld_is_a_page_or_refused(node: dict[str, object]) -> None:
    data = html(json.dumps([{**node, "@type": "NewsArticle"}, {"@id": "#post", "name": node}]))
    assert_page_or_refused(lambda: read_html(data))
