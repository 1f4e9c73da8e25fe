"""The oracle: an engine that scans every article and computes every score from its formula, in as few lines as will do.

It shares with the engines under test only the analysis of text. BM25 as tantivy documents it: k1 = 1.2, b = 0.75,
idf = ln(1 + (N − n + 0.5) / (n + 0.5)); the title counts twice; lengths are exact up to 40 terms, which is where the
one-byte length codes of Lucene and tantivy are exact.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from search.article import Article, ArticleId
from search.embedding.embedder import Vector
from search.engines.engine import EmbeddedArticle
from search.request import Filters
from search.result import Hit, Listing, in_order, microseconds
from search.text.analysis import Analyzer, split_words

K1, B = 1.2, 0.75


@dataclass
class ExactEngine:
    """Reader and Writer in one: what is put is there."""

    generation: str = "exact"
    sequence: int = 0
    token: str = ""
    model: str = "hashing-64"
    put_articles: dict[ArticleId, EmbeddedArticle] = field(default_factory=dict)
    analyzer: Analyzer = field(default_factory=lambda: Analyzer("english"))

    def reader(self) -> "ExactEngine":
        return self

    def put(self, batch: Sequence[EmbeddedArticle]) -> None:
        for embedded in batch:
            self.put_articles[embedded.article.id] = embedded

    def remove(self, ids: Sequence[ArticleId]) -> None:
        for id_ in ids:
            self.put_articles.pop(id_, None)

    def commit(self, sequence: int, token: str) -> str:
        self.sequence, self.token = sequence, token
        return self.generation

    def match_text(self, words: Sequence[str], filters: Filters, limit: int) -> list[Hit]:
        terms = self.analyzer.content_terms(words)
        counts = {id_: len(self._terms(each.article)) for id_, each in self.put_articles.items()}
        average = sum(counts.values()) / max(len(counts), 1)
        hits = []
        for article in self._matching(filters):
            own = self._terms(article)
            score = 0.0
            for term in set(terms) & set(own):
                frequency, length = own.count(term), counts[article.id]
                score += self._idf(term) * frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * length / average))
            if set(terms) & set(own):
                hits.append(Hit(article.id, score, microseconds(article.published)))
        return sorted(hits, key=in_order)[:limit]

    def match_vector(self, vector: Vector, filters: Filters, limit: int) -> list[Hit]:
        hits = [
            Hit(
                article.id,
                float(np.dot(self.put_articles[article.id].vector, vector)),
                microseconds(article.published),
            )
            for article in self._matching(filters)
        ]
        return sorted(hits, key=in_order)[:limit]

    def by_date(self, filters: Filters, limit: int, *, oldest_first: bool = False) -> Listing:
        hits = [Hit(article.id, 0.0, microseconds(article.published)) for article in self._matching(filters)]
        sign = 1 if oldest_first else -1
        return Listing(sorted(hits, key=lambda hit: (sign * hit.published, hit.id))[:limit], len(hits))

    def strongest_words(self, text: str, limit: int) -> list[str]:
        words = [word for word in split_words(text) if len(word) > 1 and not self.analyzer.is_stop_word(word)]
        terms = [self.analyzer.term(word) for word in words]
        total = len(self.put_articles)
        weight = {t: terms.count(t) * math.log((total + 1) / (self._articles_with(t) + 0.5)) for t in terms}
        best = sorted(weight, key=lambda term: (-weight[term], term))[:limit]
        return [words[terms.index(term)] for term in best]

    def holds(self, word: str) -> bool:
        return "".join(self.analyzer.unstemmed.analyze(word)) in self.words()

    def words(self) -> Mapping[str, int]:
        texts = [(a.title, a.summary, a.body) for a in (each.article for each in self.put_articles.values())]
        return Counter(
            word for parts in texts for word in {w for t in parts for w in self.analyzer.unstemmed.analyze(t)}
        )

    def articles(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Article]:
        return {id_: self.put_articles[id_].article for id_ in ids if id_ in self.put_articles}

    def vectors(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Vector]:
        return {id_: self.put_articles[id_].vector for id_ in ids if id_ in self.put_articles}

    def _idf(self, term: str) -> float:
        total, holding = len(self.put_articles), self._articles_with(term)
        return math.log(1 + (total - holding + 0.5) / (holding + 0.5))

    def _articles_with(self, term: str) -> int:
        return sum(term in self._terms(each.article) for each in self.put_articles.values())

    def _fields(self, article: Article) -> list[list[str]]:
        return [self.analyzer.terms(text) for text in (article.title, article.title, article.summary, article.body)]

    def _terms(self, article: Article) -> list[str]:
        return [term for terms in self._fields(article) for term in terms]

    def _holds(self, article: Article, phrase: str) -> bool:
        wanted = self.analyzer.terms(phrase)
        return wanted != [] and any(
            terms[start : start + len(wanted)] == wanted
            for terms in self._fields(article)
            for start in range(len(terms) - len(wanted) + 1)
        )

    def _matching(self, filters: Filters) -> list[Article]:
        return [each.article for each in self.put_articles.values() if self._allows(filters, each.article)]

    def _allows(self, filters: Filters, article: Article) -> bool:
        any_of = (
            (filters.sections, [article.section]),
            (filters.tags, article.tags),
            (filters.authors, article.authors),
            (filters.sources, [article.source]),
            (filters.languages, [article.language]),
            (filters.access, [article.access]),
        )
        published, first, last = article.published, filters.published_from, filters.published_to
        in_range = not (first or last) or (
            published is not None and (not first or first <= published) and (not last or published <= last)
        )
        return (
            article.is_visible(filters.now)
            and article.id not in filters.without_ids
            and in_range
            and all(not wanted or {_key(w) for w in wanted} & {_key(h) for h in had} for wanted, had in any_of)
            and all(self._holds(article, phrase) for phrase in filters.phrases)
            and not any(self._holds(article, phrase) for phrase in filters.excluded)
        )


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
