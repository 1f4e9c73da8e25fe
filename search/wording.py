"""Wording: what a query asks of the words of articles, its neighbours and synonyms included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search.engines.engine import Question
from search.request import Filters
from search.text.analysis import Analyzer, split_words
from search.text.query_syntax import ParsedQuery
from search.text.synonyms import Alternative, Synonyms

NEIGHBOURS_WEIGHT = 0.1  # of two words of the query that stand side by side, beside their own: docs/ranking.md

NAME_WEIGHT = 0.5  # of a phrase that stop words make a name, beside its words: "The Who" is more than its Who


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that a query is scored by, and what counts beside them."""

    words: Sequence[str]
    names: Sequence[str]
    neighbours: Sequence[str]
    alternatives: Sequence[Alternative]

    @property
    def beside(self) -> Question:
        """What finds candidates beside the words themselves."""
        return Question({}, dict.fromkeys(self.names, NAME_WEIGHT), self._either({}))

    def question(self, weights: Mapping[str, float]) -> Question:
        """What candidates are judged by, the words weighing as they are given here, in any words of the archive's."""
        phrases = dict.fromkeys(self.neighbours, NEIGHBOURS_WEIGHT) | dict.fromkeys(self.names, NAME_WEIGHT)
        return Question(weights, phrases, self._either(weights))

    @property
    def instead(self) -> Mapping[str, Sequence[str]]:
        """Of a word, what an article may hold in its place."""
        return {word: list(each.others) for each in self.alternatives for word in each.words}

    @property
    def marked(self) -> Sequence[str]:
        """The words and phrases that are marked beside the query's own."""
        return [other for each in self.alternatives for other in each.others]

    def _either(self, weights: Mapping[str, float]) -> list[Mapping[str, float]]:
        lightest = [min(weights.get(word, 1.0) for word in each.words) for each in self.alternatives]
        return [
            {other: own * weight for other, own in each.others.items()}
            for each, weight in zip(self.alternatives, lightest, strict=True)
        ]


def worded(query: ParsedQuery, analyzer: Analyzer, synonyms: Synonyms) -> Wording:
    """A query's wording; what is quoted has no synonyms."""
    texts = [" ".join(query.words), *query.phrases]
    return Wording(
        analyzer.content_words(query.wanted),
        analyzer.names(texts),
        analyzer.neighbours(texts),
        synonyms.alternatives(query.words),
    )


def every_word(query: ParsedQuery, filters: Filters, wording: Wording, analyzer: Analyzer) -> Filters:
    """The filters that let through only articles that hold every word of a query, or what may stand in its place."""
    telling = analyzer.telling_words(query.words)
    groups = [(word, *_instead_of(word, wording.instead)) for word in telling]
    plain = [group[0] for group in groups if len(group) == 1]
    return replace(filters, phrases=(*query.phrases, *plain), any_of=[group for group in groups if len(group) > 1])


def _instead_of(part: str, instead: Mapping[str, Sequence[str]]) -> list[str]:
    """What may stand for a word of a query, or for all of "co-op", which is two."""
    words = split_words(part)
    return [other for other in instead.get(words[0], ()) if all(other in instead.get(word, ()) for word in words)]
