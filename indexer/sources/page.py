"""One article page, as HTML or as the text a reader view copies, to a contract record and its paragraphs.

A page is told by whoever made it: what it says is taken where it can be used and passed over where it cannot.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple

import trafilatura
from trafilatura.utils import load_html

from indexer.clean.article import LONGEST_NAME, LONGEST_TITLE, LONGEST_URL, MOST_NAMES, clean_time
from indexer.clean.boilerplate import article_blocks, block_key, is_label, is_prose, word_count
from indexer.clean.dateline import written_date
from indexer.clean.text import one_line
from search.errors import InvalidValue

LARGEST_PAGE = 10_000_000  # bytes of HTML, characters of text
MOST_ELEMENTS = 50_000  # trafilatura takes 3 seconds and 200 MB for so many; a long article has 5,000
MOST_BLOCKS = 10_000  # paragraphs: a long book
LARGEST_JSON_LD = 1_000_000  # characters
LONGEST_SUMMARY = 10_000  # characters
LONGEST_HEAD = 8  # blocks above the text: section, headline, dek, byline, source, two dates, a caption
SHORTEST_HEADLINE = 4  # words
LONGEST_SOURCE = 5  # words: "The Riverton Evening Post Online"
LONGEST_SECTION = 3  # words: "Science & Health"
LONGEST_WRAPPED = 100  # characters of a line that was wrapped by hand; a longer one is a whole paragraph

_CHARSET = re.compile(rb"(?i)charset=[\"']?\s*(windows-125\d|iso-8859-\d+|euc-\w\w|shift_jis|gbk|gb2312|big5)")
_ARTICLE_TYPE = re.compile(r"(?:https?://schema\.org/)?(?:\w*Article|\w*BlogPosting|Report)")
_BYLINE = re.compile(r"(?:written )?by:?\s+(.+)", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|\band\b)\s*")
_ROLE = re.compile(r"\b(?:editor|correspondent|reporter|staff|writer|columnist)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(https?://(?:www\.)?(?P<host>[\w.-]+)(?::\d+)?(?:[/?][^\s#]*)?)(?:#.*)?")
_MARKS = re.compile(r"([^\w\s\x00-\u02ff]{30})[^\w\s\x00-\u02ff]+")  # Unicode's stream-safe limit (UAX 15)

Fields = dict[str, object]
Told = Mapping[str, Sequence[str]]  # field: what a page says it is, the likeliest first


@dataclass(frozen=True, slots=True)
class Page:
    """One article page: its fields as a contract record (untrusted) without a body, and its paragraphs."""

    record: Fields
    site: str  # host of the page's own address, without www.; "" where unknown
    blocks: tuple[str, ...]


def read_html(data: bytes) -> Page:
    """The article of an HTML page in any encoding. Raises InvalidValue for what is no such page."""
    tree = _tree(data)
    graph = list(_json_ld(tree))
    article = next((node for node in graph if _is_article(node)), {})
    document = _extracted(tree)
    fields = _fields(_from_meta(tree, document)) | _fields(_from_json_ld(article, graph))
    if article.get("isAccessibleForFree") in (False, "False", "false"):
        fields["access"] = "subscriber"
    text = (document and document.text) or article.get("articleBody")
    return _page(fields, _text_blocks(text) if isinstance(text, str) else [])


def read_text(text: str) -> Page:
    """The article of a page as a reader view copies it. Raises InvalidValue where there is none in it."""
    if len(text) > LARGEST_PAGE:
        raise InvalidValue("page", len(text), f"at most {LARGEST_PAGE:,} characters")
    blocks = _text_blocks(text)
    end = _head_end(blocks)
    fields, left = _from_head(blocks[:end])
    return _page(fields, [*left, *blocks[end:]])


def _page(fields: Fields, blocks: Sequence[str]) -> Page:
    title = str(fields.get("title", ""))
    if len(blocks) > MOST_BLOCKS:
        raise InvalidValue("page", f"{len(blocks):,} paragraphs", f"at most {MOST_BLOCKS:,} paragraphs")
    body = [block for block in blocks if block_key(block) != block_key(title)]
    while body and (date := written_date(body[0])):
        fields.setdefault("published", date.isoformat())
        del body[0]
    if not body:
        raise InvalidValue("page", title, "a page with the text of an article")
    body = article_blocks(body)
    address = _ADDRESS.fullmatch(str(fields.get("url", "")))
    identity = address[0] if address else f"{title or body[0]}|{fields.get('published', '')}"
    record = {"id": f"page-{sha256(identity.encode()).hexdigest()[:16]}", "title": title, **fields}
    return Page(record, address["host"].lower() if address else "", tuple(body))


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
        with suppress(UnicodeDecodeError, LookupError):  # there is no iso-8859-12
            return data.decode(encoding)
    return data


def _extracted(tree: Any) -> Any:
    """What trafilatura makes of the page: a document with text and metadata, or None."""
    try:
        return trafilatura.bare_extraction(
            tree, favor_precision=True, include_comments=False, include_tables=False, with_metadata=True
        )
    except Exception as error:  # as above
        raise InvalidValue("page", type(error).__name__, "HTML that can be read") from error


def _json_ld(tree: Any) -> Iterator[Mapping[str, Any]]:
    """The nodes of the page's JSON-LD, alone, in lists or in graphs; what is broken has none."""
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
    known = {each["@id"]: each for each in graph if isinstance(each.get("@id"), str)}
    return {field: list(_texts(node.get(place.name), place.key, known)) for field, place in _PLACES.items()}


