"""What pages of either kind come to: a record of fields, as the contract has them, and paragraphs.

What a page says about itself is used where it makes sense; where it does not, that field is left out.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from indexer.clean.article import LONGEST_NAME, LONGEST_TITLE, LONGEST_URL, MOST_NAMES, clean_time
from indexer.clean.boilerplate import article_blocks, block_key
from indexer.clean.dateline import written_date
from indexer.clean.text import one_line
from search.errors import InvalidValue

LARGEST_PAGE = 10_000_000  # bytes of HTML, characters of text
MOST_BLOCKS = 10_000  # paragraphs: a long book
LONGEST_SUMMARY = 10_000  # characters
LONGEST_WRAPPED = 100  # characters of a line that was wrapped by hand; a longer one is a whole paragraph
SHORTEST_WRAPPED = 45  # characters of a line that was wrapped by hand, but for the last; a shorter one is whole

_ADDRESS = re.compile(r"(https?://(?:www\.)?(?P<host>[\w.-]+)(?::\d+)?(?:[/?][^\s#]*)?)(?:#.*)?")

Fields = dict[str, object]
Told = Mapping[str, Sequence[str]]  # field: the texts a page gives for it, the likeliest first


@dataclass(frozen=True, slots=True)
class Page:
    """One article page: a contract record, not yet validated and without a body, and the paragraphs."""

    record: Fields
    site: str  # host of the page's own address, without www.; "" where unknown
    blocks: tuple[str, ...]


def page_of(fields: Fields, blocks: Sequence[str]) -> Page:
    """The page with these fields, an id, and those of these blocks that are its article.

    A date above the text is the published one where the fields have none.
    Raises InvalidValue where there are too many blocks, or no text.
    """
    fields = dict(fields)
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
    # Address, or headline and date: an article stays the same when its wording or the boxes around it change.
    identity = address[0] if address else f"{title or body[0]}|{fields.get('published', '')}"
    record = {"id": page_id(identity), "title": title, **fields}
    return Page(record, address["host"].lower() if address else "", tuple(body))


def page_id(identity: str) -> str:
    """The id of an article that has none: of its page's address, or else of its headline and date."""
    return f"page-{sha256(identity.encode()).hexdigest()[:16]}"


def text_blocks(text: str) -> list[str]:
    """The paragraphs of a text: between blank lines where it has any, else its lines."""
    lines = [one_line(line) for line in text.strip().splitlines()]
    has_blank_lines = "" in lines
    blocks: list[str] = []
    for _, run in groupby(lines, key=bool):
        block = list(run)
        is_wrapped = has_blank_lines and max(map(len, block)) <= LONGEST_WRAPPED and _fills_lines(block)
        blocks += [" ".join(block)] if is_wrapped else block
    return [block for block in blocks if block.strip()]


def _fills_lines(block: Sequence[str]) -> bool:
    """Whether every line but the last is as long as lines of running text are: else each line says its own."""
    return all(len(line) >= SHORTEST_WRAPPED for line in block[:-1])


def fields_of(told: Told) -> Fields:
    """The fields that a page tells, cleaned; a field with no usable text is left out.

    >>> fields_of({"language": ["en-GB"], "published": ["soon", "13 May 2025"], "url": ["/bridge"]})
    {'language': 'en', 'published': '2025-05-13T00:00:00+00:00'}
    """
    fields = {field: _CLEANERS[field](texts) for field, texts in told.items()}
    return {field: value for field, value in fields.items() if value}


def _first(limit: int) -> Callable[[Iterable[str]], str]:
    """A cleaner: the first text that is not blank, plain and on one line."""
    return lambda texts: next((line for text in texts if (line := one_line(text[:limit]))), "")


def _names(between: str) -> Callable[[Iterable[str]], list[str]]:
    """A cleaner: the texts, split at a pattern, that can be names; each once, no addresses, no essays."""

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
    """The first text that is a time, in ISO 8601 and UTC."""
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


_CLEANERS: dict[str, Callable[[Iterable[str]], object]] = {
    "title": _first(LONGEST_TITLE),
    "summary": _first(LONGEST_SUMMARY),
    "published": _time,
    "updated": _time,
    "section": _first(LONGEST_NAME),
    "tags": _names(","),
    "authors": _names(r";|(?i:^by\s)"),
    "source": _first(LONGEST_NAME),
    "language": _language,
    "url": _address,
    "image": _address,
}
