from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import lxml.html
import pytest

from search.article import Article
from tests.web.newsroom import Newsroom
from tests.web.routes.reading_pages import (
    ARTICLES,
    BRIDGE,
    HOSTILE,
    OUR_SCRIPTS,
    next_link,
    page,
    query_of,
    to_articles,
    told,
)
from web.params import SearchParams


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    tides = [Article(f"tide-{n}", f"Tide table {n}", "High water.", section="Sea & air") for n in range(25)]
    return Newsroom(tmp_path_factory.mktemp("archive"), tides)


@pytest.mark.parametrize("path", ["/", "/search", "/search?q=harbour&section=Metro&access=free&mode=lexical&size=5"])
def test_the_form_asks_for_nothing_but_what_search_takes(newsroom: Newsroom, path: str) -> None:
    (form,) = page(newsroom, path).forms
    names = set(form.inputs.keys())
    known = {field.alias or name for name, field in SearchParams.model_fields.items()}
    assert (form.method, form.action) == ("GET", "/search")
    assert {"q", "sort", "from", "to"} <= names <= known


def test_the_form_sent_as_it_stands_gives_the_same_page(newsroom: Newsroom) -> None:
    query = "q=harbour&section=Metro+%26+World&sort=newest&from=2020-01-01&explain=1"
    shown = page(newsroom, f"/search?{query}")
    sent = urlencode(shown.forms[0].form_values())
    assert sorted(parse_qsl(sent)) == sorted(parse_qsl(query))


def test_fields_a_reader_leaves_empty_ask_for_nothing(newsroom: Newsroom) -> None:
    empty = page(newsroom, "/search?q=&from=&to=&section=&sort=newest")
    assert to_articles(empty) == to_articles(page(newsroom, "/"))


def test_the_box_holds_what_was_asked(newsroom: Newsroom) -> None:
    query = "\"><script>alert(1)</script> & 'x' harbour"
    response = newsroom.get("/search", q=query)
    assert "<script" not in response.text.replace(OUR_SCRIPTS, "")
    document = lxml.html.fromstring(response.text)
    assert document.forms[0].fields["q"] == query
    assert query in document.find(".//main").text_content()


def test_hits_lead_to_pages_of_articles(newsroom: Newsroom) -> None:
    links = to_articles(page(newsroom, "/search", q="harbour").find(".//main"))
    titles = [page(newsroom, link).findtext(".//h1").strip() for link in links]
    assert sorted(titles) == sorted(article.title for article in ARTICLES)


def test_the_front_page_lists_the_newest(newsroom: Newsroom) -> None:
    first = to_articles(page(newsroom, "/").find(".//main"))[:2]
    assert [page(newsroom, link).findtext(".//h1").strip() for link in first] == [HOSTILE.title, BRIDGE.title]


def test_pages_lead_on_with_the_query_and_end(archive: Newsroom) -> None:
    query = {"q": "tide table", "section": "Sea & air", "sort": "oldest", "explain": "1"}
    document, seen, address = page(archive, "/search", **query), [], ""
    for number in (1, 2, 3):
        seen += to_articles(document.find(".//main"))
        address = next_link(document) or ""
        assert query_of(address) == ({**query, "page": str(number + 1)} if number < 3 else {})
        document = page(archive, address) if address else document
    assert sorted(seen) == sorted(f"/articles/tide-{n}" for n in range(25))
    (back,) = document.xpath("//a[@rel='prev']/@href")
    assert query_of(back) == {**query, "page": "2"}


def test_a_size_that_was_asked_for_is_kept_from_page_to_page(archive: Newsroom) -> None:
    address = next_link(page(archive, "/search", q="tide", size=20))
    assert query_of(address or "") == {"q": "tide", "size": "20", "page": "2"}


def test_one_page_of_hits_has_no_links_to_others(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q="harbour")
    assert document.xpath("//a[@rel='next' or @rel='prev']") == []


def test_nothing_found_is_a_page_that_says_so(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q='"no such words anywhere"')
    assert to_articles(document) == []
    assert "Nothing found" in document.text_content()