def _from_meta(tree: Any, document: Any) -> Told:
    """What meta tags and links say, and what trafilatura found, but for its date: that is a guess."""
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


def _fields(told: Told) -> Fields:
    """What is told, where it can be used, as the contract has it."""
    fields = {field: _PLACES[field].clean(texts) for field, texts in told.items()}
    return {field: value for field, value in fields.items() if value}


def _texts(value: object, key: str, known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The strings in a JSON-LD value, and what its objects, or those they refer to, have under a key."""
    for each in value if isinstance(value, list) else [value]:
        text = each
        if isinstance(each, dict):
            reference = each.get("@id")
            elsewhere = known.get(reference, {}) if isinstance(reference, str) else {}
            text = each.get(key, elsewhere.get(key))
        if isinstance(text, str):
            yield text


def _first(limit: int) -> Callable[[Iterable[str]], str]:
    """To the first text that says anything, plain and on one line."""
    return lambda texts: next((line for text in texts if (line := one_line(text[:limit]))), "")


def _names(between: str) -> Callable[[Iterable[str]], list[str]]:
    """To the texts that can be names, each once: not addresses, not essays."""

    def names(texts: Iterable[str]) -> list[str]:
        parts = (part for text in texts for part in re.split(between, text[:LONGEST_SUMMARY]))
        lines = (one_line(part) for part in parts if len(part) <= LONGEST_NAME and "://" not in part)
        return list(dict.fromkeys(line for line in lines if line))[:MOST_NAMES]

    return names


def _language(texts: Iterable[str]) -> str:
    """The language of the first tag that is one, without its region: "en" for "en-GB"."""
    found = (re.match(r"[a-z]{2,3}(?![a-z])", text.strip().lower()) for text in texts)
    return next((match.group() for match in found if match), "")


def _time(texts: Iterable[str]) -> str:
    """The first that is a time, in ISO 8601 and UTC."""
    for text in texts:
        try:
            return clean_time("published", text).isoformat()
        except InvalidValue:
            if date := written_date(text):
                return date.isoformat()
    return ""


def _address(texts: Iterable[str]) -> str:
    """The first http or https address, without its fragment."""
    usable = (text.strip() for text in texts if len(text) <= LONGEST_URL and text.isprintable())
    return next((match[1] for text in usable if (match := _ADDRESS.fullmatch(text))), "")


class _Place(NamedTuple):
    """Where pages say a field: its JSON-LD name, the key in objects there, meta names; and what cleans it."""

    name: str
    key: str
    metas: str
    clean: Callable[[Iterable[str]], object]


_PLACES = {
    "title": _Place("headline", "name", "og:title twitter:title found:title", _first(LONGEST_TITLE)),
    "summary": _Place("description", "name", "og:description description", _first(LONGEST_SUMMARY)),
    "published": _Place("datePublished", "@value", "article:published_time datepublished date time", _time),
    "updated": _Place("dateModified", "@value", "article:modified_time datemodified", _time),
    "section": _Place("articleSection", "name", "article:section", _first(LONGEST_NAME)),
    "tags": _Place("keywords", "name", "article:tag news_keywords", _names(",")),
    "authors": _Place("author", "name", "author article:author found:author", _names(r";|(?i:^by\s)")),
    "source": _Place("publisher", "name", "og:site_name found:sitename", _first(LONGEST_NAME)),
    "language": _Place("inLanguage", "alternateName", "lang og:locale", _language),
    "url": _Place("", "", "canonical og:url", _address),
    "image": _Place("image", "url", "og:image twitter:image", _address),
}


def _text_blocks(text: str) -> list[str]:
    """The paragraphs of a text: between blank lines where it has any, else its lines."""
    lines = [one_line(line) for line in _MARKS.sub(r"\1", text).strip().splitlines()]
    has_blank_lines = "" in lines
    blocks: list[str] = []
    for _, run in groupby(lines, key=bool):
        block = list(run)
        is_wrapped = has_blank_lines and max(map(len, block)) <= LONGEST_WRAPPED
        blocks += [" ".join(block)] if is_wrapped else block
    return [block for block in blocks if block.strip()]


def _head_end(blocks: Sequence[str]) -> int:
    """Where the text starts: at the first prose, but below a dek that has date or byline right under it."""
    prose = next((place for place, block in enumerate(blocks[: LONGEST_HEAD + 1]) if is_prose(block)), None)
    if prose == 0:
        return 0
    limit = LONGEST_HEAD if prose is None else prose + 4
    credits = [place for place, block in enumerate(blocks[:limit]) if written_date(block) or _byline(block)]
    return max([prose or 1, *(place + 1 for place in credits)])


def _byline(block: str) -> list[str]:
    """The authors a line names: "By Ada Lund and Tom Reyes, Science Editor"."""
    match = _BYLINE.fullmatch(block)
    names = _BETWEEN_NAMES.split(match[1]) if match and len(block) <= LONGEST_NAME else []
    names = [name for name in names if name and not _ROLE.search(name)]
    is_byline = all(word_count(name) <= 5 and not name[0].islower() for name in names) and not is_prose(block)
    return names if is_byline else []


def _from_head(head: Sequence[str]) -> tuple[Fields, list[str]]:
    """What the lines above the text tell, and those under the headline that tell nothing and may be text."""
    dates = [date.isoformat() for line in head if (date := written_date(line))]
    told = {"published": dates, "authors": [name for line in head for name in _byline(line)]}
    lines = [line for line in head if not (written_date(line) or _byline(line) or is_label(line))]
    longest = max(lines, key=len, default="")
    title = next((line for line in lines if word_count(line) >= SHORTEST_HEADLINE), longest)
    place = lines.index(title) if lines else 0
    above, below = lines[:place], lines[place + 1 :]
    if len(above) == 1 and word_count(above[0]) <= LONGEST_SECTION:
        told["section"] = above
    sources = [line for line in below if word_count(line) <= LONGEST_SOURCE and not line[0].isdigit()][:1]
    summaries = [line for line in below if word_count(line) > LONGEST_SOURCE][:1]
    fields = _fields({**told, "title": [title], "source": sources, "summary": summaries})
    return fields, [line for line in below if line not in sources + summaries]
