from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest

from search.article import Article
from tests.builders import settings
from tests.web.newsroom import Newsroom
from tests.web.routes.harbour import ARTICLES, BRIDGE, FERRY

HOSTILE = Article("<i>&\"'", '<b>]]></title> & "harbour"', "<script>alert(1)</script>", authors=("A & B",))


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Nobody changes it."""
    return Newsroom(tmp_path_factory.mktemp("home"), [*ARTICLES, HOSTILE])


def xml(newsroom: Newsroom, path: str, **query: object) -> Any:
    response = newsroom.get(path, **query)
    assert response.status_code == 200, response.text
    return lxml.etree.fromstring(response.data)


def test_a_search_is_a_feed_with_the_newest_first(newsroom: Newsroom) -> None:
    response = newsroom.get("/search.rss", q="harbour bridge")
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = lxml.etree.fromstring(response.data).find("channel")
    assert channel.findtext("title") == "harbour bridge – Broadsheet"
    assert channel.findtext("link") == "http://localhost/search?q=harbour+bridge"
    assert [item.findtext("guid") for item in channel.findall("item")] == ["bridge", "ferry", "opening"]
    item = channel.find("item")
    assert {child.tag: child.text for child in item} == {
        "title": BRIDGE.title,
        "link": BRIDGE.url,
        "guid": "bridge",
        "pubDate": "Sun, 10 May 2026 09:00:00 +0000",
        "description": "It shuts at noon.",
        "{http://purl.org/dc/elements/1.1/}creator": "Ada Brill",
        "category": "Metro",
    }
    assert parsedate_to_datetime(item.findtext("pubDate")) == BRIDGE.published
    assert channel.findall("item")[1].findtext("link") == f"http://localhost/articles/{FERRY.id}"


def test_a_feed_takes_what_a_search_takes(newsroom: Newsroom) -> None:
    guids = xml(newsroom, "/search.rss", section="metro", size=1).xpath("//guid/text()")
    assert guids == ["bridge"]
    assert newsroom.get("/search.rss", size=0).status_code == 400
    assert xml(newsroom, "/search.rss", q="quantum", mode="lexical").xpath("//item") == []


def test_what_others_hang_on_to_the_link_of_a_feed_is_not_asked_and_not_told(newsroom: Newsroom) -> None:
    feed = xml(newsroom, "/search.rss", q="harbour bridge", utm_source="letter", _scheme="javascript", section="")
    assert feed.xpath("string(channel/link)") == "http://localhost/search?q=harbour+bridge"
    assert len(feed.xpath("//item")) == 3
    assert newsroom.get("/opensearch.xml", utm_source="letter").status_code == 200


def test_behind_a_proxy_that_ends_tls_addresses_are_of_https(newsroom: Newsroom) -> None:
    for protocol, scheme in (("https", "https"), ("", "http"), ("https", "https")):
        response = newsroom.client.get("/search.rss?q=ferry", headers={"X-Forwarded-Proto": protocol})
        assert lxml.etree.fromstring(response.data).findtext("channel/link") == f"{scheme}://localhost/search?q=ferry"


def test_text_of_any_kind_is_text_in_a_feed(newsroom: Newsroom) -> None:
    feed = xml(newsroom, "/search.rss", size=50)
    (item,) = [each for each in feed.iter("item") if each.findtext("guid") == HOSTILE.id]
    assert (item.findtext("title"), item.findtext("description")) == (HOSTILE.title, HOSTILE.body)
    assert item.xpath("*[local-name() = 'creator']/text()") == ["A & B"]


@pytest.mark.parametrize("q", ["\x00\x08\x0b", "a\x1bb", "]]>", "<!--", "\ufffe\uffff", "&#0;", "🌉"])
def test_no_query_breaks_a_feed(newsroom: Newsroom, q: str) -> None:
    assert xml(newsroom, "/search.rss", q=q).find("channel") is not None


def test_browsers_are_told_how_to_search_here(newsroom: Newsroom) -> None:
    response = newsroom.get("/opensearch.xml")
    assert response.headers["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    description = lxml.etree.fromstring(response.data)
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert description.xpath("string(o:ShortName)", namespaces=space) == "Broadsheet"
    (template,) = description.xpath("o:Url[@type='text/html']/@template", namespaces=space)
    assert template == "http://localhost/search?q={searchTerms}"
    assert newsroom.get(template.replace("{searchTerms}", "harbour")).status_code == 200


def test_a_long_name_of_a_site_is_cut_where_the_format_says(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES)
    named = settings(tmp_path, site_name="The Tarrowmouth Observer")
    object.__setattr__(newsroom.app.extensions["broadsheet"], "settings", named)
    assert "<ShortName>The Tarrowmouth</ShortName>" in newsroom.get("/opensearch.xml").text


def test_pages_lead_to_the_feed_and_to_the_description(newsroom: Newsroom) -> None:
    document = lxml.html.fromstring(newsroom.get("/search", q="harbour bridge", page=2, size=1).text)
    (feed,) = document.xpath("//link[@rel='alternate']/@href")
    assert newsroom.get(feed).mimetype == "application/rss+xml"
    assert feed == "/search.rss?q=harbour+bridge&size=1"
    (search,) = document.xpath("//link[@rel='search']/@href")
    assert newsroom.get(search).mimetype == "application/opensearchdescription+xml"
