"""Where sentences end, well enough to cut a summary."""

import re
from collections.abc import Iterator

_END = re.compile(r"(\S*)([.!?…])[\"'”’)]*(?=\s+[\"'“‘(]?[^\W_a-z]|$)")
_ABBREVIATION = re.compile(r"[\"'“‘(]?([A-Z][a-z]{0,3}|([A-Za-z]\.)*[A-Za-z])")  # Mr. Sen. Gov. U.S. a.m. J.


def opening(text: str, limit: int) -> str:
    """The first whole sentences of `text` that fit in `limit` characters, else as many words as fit and an ellipsis.

    >>> opening("Sen. Vale resigned. He gave no reason. Nobody minded.", 40)
    'Sen. Vale resigned. He gave no reason.'
    >>> opening("Rain fell on the harbour all day", 20)
    'Rain fell on the…'
    """
    head = " ".join(text[: limit * 4].split())  # runs of white space are one; four times is ample
    if len(head) <= limit:
        return head
    ends = [end for end in _sentence_ends(head) if end <= limit]
    if ends:
        return head[: ends[-1]]
    return head[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text one by one, white space folded.

    >>> list(sentences("Sen. Vale resigned.  He gave no reason. Nobody"))
    ['Sen. Vale resigned.', 'He gave no reason.', 'Nobody']
    """
    whole, start = " ".join(text.split()), 0
    for end in _sentence_ends(whole):
        yield whole[start:end].strip()
        start = end
    if whole[start:].strip():
        yield whole[start:].strip()


def _sentence_ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if match.group(2) != "." or not _ABBREVIATION.fullmatch(match.group(1)):
            yield match.end()
