"""The lexical leg: a tantivy index of stemmed text, searched by BM25.

Title, summary and body are values of one field, the title `TITLE_WEIGHT` times: BM25F with one weight
(Robertson, Zaragoza and Taylor 2004), so that a rare word weighs the same wherever it stands.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tantivy
from tantivy import FieldType, Occur, Query

from search.article import Article, ArticleId, from_json, to_json
from search.engines.engine import Question
from search.engines.local.columns import Columns, Numbers
from search.engines.local.filters import labels_of, wanted_labels
from search.engines.local.titles import TitleTerms
from search.errors import Corrupt, Unavailable
from search.request import Filters
from search.result import microseconds
from search.text.analysis import Analyzer

TITLE_WEIGHT = 2  # times the title is indexed; 1, 2 and 3 compared: docs/quality.md
WRITER_MEMORY = 256_000_000  # bytes of buffer; one thread, so that two builds of one input are alike

_ANALYZED = "analyzed"
_UNSTEMMED = "unstemmed"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name=_ANALYZED, index_option="position")
    builder.add_text_field("words", tokenizer_name=_UNSTEMMED, index_option="basic")
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="basic")  # what titles.py makes of it
    builder.add_unsigned_field("gist", fast=True)
    builder.add_text_field("labels", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("published", indexed=True, fast=True)
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_bytes_field("article", stored=True)
    return builder.build()


def _open(folder: Path, analyzer: Analyzer) -> tantivy.Index:
    index = tantivy.Index(_schema(), path=str(folder), reuse=True)
    index.register_tokenizer(_ANALYZED, analyzer.chain)
    index.register_tokenizer(_UNSTEMMED, analyzer.unstemmed)
    return index


@contextmanager
def _writing() -> Iterator[None]:
    """Tells in this project's words what tantivy fails with, a full disk too: a ValueError."""
    try:
        yield
    except ValueError as error:
        raise Unavailable(f"the lexical index cannot be written: {error}") from error


class LexicalWriter:
    """Extends the index in a folder. Any error ends it: tantivy's later commits would say yes and keep nothing."""

    def __init__(self, folder: Path, analyzer: Analyzer) -> None:
        self._folder, self._analyzer = folder, analyzer
        self._titles = TitleTerms(analyzer)
        with _writing():
            self._index = _open(folder, analyzer)
            self._writer = self._index.writer(heap_size=WRITER_MEMORY, num_threads=1)

    def put(self, article: Article, number: int) -> None:
        """Adds an article under its number, in place of its namesake."""
        self.remove([article.id])
        document = tantivy.Document(article=to_json(article), id=article.id)
        for text in [*[article.title] * TITLE_WEIGHT, article.summary, article.body]:
            document.add_text("text", text)
        for text in (article.title, article.summary, article.body):
            document.add_text("words", text)
        document.add_text("title", self._titles.terms(article.title))
        document.add_unsigned("gist", self._titles.gist(article.title))
        for name in labels_of(article):
            document.add_text("labels", name)
        document.add_integer("published", microseconds(article.published))
        document.add_unsigned("number", number)
        with _writing():
            self._writer.add_document(document)

    def remove(self, ids: Iterable[ArticleId]) -> None:
        """Takes articles out."""
        with _writing():
            for id_ in ids:
                self._writer.delete_documents_by_term("id", id_)

    def commit(self, expected: int) -> None:
        """Makes it durable and closes the writer. Raises Unavailable unless `expected` articles can be read back."""
        with _writing():
            self._writer.commit()
            self._writer.wait_merging_threads()
            found = _open(self._folder, self._analyzer).searcher().num_docs
        if found != expected:
            raise Unavailable(f"the lexical index holds {found} articles after commit, expected {expected}")


