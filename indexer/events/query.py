"""Queries as they are counted: one form for what readers type in many."""

import unicodedata
from functools import lru_cache

from indexer.evaluating.judgments import as_typed
from search.text.analysis import split_words
from search.text.normalise import normalise_query


@lru_cache(maxsize=10_000)  # the hits of one search come one after the other
def merged(query: str) -> str:
    """The one form of a query that readers type in many; empty for one that is more than plain words.

    >>> merged("Harbour  BRIDGE"), merged('"harbour bridge" -ferry')
    ('harbour bridge', '')
    """
    text = normalise_query(normalise_query(query).casefold())
    return text if as_typed(text) == text else ""


def folded(query: str) -> str:
    """The words of a query without case, accents and what stands between them; empty where it has no word.

    >>> folded("Café-Society, 1963"), folded("…")
    ('cafe society 1963', '')
    """
    parted = unicodedata.normalize("NFKD", query.casefold())
    return " ".join(split_words("".join(each for each in parted if not unicodedata.combining(each))))
