"""WordPress: every post of a site by its REST API (developer.wordpress.org/rest-api), a hundred at a time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from indexer.item import Item, Refusal
from indexer.sources.site import Site
from search.errors import InvalidValue, Unavailable

POSTS = "wp-json/wp/v2/posts"
PER_PAGE = 100  # the most that it gives
ASKED = {"per_page": PER_PAGE, "order": "asc", "orderby": "id", "_embed": "author,wp:term,wp:featuredmedia"}
BEYOND = 400  # what it answers to a page after the last


def read_wordpress(address: str, site: Site) -> Iterator[Item | Refusal]:
    """Every post that anybody may read, the oldest first.

    Raises Unavailable where the site does not answer, InvalidValue where it is not WordPress.
    """
    number, line, is_more = 1, 0, True
    while is_more:
        fetched = site.fetch(f"{address.rstrip('/')}/{POSTS}?{urlencode({**ASKED, 'page': number})}")
        if fetched.status == BEYOND and number > 1:
            return
        posts = _posts(fetched.data) if fetched.status == 200 else None
        if posts is None and number > 1:
            raise Unavailable(f"{address} answers page {number} of its posts with {fetched.status}; run it again")
        if posts is None:
            raise InvalidValue("URL", address, f"a WordPress site whose {POSTS} can be read")
        for post in posts:
            line += 1
            yield _item(post, address, line)
        number, is_more = number + 1, len(posts) == PER_PAGE


def _posts(data: bytes) -> Sequence[object] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _item(post: object, origin: str, line: int) -> Item | Refusal:
    if not isinstance(post, dict) or not isinstance(post.get("id"), int):
        return Refusal(origin, line, "post", repr(post)[:200], "an object with an id, a number")
    terms = [each for group in _embedded(post, "wp:term") if isinstance(group, list) for each in group]
    categories, tags = _names(terms, "category"), _names(terms, "post_tag")
    record = {
        "id": f"wp-{post['id']}",
        "title": _rendered(post, "title"),
        "body": _rendered(post, "content"),
        "summary": _rendered(post, "excerpt"),
        "published": _utc(post, "date_gmt"),
        "updated": _utc(post, "modified_gmt"),
        "section": categories[0] if categories else None,
        "tags": tags + categories[1:],
        "authors": _names(_embedded(post, "author")),
        "url": post.get("link"),
        "image": next((_address(each) for each in _embedded(post, "wp:featuredmedia")), None),
    }
    return Item(record, origin, line)


def _rendered(post: Mapping[str, Any], field: str) -> object:
    value = post.get(field)
    return value.get("rendered") if isinstance(value, dict) else value


def _utc(post: Mapping[str, Any], field: str) -> object:
    """A time that WordPress tells in UTC without saying so; drafts that were never dated have none."""
    value = post.get(field)
    return f"{value}Z" if isinstance(value, str) and value else value


def _embedded(post: Mapping[str, Any], field: str) -> Sequence[object]:
    embedded = post.get("_embedded")
    found = embedded.get(field) if isinstance(embedded, dict) else None
    return found if isinstance(found, list) else []


def _names(things: Sequence[object], taxonomy: str | None = None) -> list[object]:
    """The names of authors, or of the terms of one taxonomy."""
    told = [each for each in things if isinstance(each, dict) and each.get("taxonomy") == taxonomy]
    return [each["name"] for each in told if each.get("name")]


def _address(media: object) -> object:
    return media.get("source_url") if isinstance(media, dict) else None
