"""Versions: wire copies and reprints of one text.

Two leads that are near by cosine (SemDeDup: Abbas et al. 2023, arXiv 2303.09540) are looked at word by word: versions
share half of the runs of four words of the shorter one (containment of shingles: Broder 1997), within days of each
other. Two papers' tellings of one event may be as near in meaning, and share no sentence; a column that runs each year
under one headline is no version of last year's.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import numpy as np

from search.article import Article, ArticleId
from search.embedding.embedder import Vector
from search.result import Hit
from search.text.analysis import split_words

VERSION_COSINE = 0.9  # of two leads, below which nothing is compared word by word
VERSION_AGE = timedelta(days=3)  # between two versions at most
VERSION_CONTAINMENT = 0.5  # of the shorter one's runs in the other: takes of the newsroom's wire share .9
SHINGLE_WORDS = 4
LONGEST_COMPARED = 20_000  # characters of a text

Articles = Callable[[Sequence[ArticleId]], Mapping[ArticleId, Article]]
Versions = Mapping[ArticleId, Sequence[ArticleId]]  # of each article that stays, the versions folded into it

_VERSION_MICROSECONDS = VERSION_AGE // timedelta(microseconds=1)


def shingles(article: Article) -> frozenset[tuple[str, ...]]:
    """The runs of four words of headline and text; at least one.

    >>> sorted(shingles(Article("a", "Storm", body="Rain fell on Harbour")))
    [('rain', 'fell', 'on', 'harbour'), ('storm', 'rain', 'fell', 'on')]
    """
    words = split_words(f"{article.title} {article.text}"[:LONGEST_COMPARED].lower())
    if len(words) < SHINGLE_WORDS:
        return frozenset([tuple(words)])
    return frozenset(zip(*(words[start:] for start in range(SHINGLE_WORDS)), strict=False))


def containment(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """What share of the smaller set's shingles is in the other, 0 to 1."""
    return len(one & other) / min(len(one), len(other))


def folded(hits: Sequence[Hit], leads: Mapping[ArticleId, Vector], articles: Articles) -> Versions:
    """The articles of the list without the versions of what stands before them, in order; of each, the ids of its own.

    A version of a version is one too: a wire story drifts from one take to the next. `articles` is asked only for those
    that may be versions.
    """
    if not hits:
        return {}
    rows = np.stack([leads[hit.id] for hit in hits])
    published = np.array([hit.published for hit in hits])
    places, later = np.divmod(np.flatnonzero(rows @ rows.T >= VERSION_COSINE), len(hits))
    is_pair = (places < later) & (np.abs(published[places] - published[later]) <= _VERSION_MICROSECONDS)
    pairs = list(zip(places[is_pair].tolist(), later[is_pair].tolist(), strict=True))
    asked = sorted({hits[place].id for pair in pairs for place in pair})
    runs = {id_: shingles(article) for id_, article in articles(asked).items()} if asked else {}
    first_of = list(range(len(hits)))
    for place, later in pairs:
        if containment(runs[hits[place].id], runs[hits[later].id]) >= VERSION_CONTAINMENT:
            first, other = sorted((first_of[place], first_of[later]))
            first_of = [first if each == other else each for each in first_of]
    versions: dict[ArticleId, list[ArticleId]] = {}
    for hit, first in zip(hits, first_of, strict=True):
        own = versions.setdefault(hits[first].id, [])
        if hit is not hits[first]:
            own.append(hit.id)
    return {id_: tuple(own) for id_, own in versions.items()}
