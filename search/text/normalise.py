"""One form for text that means the same."""

import unicodedata

_QUOTES = dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'")
_DASHES = dict.fromkeys("\u2010\u2011", "-") | dict.fromkeys("–—", " ")  # hyphens join, dashes part: neither excludes
_PLAIN = str.maketrans(_QUOTES | _DASHES)


def normalise_query(text: str) -> str:
    """What a reader typed, in NFC, with straight quotes and plain hyphens, white space folded and controls gone.

    >>> normalise_query("“harbour  bridge” – -ferry")
    '"harbour bridge" -ferry'
    """
    composed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return " ".join("".join(character if character.isprintable() else " " for character in composed).split())


def facet_key(name: str) -> str:
    """A section, tag or name as it is compared: case and spacing do not tell two apart.

    >>> facet_key(" Science  & Health")
    'science & health'
    """
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
