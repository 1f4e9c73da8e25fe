"""Correcting: a query's words that no article holds, put right from the archive's own."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from search.engines.engine import Reader
from search.request import LONGEST_QUERY, Filters, SearchRequest
from search.text.analysis import Analyzer
from search.text.query_syntax import parse_query, plain_words, with_words
from search.text.spelling import (
    ENOUGH,
    ENOUGH_FOR_A_FORM,
    SHORTEST,
    Candidate,
    Dictionary,
    in_the_case_of,
    is_spelt,
    likeliest,
)
from search.text.synonyms import Synonyms

MOST_UNKNOWN = 3  # words of a query; one with more is in another language, or about what the archive knows nothing of
KEPT_WORDS = 10_000  # misspelt words remembered for a generation


class Corrector:
    """Corrects queries against one generation; its words are read when the first unknown one comes."""

    def __init__(self, reader: Reader, analyzer: Analyzer, synonyms: Synonyms) -> None:
        self.reader, self._analyzer, self._synonyms = reader, analyzer, synonyms
        self._dictionary: Dictionary | None = None
        self._candidates = lru_cache(maxsize=KEPT_WORDS)(self._look_up)

    def corrected(self, request: SearchRequest) -> str | None:
        """The query with its misspelt words put right, None where there are none.

        A word that the archive holds, or that has synonyms, is right. What is put in place of another stands in an
        article that may be seen, so that a correction tells nothing of what is withdrawn or under embargo. Quoted and
        excluded words, numbers, addresses, initials and words of fewer than four letters stay as they are.
        """
        words = dict.fromkeys(plain_words(request.text))
        unknown = [word for word in words if self._is_unknown(word) and not _is_initials(word, request.text)]
        if not 1 <= len(unknown) <= MOST_UNKNOWN:
            return None
        visible = Filters(request.filters.now, without_ids=request.filters.without_ids)
        wanted = parse_query(request.text).wanted
        rest = [word for word in wanted if not any(typed in word for typed in unknown)]
        rest = [word for word in rest if not self._analyzer.is_stop_word(word)]
        right = {typed: word for typed in unknown if (word := self._meant(typed, rest, visible))}
        corrected = with_words(request.text, lambda word: right.get(word, word))
        return corrected if right and len(corrected) <= LONGEST_QUERY else None

    def _is_unknown(self, word: str) -> bool:
        folded = self._folded(word)
        is_checked = len(folded) >= SHORTEST and is_spelt(folded) and not self._analyzer.is_stop_word(word)
        return is_checked and not (self.reader.holds(word) or self._synonyms.knows(word))

    def _meant(self, typed: str, rest: Sequence[str], visible: Filters) -> str | None:
        """What a word of a query was meant to be, None where nothing is likely enough."""
        candidates, enough = self._candidates(self._folded(typed)), ENOUGH
        if candidates and self._best([typed], visible):
            term = self._analyzer.term
            candidates = [each for each in candidates if each.is_slip and term(each.word) != term(typed)]
            enough = ENOUGH_FOR_A_FORM
        whole = self._best(rest, visible) if candidates else 0.0
        holding = [replace(visible, phrases=(each.word,)) for each in candidates]
        fits = [self._best(rest, filters) / whole if whole else None for filters in holding]
        word = likeliest(candidates, fits, enough)
        if word is None or not self._best([word], visible):
            return None
        return in_the_case_of(typed, word)

    def _best(self, words: Sequence[str], filters: Filters) -> float:
        """The score of the best article for some words, 0 where there is none."""
        hits = self.reader.match_text(words, filters, 1)
        return hits[0].score if hits else 0.0

    def _look_up(self, folded: str) -> Sequence[Candidate]:
        if self._dictionary is None:
            self._dictionary = Dictionary(self.reader.words())
        return self._dictionary.candidates(folded)

    def _folded(self, word: str) -> str:
        return "".join(self._analyzer.unstemmed.analyze(word))


def _is_initials(word: str, text: str) -> bool:
    """Whether a word has capitals within and its query is not all capitals: SCOTUS or mRNA, not a reader who shouts."""
    return word[1:] != word[1:].lower() and not text.isupper()
