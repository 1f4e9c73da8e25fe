"""RSS 2.0, RSS 1.0 and Atom: the newest articles of a site, whole where the feed has them, else from their pages."""

from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any

from indexer.item import Item, Refusal
from indexer.sources.feed import article_page, fetched_root, named, texts
from indexer.sources.page import Fields, page_id
from indexer.sources.site import Site

ENTRIES = {"item", "entry"}
DATES = ("pubDate", "published", "date", "issued", "updated")
BODIES = ("encoded", "content")


def read_rss(address: str, site: Site) -> Iterator[Item | Refusal]:
    """The articles of a feed, in its order. Raises Unavailable where it does not answer, InvalidValue for no feed."""
    entries = [each for each in fetched_root(site, address).iter() if named(each) in ENTRIES]
    for line, entry in enumerate(entries, start=1):
        link, fields = _link(entry), _fields(entry)
        if "body" in fields and link:
            yield Item({"id": page_id(link), "url": link, **fields}, address, line)
        else:
            yield article_page(site, link, line, fields)


def _link(entry: Any) -> str:
    """The address of an entry's article: what Atom calls its alternate, else a link's text."""
    for child in entry:
        if named(child) == "link" and child.get("rel", "alternate") == "alternate":
            found = (child.get("href") or child.text or "").strip()
            if found:
                return str(found)
    return next((text for text in texts(entry, "guid") if text.startswith("http")), "")


def _fields(entry: Any) -> Fields:
    """What an entry says of its article; what it does not say is left out."""
    bodies = [text for name in BODIES for text in texts(entry, name)]
    authors = texts(entry, "creator")
    authors += [name for each in entry if named(each) == "author" for name in texts(each, "name")]
    categories = [each.get("term") or (each.text or "") for each in entry if named(each) == "category"]
    said: Fields = {
        "title": next(iter(texts(entry, "title")), ""),
        "summary": next(iter(texts(entry, "description") + texts(entry, "summary")), ""),
        "body": bodies[0] if bodies else "",
        "published": next((_iso(text) for name in DATES for text in texts(entry, name)), ""),
        "authors": authors,
        "tags": [text.strip() for text in categories if text.strip()],
    }
    return {name: value for name, value in said.items() if value}


def _iso(date: str) -> str:
    """A date of RFC 822 in ISO 8601; any other as it is, which is checked with the article.

    >>> _iso("Tue, 12 May 2026 09:30:00 +0100"), _iso("2026-05-12")
    ('2026-05-12T09:30:00+01:00', '2026-05-12')
    """
    with suppress(ValueError, TypeError, OverflowError):
        return parsedate_to_datetime(date).isoformat()
    return date
