"""What a reader sees of a hit: the passage that answers best, the query's words marked."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

from search.article import Article
from search.result import Highlights
from search.text.analysis import WORD, Analyzer

LONGEST_SNIPPET = 260  # characters: three lines on a page
LONGEST_READ = 20_000  # characters of a body that are looked at: bounds the time of a page of hits

_SENTENCE_START = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"'”’]))\s+|\n+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of the query in a text: where it stands, and as which term."""

    start: int
    end: int
    term: str


def highlights(article: Article, wanted: Sequence[str], analyzer: Analyzer) -> Highlights:
    """Title and best passage as escaped HTML with `<mark>` around what was asked for; the dek where nothing is."""
    terms = frozenset(analyzer.content_terms(wanted))
    text = "\n".join(part for part in (article.summary, article.body) if part)[:LONGEST_READ]
    marks = find_marks(text, terms, analyzer)
    if not marks:
        return Highlights(marked(article.title, find_marks(article.title, terms, analyzer)), escape(article.dek))
    start, end = best_passage(text, marks)
    within = [Mark(m.start - start, m.end - start, m.term) for m in marks if start <= m.start and m.end <= end]
    body = marked(text[start:end], within)
    before, after = "…" if _is_cut(text, start) else "", "…" if end < len(text.rstrip()) else ""
    return Highlights(marked(article.title, find_marks(article.title, terms, analyzer)), before + body + after)


def find_marks(text: str, terms: Collection[str], analyzer: Analyzer) -> list[Mark]:
    """Every word of the text that the index would hold as one of the terms."""
    if not terms:
        return []
    initials = {term[0] for term in terms}
    found = []
    for match in WORD.finditer(text):
        word = match.group()
        if word[0].lower() in initials or not word[0].isascii():  # stems keep their first letter: most words end here
            term = analyzer.term(word)
            if term in terms:
                found.append(Mark(match.start(), match.end(), term))
    return found


def best_passage(text: str, marks: Sequence[Mark]) -> tuple[int, int]:
    """The stretch of at most 260 characters with most different terms, then most marks, then the earliest."""
    best, best_key = marks[0], (0, 0)
    for index, first in enumerate(marks):
        within = [mark for mark in marks[index : index + 40] if mark.end <= first.start + LONGEST_SNIPPET * 3 // 4]
        key = (len({mark.term for mark in within}), len(within))
        if key > best_key:
            best, best_key = first, key
    start = _start_before(text, best.start)
    end = min(len(text), start + LONGEST_SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", start, end), text.rfind("\n", start, end), best.end)
    return start, end


def marked(text: str, marks: Sequence[Mark]) -> str:
    """The text escaped, the marks in `<mark>`.

    >>> marked("R&D costs", [Mark(4, 9, "cost")])
    'R&amp;D <mark>costs</mark>'
    """
    pieces, position = [], 0
    for mark in marks:
        pieces += [
            escape(text[position : mark.start]),
            "<mark>",
            escape(text[mark.start : mark.end]),
            "</mark>",
        ]
        position = mark.end
    return " ".join("".join([*pieces, escape(text[position:])]).split())


def _start_before(text: str, position: int) -> int:
    """Where to begin so that the word at `position` has its sentence before it, or at least some words."""
    earliest = max(0, position - LONGEST_SNIPPET // 4)
    starts = [match.end() for match in _SENTENCE_START.finditer(text, earliest, position)]
    if earliest == 0 and not starts:
        return 0
    if starts:
        return starts[0] if position - starts[0] <= LONGEST_SNIPPET // 4 else starts[-1]
    space = text.find(" ", earliest, position)
    return space + 1 if space >= 0 else position


def _is_cut(text: str, start: int) -> bool:
    return start > 0 and text[:start].rstrip()[-1:] not in tuple('.!?…"”’') and text[start - 1] != "\n"
