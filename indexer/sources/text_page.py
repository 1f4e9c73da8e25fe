"""One article page as the text that a reader view copies: its fields stand in the lines above the text."""

import re
from collections.abc import Sequence

from indexer.clean.article import LONGEST_NAME
from indexer.clean.boilerplate import is_label, is_prose, word_count
from indexer.clean.dateline import written_date
from indexer.sources.page import LARGEST_PAGE, Fields, Page, fields_of, page_of, text_blocks
from search.errors import InvalidValue

LONGEST_HEAD = 8  # blocks above the text: section, headline, dek, byline, source, two dates, a caption
MOST_CREDITS = 3  # blocks under a dek: byline, source, date
SHORTEST_HEADLINE = 4  # words
LONGEST_AUTHOR = 5  # words: "Maria del Carmen Ruiz Soler"
LONGEST_SOURCE = 5  # words: "The Riverton Evening Post Online"
LONGEST_SECTION = 3  # words: "Science & Health"

_BYLINE = re.compile(r"(?:written )?by:?\s+(.+)", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|\band\b)\s*")
_ROLE = re.compile(r"\b(?:editor|correspondent|reporter|staff|writer|columnist)\b", re.IGNORECASE)


def read_text(text: str) -> Page:
    """The article of a page as a reader view copies it. Raises InvalidValue where there is none."""
    if len(text) > LARGEST_PAGE:
        raise InvalidValue("page", len(text), f"at most {LARGEST_PAGE:,} characters")
    blocks = text_blocks(text)
    end = _head_end(blocks)
    fields, left = _from_head(blocks[:end])
    return page_of(fields, [*left, *blocks[end:]])


def _head_end(blocks: Sequence[str]) -> int:
    """Where the text starts: at the first prose; but prose with a date or byline right under it is a dek."""
    prose = next((place for place, block in enumerate(blocks[: LONGEST_HEAD + 1]) if is_prose(block)), None)
    if prose == 0:
        return 0
    limit = LONGEST_HEAD if prose is None else prose + 1 + MOST_CREDITS
    credits = [place for place, block in enumerate(blocks[:limit]) if written_date(block) or _byline(block)]
    return max([prose or 1, *(place + 1 for place in credits)])


def _byline(block: str) -> list[str]:
    """The authors that a line names, without their roles: "By Ada Lund and Tom Reyes, Science Editor"."""
    match = _BYLINE.fullmatch(block)
    names = _BETWEEN_NAMES.split(match[1]) if match and len(block) <= LONGEST_NAME else []
    names = [name for name in names if name and not _ROLE.search(name)]
    are_authors = all(word_count(name) <= LONGEST_AUTHOR and not name[0].islower() for name in names)
    return names if are_authors and not is_prose(block) else []


def _from_head(head: Sequence[str]) -> tuple[Fields, list[str]]:
    """The fields that the lines above the text tell, and the lines under the headline that are none and may be text."""
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
    fields = fields_of({**told, "title": [title], "source": sources, "summary": summaries})
    return fields, [line for line in below if line not in sources + summaries]
