import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.clean.article import clean_article
from indexer.sources.page import LARGEST_PAGE, MOST_BLOCKS, MOST_ELEMENTS, Page, read_html, read_text
from search.errors import InvalidValue

SEED = Path(__file__).resolve().parents[4] / "shared/data/seed_page/article.txt"

STORY = (
    "The harbour board voted on Monday to close the old swing bridge for six months from June.",
    "Ferries will run every ten minutes between the two quays until the work is done, it said.",
    "“We were told about it on the radio,” said Ada Lund, who has sold fishing tackle there since 1998.",
)
HEADLINE = "Council Tax to Rise by Four Per Cent in April"
BOX = ("Most read", HEADLINE, "The increase is the largest in ten years.")
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


def text(*blocks: str) -> str:
    return "\n\n".join(blocks)


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
@settings(deadline=None)
def test_any_bytes_are_a_page_or_refused(data: bytes) -> None:
    _is_page_or_refused(lambda: read_html(data))


KEYS = st.sampled_from(["@id", "@type", "name", "url"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.just({"@id": "#post"}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*ARTICLE, "@graph", "@id", "articleBody"]), JSON))
@settings(deadline=None)
def test_any_json_ld_is_a_page_or_refused(node: dict[str, object]) -> None:
    data = html(json.dumps([{**node, "@type": "NewsArticle"}, {"@id": "#post", "name": node}]))
    _is_page_or_refused(lambda: read_html(data))


def _is_page_or_refused(read: Callable[[], Page]) -> None:
    try:
        page = read()
    except InvalidValue:
        return
    clean_article({**page.record, "body": "\n\n".join(page.blocks)})


@pytest.mark.skipif(not SEED.exists(), reason="the page is not part of the project")
def test_the_page_of_the_brief_is_read_without_its_furniture() -> None:
    seed = SEED.read_text(encoding="utf-8").strip().split("\n\n")
    page = read_text("\n\n".join(seed))
    assert page.record == {
        "id": page.record["id"],
        "title": seed[1],
        "published": "2025-05-13T00:00:00+00:00",
        "source": "Yonhap News",
    }
    assert page.blocks == tuple(seed[3:16])
    furniture = ("iphone", "sofa", "diamond", "disney", "hot this week", "topics", "related articles")
    assert not [word for word in furniture if word in "\n".join(page.blocks).lower()]


def test_a_text_tells_its_fields_in_the_lines_above_it() -> None:
    head = (
        "Local",
        "Swing bridge to close for six months",
        "Ferries are to run every ten minutes instead",
        "Riverton Post",
        "By Ada Lund and Tom Reyes, Harbour Correspondent",
        "Published 13 May 2025, 10:32 GMT",
        "5 min read",
    )
    page = read_text(text(*head, *STORY, *BOX))
    assert page == Page(
        record={
            "id": page.record["id"],
            "section": "Local",
            "title": "Swing bridge to close for six months",
            "summary": "Ferries are to run every ten minutes instead",
            "source": "Riverton Post",
            "authors": ["Ada Lund", "Tom Reyes"],
            "published": "2025-05-13T10:32:00+00:00",
        },
        site="",
        blocks=STORY,
    )


def test_a_dek_of_whole_sentences_is_no_lead_where_the_byline_is_under_it() -> None:
    dek = "The harbour board has voted, and from June the ferries will have the river to themselves."
    page = read_text(text("Swing bridge to close for six months", dek, "By Ada Lund", "13 May 2025", *STORY))
    assert (page.record["summary"], page.blocks) == (dek, STORY)


def test_lines_above_the_text_that_tell_nothing_stay_with_it() -> None:
    blocks = ("400 g smoked haddock", "2 large potatoes", "1 litre of milk")
    assert read_text(text("Soup as the ferrymen like it", *blocks, STORY[0])).blocks == (*blocks, STORY[0])


def test_the_headline_said_again_under_the_text_is_not_the_text() -> None:
    assert read_text(text(HEADLINE, *STORY, "Share this", HEADLINE.upper())).blocks == STORY


def test_a_text_without_blank_lines_has_a_block_a_line() -> None:
    assert read_text("\r\n".join([HEADLINE, *STORY])).blocks == STORY


def test_lines_wrapped_by_hand_are_one_block() -> None:
    wrapped = text("Swing bridge to close", *(block.replace(", ", ",\n") for block in STORY))
    assert read_text(wrapped).blocks == STORY


def test_a_text_may_be_prose_from_its_first_line() -> None:
    page = read_text(text(*STORY))
    assert (page.record, page.blocks) == ({"id": page.record["id"], "title": ""}, STORY)


def test_the_same_page_is_the_same_article_whatever_boxes_it_had_that_day() -> None:
    head = ("Swing bridge to close for six months", "13 May 2025")
    known = read_text(text(*head, *STORY)).record["id"]
    assert read_text(text(*head, *STORY, *BOX)).record["id"] == known
    assert read_text(text(head[0], "14 May 2025", *STORY)).record["id"] != known


@pytest.mark.parametrize(
    "page",
    ["", "\0\0", "\n" * 99, HEADLINE, "x" * (LARGEST_PAGE + 1), "Rain.\n\n" * (MOST_BLOCKS + 1)],
    ids=["nothing", "nul", "blank", "headline", "large", "paragraphs"],
)
def test_a_text_with_no_article_in_it_is_refused(page: str) -> None:
    with pytest.raises(InvalidValue, match="page is "):
        read_text(page)


LINES = st.sampled_from([*STORY, *BOX, "By Ada", "13 May 2025", "", "<p"])


@given(st.text() | st.lists(LINES).map("\n\n".join))
@settings(deadline=None)
def test_any_text_is_a_page_or_refused(page: str) -> None:
    _is_page_or_refused(lambda: read_text(page))


def test_a_heap_of_accents_is_read_in_no_time() -> None:
    assert len(read_text(text(HEADLINE, STORY[0] + "a" + "\u0301\u0323" * 1_000_000)).blocks[0]) < 200
