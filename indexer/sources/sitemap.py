"""Sitemaps (sitemaps.org, with Google's news extension): every article page of a site, fetched one after the other."""

from collections.abc import Iterator
from typing import Any

from indexer.item import Item, Refusal
from indexer.sources.feed import article_page, fetched_root, named, texts
from indexer.sources.page import Fields
from indexer.sources.site import Site
from search.errors import InvalidValue, Unavailable

MOST_SITEMAPS = 10_000  # of one site


def read_sitemap(address: str, site: Site) -> Iterator[Item | Refusal]:
    """The articles of the pages that a sitemap names, or those that it names.

    Raises Unavailable where the first does not answer, InvalidValue where it is none; what fails later is refused.
    """
    waiting, seen, line = [address], {address}, 0
    for sitemap in waiting:  # which grows meanwhile
        try:
            root = fetched_root(site, sitemap)
        except (Unavailable, InvalidValue) as error:
            if sitemap == address:
                raise
            line += 1
            yield Refusal(sitemap, line, "sitemap", str(error), "a sitemap that can be read")
            continue
        for entry in root:
            for found in texts(entry, "loc")[:1]:
                if named(entry) == "sitemap" and found not in seen and len(seen) < MOST_SITEMAPS:
                    seen.add(found)
                    waiting.append(found)
                elif named(entry) == "url":
                    line += 1
                    yield article_page(site, found, line, _fields(entry))


def _fields(entry: Any) -> Fields:
    """What the news extension says of an article; nothing where it is not used."""
    said: Fields = {}
    for news in (each for each in entry if named(each) == "news"):
        tags = [tag.strip() for text in texts(news, "keywords") for tag in text.split(",")]
        said = {
            "title": next(iter(texts(news, "title")), ""),
            "published": next(iter(texts(news, "publication_date")), ""),
            "tags": [tag for tag in tags if tag],
        }
    return {name: value for name, value in said.items() if value}
