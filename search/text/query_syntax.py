"""What a reader's words ask for: words, "phrases in quotes" and -exclusions. Nothing else is syntax."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import InvalidValue
from search.text.normalise import normalise_query

MOST_TERMS = 32  # beyond this a query is a pasted paragraph, and native query trees grow deep

_TOKEN = re.compile(r'(?:(?<=\s)|^)(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """`words` are wished for, every one of `phrases` must appear, none of `excluded` may."""

    words: Sequence[str] = ()
    phrases: Sequence[str] = ()
    excluded: Sequence[str] = ()

    @property
    def wanted(self) -> Sequence[str]:
        """Words and phrases together: what hits are scored and marked by."""
        return (*self.words, *self.phrases)

    @property
    def meaning(self) -> str:
        """The query as a text to embed: what is wanted, without marks of syntax."""
        return " ".join(self.wanted)


def parse_query(text: str) -> ParsedQuery:
    """Reads a query; any text is one, and an unclosed quote runs to the end. Raises InvalidValue above 32 terms.

    >>> parse_query('bridge "harbour trust" -ferry')
    ParsedQuery(words=('bridge',), phrases=('harbour trust',), excluded=('ferry',))
    """
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    for minus, quoted, word in _TOKEN.findall(normalise_query(text)):
        if word.startswith("-") and any(c.isalnum() for c in word):
            excluded.append(word.lstrip("-"))
        elif any(c.isalnum() for c in word):
            words.append(word.replace('"', ""))
        elif any(c.isalnum() for c in quoted):
            (excluded if minus else phrases).append(quoted.strip())
    terms = sum(len(part.split()) for part in (*words, *phrases, *excluded))
    if terms > MOST_TERMS:
        raise InvalidValue("q", f"{terms} words", f"at most {MOST_TERMS}")
    return ParsedQuery(tuple(words), tuple(phrases), tuple(excluded))
