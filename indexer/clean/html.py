"""HTML to plain text: paragraphs separated by blank lines, nothing that runs, hides or decorates."""

import html
import re

import lxml.etree

_TAG = re.compile(
    r"<(?:!--|/?(?:p|br|div|a|b|i|em|strong|span|h[1-6]|ul|ol|li|img|figure|blockquote|section|article|table|script"
    r"|style|iframe|sub|sup|hr|pre|code|u|small|font|tr|td|dl|html|body|head|main|svg|object|embed|form|input)\b)",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_SILENT = frozenset("script style noscript template iframe object svg title select button form nav".split())
_BLOCKS = frozenset(
    "p div section article h1 h2 h3 h4 h5 h6 ul ol li blockquote figure figcaption table tr dl dt dd pre hr".split()
)
_CELLS = frozenset(("td", "th"))


def plain_text(text: str) -> str:
    """The text with tags and entities resolved where it is HTML, as it came where it is not.

    >>> plain_text("<p>Rain &amp; wind</p><script>x()</script><p>Then <b>sun</b>.</p>").split()
    ['Rain', '&', 'wind', 'Then', 'sun.']
    >>> plain_text("if a < b and b > c")
    'if a < b and b > c'
    >>> plain_text("R&amp;D at ?a=1&region=eu")
    'R&D at ?a=1&region=eu'
    """
    if not _TAG.search(text):
        return _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    # in a div of its own, a text that is all head, or only a comment, is a tree too; huge: 2,048 levels, not 256
    root = lxml.etree.fromstring(f"<div>{text}</div>", lxml.etree.HTMLParser(huge_tree=True))
    pieces: list[str] = []
    walk = lxml.etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        gap = "\n\n" if tag in _BLOCKS else " " if tag in _CELLS else ""
        if event == "start":
            pieces.append("\n" if tag == "br" else gap)
            if tag in _SILENT:
                walk.skip_subtree()
            else:
                pieces.append(element.text or "")
        else:
            pieces += [gap, element.tail or ""]
    return "".join(pieces)
