"""What a query encoder is learnt from: short texts of the archive, such as queries are, and its passages.

Short texts are headlines, then sentences from the top of each article, as many as fill the budget; the model embeds
them for it. Passages have their vectors already. Headlines of some articles are held out, and nothing of these articles
is learnt from.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from indexer.follow import BATCH
from indexer.ledger import Change, Ledger
from search.article import Article, ArticleId
from search.text.sentences import sentences

MOST_PASSAGES = 100_000
MOST_SHORT_TEXTS = 30_000  # to embed: two minutes
MOST_HELD_OUT = 1_000  # articles; a tenth of a small archive
LENGTHS = range(12, 201)  # characters of a short text
READ_CHARACTERS = 10_000  # of an article


@dataclass(slots=True)
class Lessons:
    """Texts to learn from and short texts to judge by, of an archive of so many articles.

    The vectors of its passages are halves, since they are many.
    """

    articles: int
    passages: list[str] = field(default_factory=list)
    vectors: list[NDArray[np.float16]] = field(default_factory=list)
    short_texts: list[str] = field(default_factory=list)
    held_out: list[str] = field(default_factory=list)


def lessons_of(ledger: Ledger, model: str, without: frozenset[str]) -> Lessons:
    """What there is to learn of an archive that a model has embedded, the articles drawn by a hash of their ids.

    `without` are wordings: an article that has one of them as its headline or as one of its sentences is left out.
    """
    lessons = Lessons(ledger.count())
    count = max(lessons.articles, 1)
    held_share = min(MOST_HELD_OUT / count, 0.1)
    for change, article in _articles(ledger, model):
        draw, texts = _draw(article.id), list(short_texts(article))
        if not texts or any(wording(text) in without for text in texts):
            continue
        if draw < held_share:
            lessons.held_out.append(texts[0])
            continue
        if draw < held_share + MOST_SHORT_TEXTS / count:
            lessons.short_texts += texts[: max(MOST_SHORT_TEXTS // count, 1)]
        if draw < held_share + MOST_PASSAGES / count and change.vectors is not None:
            some = slice(max(MOST_PASSAGES // count, 1))
            lessons.passages += article.passages[some]
            lessons.vectors += list(change.vectors[some].astype(np.float16))
    return lessons


def wording(text: str) -> str:
    """A text as it is compared: its words, without case, spacing or punctuation.

    >>> wording("“Harbour  bridge” closes!")
    'harbour bridge closes'
    """
    return " ".join(re.findall(r"\w+", text.casefold()))


def short_texts(article: Article) -> Iterator[str]:
    """What of an article is as short as a query: its headline, then its sentences."""
    headline = " ".join(article.title.split())
    for text in chain([headline], sentences(article.text[:READ_CHARACTERS])):
        if len(text) in LENGTHS and wording(text):
            yield text


def _articles(ledger: Ledger, model: str) -> Iterator[tuple[Change, Article]]:
    sequence = 0
    while changes := ledger.changes(sequence, BATCH, model):
        yield from ((change, change.article) for change in changes if change.article)
        sequence = changes[-1].sequence


def _draw(id_: ArticleId) -> float:
    """A number from 0 to 1 that an article has for good."""
    return int.from_bytes(hashlib.sha256(id_.encode()).digest()[:4], "big") / 2**32
