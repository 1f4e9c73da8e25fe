import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.clean.article import clean_article
from indexer.item import Item, Refusal
from indexer.sources.page import page_id
from indexer.sources.rss import read_rss
from indexer.sources.site import Fetched, Site
from search.article import Article
from search.errors import InvalidValue, Unavailable
from tests.builders import utc
from tests.indexer.sources.stories import STORY
from tests.indexer.sources.test_html_page import html
from tests.indexer.sources.web_site import WebSite

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The paper</title>
<item><title>Rain &amp;amp; wind</title><link>{0}/rain</link><pubDate>Tue, 12 May 2026 09:30:00 +0100</pubDate>
 <dc:creator>Ada Lund</dc:creator><category>Weather</category><description>All &lt;b&gt;day&lt;/b&gt;.</description>
 <content:encoded><![CDATA[<p>It rained.</p><p>And blew.</p><script>alert(1)</script>]]></content:encoded></item>
<item><title>Bridge to close</title><link>{0}/bridge</link></item>
<item><title>Elsewhere</title><link>http://169.254.169.254/latest</link></item>
<item><title>Gone</title><guid>{0}/gone</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Rain</title><link rel="self" href="{0}/x"/>
<link href="{0}/rain"/><published>2026-05-12T08:30:00Z</published><author><name>Ada Lund</name></author>
<category term="Weather"/><content type="html">&lt;p&gt;It rained.&lt;/p&gt;</content></entry></feed>"""


def read(site: WebSite, feed: str) -> list[Item | Refusal]:
    site.pages["/feed"] = feed.format(site.address).encode()
    return list(read_rss(f"{site.address}/feed", Site(site.address, wait=lambda seconds: None)))


def test_articles_of_a_feed_are_whole_where_it_has_them_and_else_fetched_from_their_pages(site: WebSite) -> None:
    site.pages["/bridge"] = html()
    rain, bridge, elsewhere, gone = read(site, RSS)
    assert isinstance(rain, Item)
    assert clean_article(rain.record) == Article(
        page_id(f"{site.address}/rain"),
        "Rain & wind",
        "It rained.\n\nAnd blew.",
        summary="All day.",
        published=utc(2026, 5, 12, 8, 30),
        tags=("Weather",),
        authors=("Ada Lund",),
        url=f"{site.address}/rain",
    )
    assert isinstance(bridge, Item)
    assert (bridge.record["title"], bridge.record["url"]) == ("Bridge to close", f"{site.address}/bridge")
    assert (bridge.record["id"], bridge.blocks) == (page_id(f"{site.address}/bridge"), STORY)
    assert str(elsewhere).endswith(
        "link is 'http://169.254.169.254/latest', allowed: a page of " + Site(site.address).host
    )
    assert str(gone) == f"{site.address}/gone:4: link is answered with 404, allowed: 200"
    assert site.asked == ["/feed", "/bridge", "/gone"]


def test_atom_is_read_alike(site: WebSite) -> None:
    (rain,) = read(site, ATOM)
    assert isinstance(rain, Item)
    found = clean_article(rain.record)
    assert (found.title, found.body, found.url) == ("Rain", "It rained.", f"{site.address}/rain")
    assert (found.published, found.authors, found.tags) == (utc(2026, 5, 12, 8, 30), ("Ada Lund",), ("Weather",))


def test_no_entity_is_resolved_and_none_explodes(site: WebSite) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    body = "<item><title>a&f;b&l11;</title><link>{0}/rain</link><description>x</description></item>"
    items = read(site, f'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">{laughs}]><rss>{body}</rss>')
    assert "root:" not in str(items)
    assert len(str(items)) < 1_000


@pytest.mark.parametrize("data", [b"", b"no feed", b"{}", b"\xff\xfe\x00"])
def test_what_is_no_feed_is_told(site: WebSite, data: bytes) -> None:
    site.pages["/feed"] = data
    with pytest.raises(InvalidValue, match="allowed: the address of XML: a feed or a sitemap"):
        list(read_rss(f"{site.address}/feed", Site(site.address)))


def test_a_feed_that_is_not_there_is_told(site: WebSite) -> None:
    with pytest.raises(Unavailable, match="/feed answers with 404"):
        list(read_rss(f"{site.address}/feed", Site(site.address)))


@given(
    data=st.binary(max_size=300)
    | st.text(alphabet="<>/item entrylinktitle&;![]CDATA\"'=", max_size=300).map(str.encode)
)
def test_no_feed_is_a_crash(data: bytes) -> None:
    class Told(Site):
        def fetch(self, address: str, most: int = 0) -> Fetched:
            return Fetched(200, data)

    try:
        items = list(read_rss("http://paper.example/feed", Told("http://paper.example")))
    except InvalidValue:
        return
    assert all(isinstance(each, Item | Refusal) for each in items)
