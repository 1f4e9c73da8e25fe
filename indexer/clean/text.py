"""Untrusted text to text that every library downstream can hold."""

import re
import unicodedata

from indexer.clean.html import plain_text

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff]")
# No more than 30 marks in a row, the stream-safe limit of UAX 15: normalising is quadratic in their number.
_MARKS = re.compile(r"([^\w\s\x00-\u02ff]{30})[^\w\s\x00-\u02ff]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_SPACE = re.compile(r"[^\S\n]+")


def one_line(text: str) -> str:
    """A headline, a name: plain text on one line.

    >>> one_line("Storm &amp; flood:\\n <b>what we know</b>")
    'Storm & flood: what we know'
    """
    return " ".join(_plain(text).split())


def paragraphs(text: str) -> str:
    """A body: plain text, its paragraphs separated by one blank line.

    >>> paragraphs("<p>Rain.</p>\\n\\n\\n<p>Sun.</p>")
    'Rain.\\n\\nSun.'
    """
    parts = _PARAGRAPH.split(_plain(text))
    return "\n\n".join(tidy for part in parts if (tidy := _SPACE.sub(" ", part).strip()))


def _plain(text: str) -> str:
    sound = _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", _MARKS.sub(r"\1", _UNWANTED.sub("", plain_text(_UNWANTED.sub("", sound)))))
