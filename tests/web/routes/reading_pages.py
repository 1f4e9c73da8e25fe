"""Pages as a browser reads them, and the articles they are of: some are hostile."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import lxml.html

from search.article import Article
from tests.builders import utc
from tests.web.newsroom import Newsroom

ALERT = "<script>alert(1)</script>"
OUR_SCRIPTS = """<script src="/static/suggest.js" type="module"></script>
  <script src="/static/readers.js" type="module"></script>"""
HOSTILE = Article(
    "<b>\"'&/../x?y#z",
    f'{ALERT} "quoted" harbour',
    f"{ALERT}<img src=x onerror=alert(2)> harbour",
    summary="</p><style>*{}</style>&lt;i&gt;",
    section='"><script>',
    tags=("'><script>",),
    authors=(f"Ada {ALERT}", "{{ 7 * 7 }}", "Jo & Co"),
    source=ALERT,
    published=utc(2026, 5, 10),
    updated=utc(2026, 5, 11),
    url="https://news.example/?a=1&b=<script>",
    image="https://news.example/x.jpg?\"'><script>",
)
BRIDGE = Article("bridge", "Harbour bridge closes", "Engineers found rust.\n\nFerries run.", published=utc(2026, 5, 10))
FERRY = Article(
    "2026/ferry?", "Ferries replace harbour bridge", "Engineers found rust: ferries run.", section="Metro & World"
)
SUBSCRIBER = Article(
    "paid",
    "Inside the harbour trust",
    "It began in May. " * 30 + "\n\nThe rest is secret.",
    access="subscriber",
)
LONG = Article(
    "long",
    "The harbour in one paragraph",
    "Nobody noticed the tide. " * 200 + "It was Ada.",
    access="subscriber",
)
ARTICLES = [HOSTILE, BRIDGE, FERRY, SUBSCRIBER, LONG]


def page(newsroom: Newsroom, path: str, **query: object) -> Any:
    """The page as a browser reads it."""
    response = newsroom.get(path, **query)
    assert (response.status_code, response.mimetype) == (200, "text/html"), response.text
    return lxml.html.fromstring(response.text)


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def to_articles(element: Any) -> list[str]:
    """The links to article pages, in order."""
    return [link.get("href") for link in element.iter("a") if link.get("href").startswith("/articles/")]


def next_link(document: Any) -> str | None:
    links = document.xpath("//a[@rel='next']/@href")
    return str(links[0]) if links else None


def told(document: Any, place: str) -> list[tuple[str, str]]:
    items = document.xpath(f"//*[@data-place='{place}']/li")
    return [(each.get("data-article"), each.get("data-position")) for each in items]
