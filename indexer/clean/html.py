"""HTML to plain text: paragraphs separated by blank lines, nothing that runs, hides or decorates."""

import html
import re

import lxml.etree
import lxml.html

_TAG = re.compile(
    r"<(?:!--|/?(?:p|br|div|a|b|i|em|strong|span|h[1-6]|ul|ol|li|img|figure|blockquote|section|article|table|script"
    r"|style|iframe|sub|sup|hr|pre|code|u|small|font|tr|td|dl|html|body|head|main|svg|object|embed|form|input)\b)",
    re.IGNORECASE,
)
_SILENT = frozenset("script style noscript template iframe object svg head title select button form nav".split())
_BLOCKS = frozenset(
    "p div section article h1 h2 h3 h4 h5 h6 ul ol li blockquote figure figcaption table tr dl dt dd pre hr".split()
)


def plain_text(text: str) -> str:
    """The text with tags and entities resolved where it is HTML, as it came where it is not.

    >>> plain_text("<p>Rain &amp; wind</p><script>x()</script><p>Then <b>sun</b>.</p>").split()
    ['Rain', '&', 'wind', 'Then', 'sun.']
    >>> plain_text("if a < b and b > c")
    'if a < b and b > c'
    """
    if not _TAG.search(text):
        return html.unescape(text)
    root = lxml.html.fragment_fromstring(text, create_parent="div")
    pieces: list[str] = []
    walk = lxml.etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        gap = "\n\n" if tag in _BLOCKS else "\n" if tag == "br" else ""
        if event == "start":
            pieces.append(gap)
            if tag in _SILENT:
                walk.skip_subtree()
            else:
                pieces.append(element.text or "")
        else:
            pieces += [gap, element.tail or ""]
    return "".join(pieces)
