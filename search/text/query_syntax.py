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
class Part:
    """One thing that a reader asks for, or excludes; a quoted one may be of several words."""

    text: str
    is_quoted: bool = False
    is_excluded: bool = False


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
    parts = query_parts(text)
    terms = sum(len(part.text.split()) for part in parts)
    if terms > MOST_TERMS:
        raise InvalidValue("q", f"{terms} words", f"at most {MOST_TERMS}")
    wanted = [part for part in parts if not part.is_excluded]
    return ParsedQuery(
        tuple(part.text for part in wanted if not part.is_quoted),
        tuple(part.text for part in wanted if part.is_quoted),
        tuple(part.text for part in parts if part.is_excluded),
        " ".join(part.text for part in wanted),
    )


def query_parts(text: str) -> list[Part]:
    """The words, quotes and exclusions of a query, in the reader's order.

    >>> query_parts('mayor -"port strike"')
    [Part(text='mayor', is_quoted=False, is_excluded=False), Part(text='port strike', is_quoted=True, is_excluded=True)]
    """
    parts = []
    for minus, quoted, word in _PART.findall(normalise_query(text)):
        part = (quoted or word.replace('"', "").lstrip("-")).strip()
        if any(character.isalnum() for character in part):
            parts.append(Part(part, bool(quoted), bool(minus) or word.startswith("-")))
    return parts


def written(parts: Sequence[Part]) -> str:
    """The query that has these parts.

    >>> written([Part("mayor"), Part("port strike", is_quoted=True, is_excluded=True)])
    'mayor -"port strike"'
    """
    quoted = [f'"{part.text}"' if part.is_quoted else part.text for part in parts]
    return " ".join("-" * part.is_excluded + text for part, text in zip(parts, quoted, strict=True))


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
