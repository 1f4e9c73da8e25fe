"""What a reader sees of a hit: the passage that answers best, the query's words marked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice

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


@dataclass(frozen=True, slots=True)
class Sought:
    """The index terms that are marked wherever they stand, and the runs of terms that are where they stand whole.

    `initials` are terms of stop words, as IT: they are marked where the text has them in capitals too. `likely` finds
    the words that begin with the letters of what is sought, or with one that may have an accent; None if nothing is.
    """

    terms: frozenset[str]
    runs: Sequence[Sequence[str]]
    initials: frozenset[str]
    likely: re.Pattern[str] | None


def sought(wanted: Sequence[str], analyzer: Analyzer, beside: Sequence[str] = ()) -> Sought:
    """What is marked of a query; `beside` are other words and phrases to mark, phrases as a whole."""
    runs = sorted((tuple(analyzer.terms(text)) for text in beside), key=len, reverse=True)
    runs = [run for run in runs if run]
    words = analyzer.content_words(wanted)
    terms = frozenset(map(analyzer.term, words))
    initials = [word for word in words if len(word) > 1 and word.isupper() and analyzer.is_stop_word(word)]
    letters = {term[0] for term in (*terms, *(run[0] for run in runs))}  # stems keep the first letters of words
    both_cases = "".join(sorted(letters | {letter.upper() for letter in letters}))
    likely = re.compile(rf"(?<![^\W_])(?:[{both_cases}]|[^\W_\x00-\x7f])[^\W_]*") if letters else None
    return Sought(terms, runs, frozenset(map(analyzer.term, initials)), likely)


def highlights(article: Article, sought: Sought, analyzer: Analyzer) -> Highlights:
    """Title and best passage as escaped HTML with `<mark>` around what was asked for; the dek where nothing is."""
    text = "\n".join(part for part in (article.summary, article.body) if part)[:LONGEST_READ]
    marks = find_marks(text, sought, analyzer)
    if not marks:
        return Highlights(marked(article.title, find_marks(article.title, sought, analyzer)), escape(article.dek))
    start, end = best_passage(text, marks)
    within = [Mark(m.start - start, m.end - start, m.term) for m in marks if start <= m.start and m.end <= end]
    body = marked(text[start:end], within)
    before, after = "…" if _is_cut(text, start) else "", "…" if end < len(text.rstrip()) else ""
    return Highlights(marked(article.title, find_marks(article.title, sought, analyzer)), before + body + after)


def find_marks(text: str, sought: Sought, analyzer: Analyzer) -> list[Mark]:
    """Every word and run of words of the text that the index would hold as what is sought, none within another."""
    found: list[Mark] = []
    for match in sought.likely.finditer(text) if sought.likely else ():
        if found and match.start() < found[-1].end:
            continue
        term = analyzer.term(match[0])
        run = next(
            (mark for run in sought.runs if run[0] == term and (mark := _run_at(text, match, run, analyzer))), None
        )
        if run:
            found.append(run)
        elif term in sought.terms and (term not in sought.initials or match[0].isupper()):
            found.append(Mark(match.start(), match.end(), term))
    return found


def _run_at(text: str, first: re.Match[str], run: Sequence[str], analyzer: Analyzer) -> Mark | None:
    """The run of terms, where it begins with this word."""
    words = list(islice(WORD.finditer(text, first.start()), len(run)))
    is_there = list(run) == [analyzer.term(word[0]) for word in words]
    return Mark(first.start(), words[-1].end(), " ".join(run)) if is_there else None


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
