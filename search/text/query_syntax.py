"""What a reader's words ask for: words, "phrases in quotes" and -exclusions. Nothing else is syntax."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.errors import InvalidValue
from search.text.analysis import WORD
from search.text.normalise import normalise_query

MOST_TERMS = 32  # beyond this a query is a pasted paragraph, and native query trees grow deep

_PART = re.compile(r'(?:(?<=\s)|^)(-?)"([^"]*)"?|(\S+)')
_PLAIN = re.compile(r"""[^\w"-]*[^\W\d_]+(?:['-][^\W\d_]+)*[^\w"]*""")  # (mayor's), not me@herald.example or covid-19


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """`words` are wished for, every one of `phrases` must appear, none of `excluded` may."""

    words: Sequence[str] = ()
    phrases: Sequence[str] = ()
    excluded: Sequence[str] = ()
    meaning: str = ""  # what is wanted, in the reader's order, as a text to embed

    @property
    def wanted(self) -> Sequence[str]:
        """Words and phrases together: what hits are scored and marked by."""
        return (*self.words, *self.phrases)


def parse_query(text: str) -> ParsedQuery:
    """Reads a query; any text is one, and an unclosed quote runs to the end. Raises InvalidValue above 32 terms.

    >>> parse_query('mayor "harbour trust" -ferry')
    ParsedQuery(words=('mayor',), phrases=('harbour trust',), excluded=('ferry',), meaning='mayor harbour trust')
    """
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    meaning: list[str] = []
    for minus, quoted, word in _PART.findall(normalise_query(text)):
        part = (quoted or word.lstrip("-").replace('"', "")).strip()
        if not any(character.isalnum() for character in part):
            continue
        if minus or word.startswith("-"):
            excluded.append(part)
            continue
        (phrases if quoted else words).append(part)
        meaning.append(part)
    terms = sum(len(part.split()) for part in (*words, *phrases, *excluded))
    if terms > MOST_TERMS:
        raise InvalidValue("q", f"{terms} words", f"at most {MOST_TERMS}")
    return ParsedQuery(tuple(words), tuple(phrases), tuple(excluded), " ".join(meaning))


def plain_words(text: str) -> list[str]:
    """The wished words that are letters alone: not what is quoted, excluded, a number or an address.

    >>> plain_words('mayor "harbour trust" -ferry covid-19 herald.example co-op')
    ['mayor', 'co', 'op']
    """
    return [word for part in _PART.finditer(normalise_query(text)) if _is_plain(part) for word in WORD.findall(part[0])]


def with_words(text: str, change: Callable[[str], str]) -> str:
    """The query, normalised, with each of its plain words changed.

    >>> with_words("mayor  “harbour trust” -ferry (bridge)", str.upper)
    'MAYOR "harbour trust" -ferry (BRIDGE)'
    """

    def changed(part: re.Match[str]) -> str:
        return WORD.sub(lambda word: change(word[0]), part[0]) if _is_plain(part) else part[0]

    return _PART.sub(changed, normalise_query(text))


def _is_plain(part: re.Match[str]) -> bool:
    return part[3] is not None and _PLAIN.fullmatch(part[3]) is not None
