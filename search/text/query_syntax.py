"""What a reader's words ask for: words, "phrases in quotes" and -exclusions. Nothing else is syntax."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import InvalidValue
from search.text.normalise import normalise_query

MOST_TERMS = 32  # beyond this a query is a pasted paragraph, and native query trees grow deep

_PART = re.compile(r'(?:(?<=\s)|^)(-?)"([^"]*)"?|(\S+)')


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