def test_without_a_model_the_page_says_that_words_alone_answered(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [BRIDGE], has_model=False)
    document = page(newsroom, "/search", q="bridge")
    assert "model is still loading" in document.find(".//main").text_content()
    assert to_articles(document) == ["/articles/bridge"]


def test_the_scores_are_explained_when_asked_and_only_then(newsroom: Newsroom) -> None:
    assert page(newsroom, "/search", q="harbour").findall(".//table") == []
    assert len(page(newsroom, "/search", q="harbour", explain=1).findall(".//table")) == len(ARTICLES)


def test_a_corrected_search_says_so_and_one_link_undoes_it(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q="<harbuor>", mode="lexical")
    assert "<harbour>" in document.findtext(".//title")
    (notice,) = document.xpath("//p[@class='notice']")
    assert notice.text_content() == ("Showing results for <harbour>. Search instead for <harbuor>")
    assert to_articles(document.find(".//main"))
    (undo,) = notice.xpath(".//a/@href")
    assert query_of(undo) == {"q": "<harbuor>", "mode": "lexical", "spelling": "off"}
    as_typed = page(newsroom, undo)
    assert as_typed.xpath("//p[@class='notice']") == []
    assert "Nothing found" in as_typed.text_content()
    (offer,) = [link for link in as_typed.iter("a") if link.text == "<harbour>"]
    assert query_of(offer.get("href")) == {"q": "<harbour>", "mode": "lexical"}


def test_a_query_that_is_right_is_searched_without_a_word_about_it(newsroom: Newsroom) -> None:
    assert page(newsroom, "/search", q="harbour").xpath("//p[@class='notice']") == []


def test_where_nothing_is_found_broader_searches_are_links_that_find_something(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q='"bridge harbour" <harbour>', mode="lexical", section="Metro & World")
    assert "Nothing found" in document.text_content()
    (link,) = [each for each in document.find(".//main").iter("a") if each.text == "bridge harbour <harbour>"]
    assert query_of(link.get("href")) == {
        "q": "bridge harbour <harbour>",
        "mode": "lexical",
        "section": "Metro & World",
    }
    assert to_articles(page(newsroom, link.get("href")).find(".//main"))
    assert "Try fewer words" not in document.text_content()
    assert "Try fewer words" in page(newsroom, "/search", q="quantum", mode="lexical").text_content()


def test_pages_say_where_each_link_stands_for_the_script_that_counts(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q="harbour", size=1, page=2)
    (found,) = document.xpath("//*[@data-search]")
    answer = newsroom.json("/api/search", q="harbour", size=1, page=2)
    assert (found.get("data-search"), found.get("data-total")) == ("harbour", str(answer["total"]))
    assert told(document, "search") == [(answer["hits"][0]["id"], "2")]
    (list_,) = document.xpath("//*[@data-place]")
    assert (list_.get("data-query"), list_.xpath("li/@data-team")) == ("harbour", [])
    assert told(page(newsroom, "/"), "search") == page(newsroom, "/").xpath("//@data-search") == []


def test_a_search_is_narrowed_by_the_sections_and_tags_of_some_of_its_hits(tmp_path: Path) -> None:
    tags = [("quay", "Sea & air"), ("quay",), (), ()]
    tides = [Article(f"tide-{n}", f"Tide {n}", section="News" if n else "Sport", tags=tags[n]) for n in range(4)]
    newsroom = Newsroom(tmp_path, tides)
    document = page(newsroom, "/search", q="tide", mode="lexical")
    lines = [" ".join(each.text_content().split()) for each in document.xpath("//nav[@class='narrower']/p")]
    assert lines == ["Sections: News 3, Sport 1", "Topics: quay 2, Sea & air 1"]
    (link,) = [each.get("href") for each in document.iter("a") if each.text == "quay"]
    assert query_of(link) == {"q": "tide", "mode": "lexical", "tag": "quay"}
    narrowed = page(newsroom, link)
    lines = [" ".join(each.text_content().split()) for each in narrowed.xpath("//nav[@class='narrower']/p")]
    assert lines == ["Sections: News 1, Sport 1"]
    assert page(newsroom, "/").xpath("//nav[@class='narrower']") == []