class LexicalReader:
    """Searches one generation's index. Every score is BM25 alone: filters weigh nothing."""

    def __init__(self, folder: Path, analyzer: Analyzer, columns: Columns) -> None:
        index = _open(folder, analyzer)
        self._schema = index.schema
        self._searcher = index.searcher()
        self._analyzer = analyzer
        self._columns = columns

    def __len__(self) -> int:
        """How many articles it holds."""
        return self._searcher.num_docs

    def match(self, words: Sequence[str], beside: Question, filters: Filters, limit: int) -> list[tuple[int, float]]:
        """Numbers and scores of the best `limit` articles with any of the words or of what is beside, best first."""
        scored = [(Occur.Should, self._term(term)) for term in self._analyzer.content_terms(words)]
        scored += self._asked(beside)
        if not scored:
            return []
        result = self._searcher.search(self._filtered(Query.boolean_query(scored), filters), limit, count=False)
        numbers = self._numbers([address for _, address in result.hits])
        return [(number, score) for number, (score, _) in zip(numbers, result.hits, strict=True)]

    def score(self, question: Question, numbers: Sequence[int]) -> list[tuple[int, float]]:
        """Numbers and scores of those of the articles that hold anything of the question, in no particular order."""
        return self._scored(self._asked(question), numbers)

    def coverage(
        self, words: Sequence[str], instead: Mapping[str, Sequence[str]], numbers: Sequence[int]
    ) -> list[tuple[int, float]]:
        """Numbers of those of the articles that hold any of the words, and the share of the words' idf they hold."""
        others = {self._analyzer.term(word): texts for word, texts in instead.items()}
        idf = {term: self.idf(term) for term in self._analyzer.content_terms(words)}
        total = sum(idf.values())
        holding = {term: [self._term(term), *map(self._phrase, others.get(term, ()))] for term in idf}
        present = [Query.const_score_query(_any(queries), idf[term] / total) for term, queries in holding.items()]
        return self._scored([(Occur.Should, query) for query in present], numbers)

    def _asked(self, question: Question) -> list[tuple[Occur, Query]]:
        """The clauses of a question, each with its weight."""
        asked = [Query.boost_query(self._term(term), w) for term, w in self._weighted(question.words).items()]
        asked += [Query.boost_query(self._phrase(phrase), w) for phrase, w in question.phrases.items()]
        for group in question.either:
            boosted = [Query.boost_query(self._phrase(text), w) for text, w in group.items()]
            asked.append(Query.disjunction_max_query(boosted))
        return [(Occur.Should, query) for query in asked]

    def _scored(self, clauses: Sequence[tuple[Occur, Query]], numbers: Sequence[int]) -> list[tuple[int, float]]:
        """Numbers of those of the articles that any clause finds, and the sums of the clauses' scores."""
        if not (clauses and numbers):
            return []
        given = Query.const_score_query(self._any_of("number", numbers), 0.0)
        query = Query.boolean_query([(Occur.Must, given), (Occur.Must, Query.boolean_query(list(clauses)))])
        hits = self._searcher.search(query, len(numbers), count=False).hits
        found = self._numbers([address for _, address in hits])
        return [(number, score) for number, (score, _) in zip(found, hits, strict=True)]

    def idf(self, term: str) -> float:
        """A term's inverse document frequency, as BM25 in Lucene and tantivy has it."""
        total, holding = self._searcher.num_docs, self.articles_with(term)
        return math.log(1 + (total - holding + 0.5) / (holding + 0.5))

    def _weighted(self, words: Mapping[str, float]) -> dict[str, float]:
        """The weights of the words' terms: two words of one stem are one term, which weighs as both."""
        weights: dict[str, float] = {}
        for word, weight in words.items():
            for term in self._analyzer.terms(word):
                weights[term] = weights.get(term, 0.0) + weight
        return weights

    def numbers_with(self, phrase: str) -> Numbers:
        """The numbers of all articles that hold a phrase, in no order; none hold one without a term."""
        query = self._phrase(phrase)
        result = self._searcher.search(query, max(self._searcher.num_docs, 1), count=False)
        return np.array(self._numbers([address for _, address in result.hits]), dtype=np.int32)

    def articles(self, numbers: Sequence[int]) -> list[Article]:
        """The articles of these numbers, in no particular order. Raises Corrupt where what is stored is damaged."""
        if not numbers:
            return []
        query = self._any_of("number", numbers)
        hits = self._searcher.search(query, len(numbers), count=False).hits
        try:
            return [from_json(bytes(self._searcher.doc(address)["article"][0])) for _, address in hits]
        except (ValueError, KeyError, TypeError) as error:
            why = str(error).partition("\n")[0]
            raise Corrupt(f"stored articles cannot be read, run search-index verify --fix: {why}") from error

    def articles_with(self, term: str) -> int:
        """How many articles hold a term: its document frequency."""
        return self._searcher.doc_freq("text", term)

    def newest_titles(
        self, having: Sequence[str], lacking: Sequence[str], filters: Filters, limit: int
    ) -> list[tuple[int, int]]:
        """Numbers and gists of the newest articles whose titles have all terms of `having`, not all of `lacking`."""
        clauses = [(Occur.Must, Query.term_query(self._schema, "title", term)) for term in having]
        if lacking:
            present = [(Occur.Must, Query.term_query(self._schema, "title", term)) for term in lacking]
            clauses.append((Occur.MustNot, Query.boolean_query(present)))
        query = self._filtered(Query.boolean_query(clauses), filters)
        hits = self._searcher.search(query, limit, count=False, order_by_field="published").hits
        addresses = [address for _, address in hits]
        gists = self._searcher.fast_field_values("gist", addresses) if addresses else []
        return list(zip(self._numbers(addresses), gists, strict=True))  # type: ignore[arg-type]

    def titles_with(self, term: str) -> int:
        """How many titles have a term of theirs."""
        return self._searcher.doc_freq("title", term)

    def holds_word(self, word: str) -> bool:
        """Whether an unstemmed word is in the index."""
        return self._searcher.doc_freq("words", word) > 0

    def words(self) -> dict[str, int]:
        """Every unstemmed word with its document frequency."""
        return dict(self._searcher.terms_with_prefix("words", ""))

    def _numbers(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        return self._searcher.fast_field_values("number", addresses) if addresses else []  # type: ignore[return-value]

    def _any_of(self, field: str, values: Iterable[int] | Iterable[str]) -> Query:
        """What has one of the values; tantivy's own query for sets of terms walks through all terms of the field."""
        return _any([Query.term_query(self._schema, field, value) for value in values])

    def _term(self, term: str) -> Query:
        return Query.term_query(self._schema, "text", term)

    def _phrase(self, phrase: str) -> Query:
        terms = self._analyzer.terms(phrase)
        if not terms:
            return Query.empty_query()
        return self._term(terms[0]) if len(terms) == 1 else Query.phrase_query(self._schema, "text", list(terms))

    def _filtered(self, scored: Query, filters: Filters) -> Query:
        clauses = [(Occur.Must, scored)]
        must = [self._any_of("labels", group) for group in wanted_labels(filters)]
        must += [self._phrase(phrase) for phrase in filters.phrases]
        must += [_any([self._phrase(phrase) for phrase in group]) for group in filters.any_of]
        if limits := self._columns.limits(filters):
            must.append(Query.range_query(self._schema, "published", FieldType.Integer, *limits))
        clauses += [(Occur.Must, Query.const_score_query(query, 0.0)) for query in must]
        clauses += [(Occur.MustNot, self._phrase(phrase)) for phrase in filters.excluded]
        hidden = self._columns.hidden(filters)
        if len(hidden):
            clauses.append((Occur.MustNot, self._any_of("number", hidden.tolist())))
        return Query.boolean_query(clauses) if len(clauses) > 1 else scored  # bare, it is BlockMax WAND's


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])
