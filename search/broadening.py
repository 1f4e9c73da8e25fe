"""Broadening: what to search instead where nothing was found, made from the query by leaving out."""

from collections.abc import Callable, Iterable, Sequence

from search.engines.engine import Reader
from search.request import LONGEST_QUERY, Filters
from search.text.analysis import Analyzer, split_words
from search.text.query_syntax import Part, query_parts, written

MOST_BROADER = 3  # texts that are tried: each costs a short search


def broader(
    text: str, filters: Filters, reader: Reader, analyzer: Analyzer, finds: Callable[[str], bool]
) -> Sequence[str]:
    """At most three texts that find something where this one found nothing, in this order.

    Without the quotes; without the exclusions; without either and without the words that no article has which the
    filters let through; and where none of these finds anything, the stronger half of those words.
    """
    parts = query_parts(text)
    wished = [part for part in parts if not part.is_excluded]
    unquoted = [each for part in parts for each in _unquoted(part)]
    kept = _held([each for each in unquoted if not each.is_excluded], filters, reader, analyzer)
    tried = _new([unquoted, wished, kept], {written(parts)}, analyzer)
    found = [each for each in tried if finds(each)]
    if found or len(tried) == MOST_BROADER:
        return found
    half = _stronger_half(kept, reader, analyzer)
    return [each for each in _new([half], {written(parts), *tried}, analyzer) if finds(each)]


def _new(choices: Iterable[Sequence[Part]], known: set[str], analyzer: Analyzer) -> list[str]:
    """The choices as texts, without what is known, and what asks for no more than stop words."""
    texts = [written(parts) for parts in choices if any(_tells(part, analyzer) for part in parts)]
    return [text for text in dict.fromkeys(texts) if text not in known and len(text) <= LONGEST_QUERY]


def _unquoted(part: Part) -> list[Part]:
    """A part as the words it is made of; what is excluded stays as it is."""
    if part.is_excluded or not part.is_quoted:
        return [part]
    return query_parts(" ".join(word.lstrip("-") for word in part.text.split()))


def _tells(part: Part, analyzer: Analyzer) -> bool:
    return not part.is_excluded and not all(analyzer.is_stop_word(word) for word in split_words(part.text))


def _held(parts: Sequence[Part], filters: Filters, reader: Reader, analyzer: Analyzer) -> list[Part]:
    """The parts whose words stand in articles that may be seen: what is offered tells nothing of the others.

    A stop word stays where nothing is left out beside it, as in "Bank of England" and "The Who".
    """
    kept: list[Part] = []
    between: list[Part] | None = []  # stop words since the last part that stays; None: something was left out
    for part in parts:
        if not _tells(part, analyzer):
            between = None if between is None else [*between, part]
        elif all(reader.match_text([word], filters, 1) for word in split_words(part.text)):
            kept += [*(between or ()), part]
            between = []
        else:
            between = None
    return list(parts) if all(part in kept for part in parts if _tells(part, analyzer)) else kept


def _stronger_half(parts: Sequence[Part], reader: Reader, analyzer: Analyzer) -> list[Part]:
    """The half of the parts with the words that say most, rounded up, in their order; stop words are left out."""
    telling = [part for part in parts if _tells(part, analyzer)]
    strongest = list(reader.strongest_words(written(telling), len(telling)))
    rank = {analyzer.term(word): place for place, word in enumerate(strongest)}
    best = sorted(telling, key=lambda part: min(rank.get(analyzer.term(w), len(rank)) for w in split_words(part.text)))
    chosen = best[: (len(telling) + 1) // 2]
    return [part for part in telling if part in chosen]
