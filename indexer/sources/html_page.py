"""One article page as HTML: its fields from JSON-LD and meta tags, its text by trafilatura."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import trafilatura
from trafilatura.utils import load_html

from indexer.sources.page import LARGEST_PAGE, Page, Told, fields_of, page_of, text_blocks
from search.errors import InvalidValue

MOST_ELEMENTS = 50_000  # trafilatura takes 3 seconds and 200 MB for so many; a long article has 5,000
LARGEST_JSON_LD = 1_000_000  # characters

_CHARSET = re.compile(rb"(?i)charset=[\"']?\s*(windows-125\d|iso-8859-\d+|euc-\w\w|shift_jis|gbk|gb2312|big5)")
_ARTICLE_TYPE = re.compile(r"(?:https?://schema\.org/)?(?:\w*Article|\w*BlogPosting|Report)")


class _Place(NamedTuple):
    """Where HTML pages tell one field."""

    name: str  # property of the article in JSON-LD; "" where that is not used
    key: str  # key of the text where the property is an object
    metas: str  # names in what `_from_meta` collects, the likeliest first


_PLACES = {
    "title": _Place("headline", "name", "og:title twitter:title found:title"),
    "summary": _Place("description", "name", "og:description description"),
    "published": _Place("datePublished", "@value", "article:published_time datepublished date time"),
    "updated": _Place("dateModified", "@value", "article:modified_time datemodified"),
    "section": _Place("articleSection", "name", "article:section"),
    "tags": _Place("keywords", "name", "article:tag news_keywords"),
    "authors": _Place("author", "name", "author article:author found:author"),
    "source": _Place("publisher", "name", "og:site_name found:sitename"),
    "language": _Place("inLanguage", "alternateName", "lang og:locale"),
    "url": _Place("", "", "canonical og:url"),
    "image": _Place("image", "url", "og:image twitter:image"),
}


def read_html(data: bytes, address: str = "") -> Page:
    """The article of an HTML page in any encoding. Raises InvalidValue where there is none.

    `address` is where it was fetched, for a page that does not tell its own.
    Where JSON-LD and meta tags both tell a field, JSON-LD is believed.
    """
    tree = _tree(data)
    graph = list(_json_ld(tree))
    article = next((node for node in graph if _is_article(node)), {})
    document = _extracted(tree)
    fields = fields_of(_from_meta(tree, document)) | fields_of(_from_json_ld(article, graph))
    if article.get("isAccessibleForFree") in (False, "False", "false"):
        fields["access"] = "subscriber"
    if address:
        fields.setdefault("url", address)
    text = (document and document.text) or article.get("articleBody")
    return page_of(fields, text_blocks(text) if isinstance(text, str) else [])


def _tree(data: bytes) -> Any:
    if len(data) > LARGEST_PAGE:
        raise InvalidValue("page", len(data), f"at most {LARGEST_PAGE:,} bytes")
    try:
        tree = load_html(_decoded(data), LARGEST_PAGE)
        if tree is None:
            raise ValueError("not HTML")
    except Exception as error:  # whatever a parser fails with, the page is what is wrong
        raise InvalidValue("page", data[:40], "HTML") from error
    count = sum(1 for _ in tree.iter())
    if count > MOST_ELEMENTS:
        raise InvalidValue("page", f"{count:,} elements", f"at most {MOST_ELEMENTS:,} elements")
    return tree


def _decoded(data: bytes) -> bytes | str:
    """The page as text where it is UTF-8 or names its encoding; else as it is, for trafilatura to guess."""
    named = _CHARSET.search(data[:4_096])
    for encoding in ("utf-8", named[1].decode() if named else "ascii"):
        with suppress(UnicodeDecodeError, LookupError):  # pages name encodings that do not exist: iso-8859-12
            return data.decode(encoding)
    return data


def _extracted(tree: Any) -> Any:
    """What trafilatura makes of the page: a document with text and metadata, or None."""
    try:
        return trafilatura.bare_extraction(
            tree, favor_precision=True, include_comments=False, include_tables=False, with_metadata=True
        )
    except Exception as error:  # as in `_tree`
        raise InvalidValue("page", type(error).__name__, "HTML that can be read") from error


def _json_ld(tree: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in the page's JSON-LD, be they alone, in lists or in graphs; a broken script has none."""
    for script in tree.iter("script"):
        text = script.text or ""
        if script.get("type", "").strip().lower() != "application/ld+json" or len(text) > LARGEST_JSON_LD:
            continue
        try:
            waiting = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting += reversed(node)
            elif isinstance(node, dict):
                yield node
                waiting.append(node.get("@graph"))


def _is_article(node: Mapping[str, Any]) -> bool:
    return any(_ARTICLE_TYPE.fullmatch(kind) for kind in _texts(node.get("@type"), "", {}))


def _from_json_ld(node: Mapping[str, Any], graph: Sequence[Mapping[str, Any]]) -> Told:
    """What the article's object says, with the texts of other objects that it refers to."""
    known = {each["@id"]: each for each in graph if isinstance(each.get("@id"), str)}
    return {field: list(_texts(node.get(place.name), place.key, known)) for field, place in _PLACES.items()}


def _from_meta(tree: Any, document: Any) -> Told:
    """What meta tags and links say, and what trafilatura found ("found:…"), but for its date: that is a guess."""
    told = {f"found:{name}": [getattr(document, name, "") or ""] for name in ("title", "author", "sitename")}
    told["lang"] = [tree.get("lang", "")]
    told["time"] = [time.get("datetime", "") for time in tree.iter("time")]
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        told.setdefault(name.lower(), []).append(meta.get("content") or "")
    for link in tree.iter("link"):
        told.setdefault(link.get("rel", "").lower(), []).append(link.get("href", ""))
    metas = {field: place.metas.split() for field, place in _PLACES.items()}
    return {field: [text for name in names for text in told.get(name, ())] for field, names in metas.items()}


def _texts(value: object, key: str, known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The strings in a JSON-LD value; of an object the one under the key, there or where its @id is described."""
    for each in value if isinstance(value, list) else [value]:
        text = each
        if isinstance(each, dict):
            reference = each.get("@id")
            elsewhere = known.get(reference, {}) if isinstance(reference, str) else {}
            text = each.get(key, elsewhere.get(key))
        if isinstance(text, str):
            yield text
