"""The oracle: an engine that scans every article and computes every score from its formula, in as few lines as will do.

It shares with the engines under test only the analysis of text. BM25 as tantivy documents it: k1 = 1.2, b = 0.75,
idf = ln(1 + (N − n + 0.5) / (n + 0.5)); the title counts twice; lengths are exact up to 40 terms, which is where the
one-byte length codes of Lucene and tantivy are exact.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import get_args

import numpy as np

from search.article import Article, ArticleId
from search.embedding.embedder import Vector
from search.engines.engine import NONE_INSTEAD, NOTHING, EmbeddedArticle, Likeness, NamedField, Question
from search.ranking.stories import Leads, Stories, tell
from search.request import Filters
from search.result import UNKNOWN_TIME, FacetCount, FacetField, Facets, Hit, Listing, in_order, microseconds
from search.text.analysis import Analyzer, split_words

K1, B = 1.2, 0.75


@dataclass
class ExactEngine:
    """Reader and Writer in one: what is put is there."""

    generation: str = "exact"
    sequence: int = 0
    token: str = ""
    model: str = "hashing-64"
    language: str = "english"
    published_at: datetime = datetime(2026, 5, 10, tzinfo=UTC)
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

    def match_text(self, words: Sequence[str], filters: Filters, limit: int, beside: Question = NOTHING) -> list[Hit]:
        question = [([term], 1.0) for term in set(self.analyzer.content_terms(words))]
        scores = {
            article.id: (self._bm25(question, article) + self._asked(beside, article), article)
            for article in self._matching(filters)
        }
        hits = [Hit(id_, score, microseconds(each.published)) for id_, (score, each) in scores.items() if score]
        return sorted(hits, key=in_order)[:limit]

    def match_title(self, words: Sequence[str], filters: Filters, limit: int) -> list[Hit]:
        terms = [self.analyzer.unaccented(word) for word in words]
        if not (terms and all(terms)):
            return []
        hits, titles = [], {}
        for article in self._matching(filters):
            own = self.analyzer.unstemmed.analyze(article.title)
            if all(any(word.startswith(term) for word in own) for term in terms):
                score = 1.0 if set(terms[:-1]) <= set(own) else 0.0
                hits.append(Hit(article.id, score, microseconds(article.published)))
                titles[article.id] = self.analyzer.gist(article.title)
        first: dict[str, Hit] = {}
        for hit in sorted(hits, key=in_order):
            first.setdefault(titles[hit.id], hit)
        return list(first.values())[:limit]

    def names(self, field: NamedField, beginning: str, filters: Filters, limit: int) -> list[str]:
        folded, carried = self.analyzer.unaccented(beginning), Counter[str]()
        spelt: dict[str, str] = {}
        for article in sorted(self._matching(filters), key=lambda each: (-microseconds(each.published), each.id)):
            own = {_key(name): name for name in ([article.section] if field == "section" else article.tags) if name}
            carried.update(own.keys())
            spelt = own | spelt
        found = [key for key in carried if folded and self.analyzer.unaccented(key).startswith(folded)]
        found.sort(key=lambda key: (-carried[key], self.analyzer.unaccented(key), key))
        return [spelt[key] for key in found[:limit]]

    def facets(self, among: Filters | Collection[ArticleId], limit: int) -> Facets:
        if isinstance(among, Filters):
            found = self._matching(among)
        else:
            found = [self.put_articles[id_].article for id_ in set(among) & set(self.put_articles)]
        counted: dict[FacetField, list[FacetCount]] = {}
        for kind in get_args(FacetField):
            carried, spelt = Counter[str](), dict[str, str]()
            for article in sorted(found, key=lambda each: (-microseconds(each.published), each.id)):
                said = getattr(article, {"tag": "tags", "author": "authors"}.get(kind, kind))
                own = {_key(name): name for name in reversed([said] if isinstance(said, str) else said) if name}
                carried.update(own.keys())
                spelt = own | spelt
            best = sorted(carried, key=lambda key: (-carried[key], key))[:limit]
            counted[kind] = [FacetCount(spelt[key], carried[key]) for key in best]
        return counted

    def score_text(self, question: Question, ids: Sequence[ArticleId]) -> Mapping[ArticleId, float]:
        scores = {id_: self._asked(question, self.put_articles[id_].article) for id_ in ids if id_ in self.put_articles}
        return {id_: score for id_, score in scores.items() if score}

    def _asked(self, question: Question, article: Article) -> float:
        weighted = [([term], weight) for word, weight in question.words.items() for term in self.analyzer.terms(word)]
        weighted += [(self.analyzer.terms(phrase), weight) for phrase, weight in question.phrases.items()]
        best = [
            max(self._bm25([(self.analyzer.terms(text), weight)], article) for text, weight in group.items())
            for group in question.either
        ]
        return self._bm25(weighted, article) + sum(best)

    def _bm25(self, question: Sequence[tuple[list[str], float]], article: Article) -> float:
        lengths = [len(self._terms(each.article)) for each in self.put_articles.values()]
        norm = K1 * (1 - B + B * len(self._terms(article)) / (sum(lengths) / len(lengths)))
        score = 0.0
        for terms, weight in question:
            frequency = sum(_count(terms, own) for own in self._fields(article))
            idf = sum(self._idf(term) for term in terms)
            score += weight * idf * frequency * (K1 + 1) / (frequency + norm)
        return score

    def match_vector(self, vector: Vector, filters: Filters, limit: int) -> list[Hit]:
        hits = [
            Hit(
                article.id,
                float(np.max(self.put_articles[article.id].vectors @ vector)),
                microseconds(article.published),
            )
            for article in self._matching(filters)
        ]
        return sorted(hits, key=in_order)[:limit]

    def by_date(self, filters: Filters, limit: int, *, oldest_first: bool = False) -> Listing:
        hits = [Hit(article.id, 0.0, microseconds(article.published)) for article in self._matching(filters)]
        sign = 1 if oldest_first else -1
        return Listing(sorted(hits, key=lambda hit: (sign * hit.published, hit.id))[:limit], len(hits))

    def moments_passed(self, now: datetime) -> int:
        articles = [each.article for each in self.put_articles.values()]
        times = [time for article in articles for time in (article.embargo_until, article.expires_at) if time]
        return sum(time <= now for time in times)

    def among(self, ids: Collection[ArticleId], filters: Filters) -> list[Hit]:
        return [hit for hit in self.by_date(filters, len(self.put_articles)).hits if hit.id in ids]

    def newest(self, now: datetime) -> int:
        times = [microseconds(each.article.published) for each in self.put_articles.values()]
        return max((time for time in times if time <= microseconds(now)), default=UNKNOWN_TIME)

    def coverage(
        self, words: Sequence[str], ids: Sequence[ArticleId], instead: Mapping[str, Sequence[str]] = NONE_INSTEAD
    ) -> Mapping[ArticleId, float]:
        idf = {term: self._idf(term) for term in self.analyzer.content_terms(words)}
        others = {self.analyzer.term(word): texts for word, texts in instead.items()}
        shares = {
            id_: sum(
                idf[term]
                for term in idf
                if term in self._terms(article) or any(self._holds(article, text) for text in others.get(term, ()))
            )
            for id_ in ids
            if id_ in self.put_articles
            for article in [self.put_articles[id_].article]
        }
        return {id_: share / sum(idf.values()) for id_, share in shares.items() if share}

    def likeness(self) -> Likeness:
        leads = [each.vectors[0] for each in self.put_articles.values()]
        pairs = [float(a @ b) for i, a in enumerate(leads) for j, b in enumerate(leads) if i != j] or [0.0]
        centre: Vector = np.mean(leads, axis=0) if leads else np.zeros(1, dtype=np.float32)
        return Likeness(len(leads), float(np.mean(pairs)), float(np.std(pairs)), centre)

    def score_vector(self, vector: Vector, ids: Sequence[ArticleId]) -> Mapping[ArticleId, float]:
        known = [id_ for id_ in ids if id_ in self.put_articles]
        return {id_: float(np.max(self.put_articles[id_].vectors @ vector)) for id_ in known}

    def strongest_words(self, text: str, limit: int) -> Mapping[str, float]:
        words = [word for word in split_words(text) if len(word) > 1 and not self.analyzer.is_stop_word(word)]
        terms = [self.analyzer.term(word) for word in words]
        total = len(self.put_articles)
        weight = {
            term: frequency * (K1 + 1) / (frequency + K1) * math.log((total + 1) / (self._articles_with(term) + 0.5))
            for term in terms
            for frequency in [terms.count(term)]
        }
        best = sorted(weight, key=lambda term: (-weight[term], term))[:limit]
        return {words[terms.index(term)]: weight[term] for term in best}

    def holds(self, word: str) -> bool:
        return "".join(self.analyzer.unstemmed.analyze(word)) in self.words()

    def words(self) -> Mapping[str, int]:
        texts = [(a.title, a.summary, a.body) for a in (each.article for each in self.put_articles.values())]
        return Counter(
            word for parts in texts for word in {w for t in parts for w in self.analyzer.unstemmed.analyze(t)}
        )

    def articles(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Article]:
        return {id_: self.put_articles[id_].article for id_ in ids if id_ in self.put_articles}

    def sections(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, str]:
        sections = {id_: _key(self.put_articles[id_].article.section) for id_ in ids if id_ in self.put_articles}
        return {id_: section for id_, section in sections.items() if section}

    def tags(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Sequence[str]]:
        tags = {
            id_: sorted({_key(tag) for tag in self.put_articles[id_].article.tags})
            for id_ in ids
            if id_ in self.put_articles
        }
        return {id_: names for id_, names in tags.items() if names}

    def stories_of(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, ArticleId]:
        put = list(self.put_articles.values())
        own, times = [each.article.id for each in put], [microseconds(each.article.published) for each in put]
        stories, told = (
            Stories.alone(len(put)),
            np.array([n for n, t in enumerate(times) if t > UNKNOWN_TIME], np.int64),
        )
        if len(told):
            leads = np.stack([each.vectors[0] for each in put])
            none = Leads(told[:0], leads[:0], told[:0])
            tell(stories, none, Leads(told, leads[told], np.array(times)[told]), own)
        names = {id_: own[name] for id_, name in zip(own, stories.names.tolist(), strict=True)}
        return {id_: names[id_] for id_ in ids if id_ in names}

    def told_in(self, story: ArticleId, filters: Filters) -> Listing:
        names = self.stories_of(list(self.put_articles))
        articles = [each for each in self._matching(filters) if story in names and names[each.id] == names[story]]
        hits = [Hit(each.id, 0.0, microseconds(each.published)) for each in articles]
        return Listing(sorted(hits, key=in_order), len(hits))

    def vectors(self, ids: Sequence[ArticleId]) -> Mapping[ArticleId, Vector]:
        return {id_: self.put_articles[id_].vectors[0] for id_ in ids if id_ in self.put_articles}

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
        return wanted != [] and any(_count(wanted, terms) for terms in self._fields(article))

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
            and all(any(self._holds(article, phrase) for phrase in group) for group in filters.any_of)
        )


def _count(wanted: list[str], terms: list[str]) -> int:
    """How often the wanted terms stand in a row."""
    return sum(terms[start : start + len(wanted)] == wanted for start in range(len(terms) - len(wanted) + 1))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
