import gzip

import pytest

from indexer.clean.article import clean_article
from indexer.item import Item, Refusal
from indexer.sources.site import Site
from indexer.sources.sitemap import read_sitemap
from search.errors import InvalidValue, Unavailable
from tests.builders import utc
from tests.indexer.sources.test_html_page import html
from tests.indexer.sources.web_site import WebSite

NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


def read(site: WebSite) -> list[Item | Refusal]:
    return list(read_sitemap(f"{site.address}/sitemap.xml", Site(site.address, wait=lambda seconds: None)))


def index(*addresses: str) -> bytes:
    inner = "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in addresses)
    return f"<sitemapindex {NAMES}>{inner}</sitemapindex>".encode()


def pages(*addresses: str, news: str = "") -> bytes:
    inner = "".join(f"<url><loc> {each} </loc>{news}</url>" for each in addresses)
    return f"<urlset {NAMES}>{inner}</urlset>".encode()


def test_every_page_of_every_sitemap_is_fetched_once_and_what_fails_is_told(site: WebSite) -> None:
    at = site.address
    site.pages |= {
        "/sitemap.xml": index(f"{at}/a.xml.gz", f"{at}/gone.xml", f"{at}/a.xml.gz", f"{at}/sitemap.xml"),
        "/a.xml.gz": gzip.compress(pages(f"{at}/bridge", f"{at}/about", "https://other.example/x")),
        "/bridge": html(),
        "/about": b"<html><body></body></html>",
    }
    bridge, about, other, gone = read(site)
    assert isinstance(bridge, Item)
    assert clean_article(bridge.record).url == f"{at}/bridge"
    assert [str(each).split(" is ")[0] for each in (about, other, gone)] == [
        f"{at}/about:1: page",
        f"{at.removeprefix('http://')}:3: link",
        f"{at}/gone.xml:4: sitemap",
    ]
    assert site.asked == ["/sitemap.xml", "/a.xml.gz", "/bridge", "/about", "/gone.xml"]


def test_what_the_news_extension_says_goes_before_what_the_page_says(site: WebSite) -> None:
    news = (
        "<n:news><n:publication><n:name>Paper</n:name></n:publication><n:title>Bridge shut</n:title>"
        "<n:publication_date>2026-05-12</n:publication_date><n:keywords>bridge, ferry,</n:keywords></n:news>"
    )
    site.pages |= {"/sitemap.xml": pages(f"{site.address}/bridge", news=news), "/bridge": html()}
    (bridge,) = read(site)
    assert isinstance(bridge, Item)
    found = clean_article(bridge.record)
    assert (found.title, found.published, found.tags) == ("Bridge shut", utc(2026, 5, 12), ("bridge", "ferry"))


def test_where_the_first_sitemap_is_none_that_is_told(site: WebSite) -> None:
    with pytest.raises(Unavailable, match="/sitemap.xml answers with 404"):
        read(site)
    site.pages["/sitemap.xml"] = b"nothing"
    with pytest.raises(InvalidValue, match="allowed: the address of XML"):
        read(site)
