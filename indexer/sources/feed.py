"""What RSS, Atom and sitemaps share: XML from elsewhere, and the article pages that they lead to."""

from typing import Any

import lxml.etree

from indexer.item import Item, Refusal
from indexer.sources.html_page import read_html
from indexer.sources.page import LARGEST_PAGE, Fields
from indexer.sources.paths import page_item
from indexer.sources.site import Site
from search.errors import InvalidValue, Unavailable


def fetched_root(site: Site, address: str) -> Any:
    """The root of a feed; entities are not resolved, and nothing else is loaded.

    Raises Unavailable where it does not answer, InvalidValue for what is no XML.
    """
    fetched = site.fetch(address)
    if fetched.status != 200:
        raise Unavailable(f"{address} answers with {fetched.status}")
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = lxml.etree.fromstring(fetched.data, parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise InvalidValue("URL", address, "the address of XML: a feed or a sitemap")
    return root


def named(element: Any) -> str:
    """The name of an element, whatever its namespace; "" of a comment."""
    return lxml.etree.QName(element).localname if isinstance(element.tag, str) else ""


def texts(element: Any, name: str) -> list[str]:
    """The texts of an element's children of a name, those that say something."""
    found = ("".join(child.itertext()).strip() for child in element if named(child) == name)
    return [text for text in found if text]


def article_page(site: Site, address: str, line: int, fields: Fields) -> Item | Refusal:
    """The article of a page of the site; what `fields` say of it is believed before what it says itself."""
    if not site.has(address):
        return Refusal(site.host, line, "link", repr(address[:200]), f"a page of {site.host}")
    try:
        fetched = site.fetch(address, LARGEST_PAGE)
    except Unavailable as error:
        return Refusal(address, line, "link", str(error), "a page that can be fetched")
    if fetched.status != 200:
        return Refusal(address, line, "link", f"answered with {fetched.status}", "200")
    found = page_item(lambda: read_html(fetched.data, address), address)
    if isinstance(found, Refusal):
        return found
    return Item({**found.record, **fields}, address, line, found.site, found.blocks)
