"""How text becomes index terms: split at what is neither letter nor digit, lower case, no accents, stemmed.

Stop words are kept in the index, so that "The Who" can be found, and left out of queries where other words remain and
their capitals do not make them part of a name.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from search.text.names import initials, names

LONGEST_TERM = 40  # bytes: longer tokens are codes and addresses nobody types

LONGEST_GAP = 3  # words from one content word to the next that are still neighbours

WORD = re.compile(r"[^\W_]+")


class Analyzer:
    """One language's analysis; the same object serves the index, the queries and the highlights."""

    def __init__(self, language: str) -> None:
        self.unstemmed: TextAnalyzer = _unstemmed().build()
        self.chain: TextAnalyzer = _unstemmed().filter(Filter.stemmer(language)).build()
        self._stop = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stopword(language)).build()
        self.term = lru_cache(maxsize=100_000)(self._term)
        self._is_everywhere = lru_cache(maxsize=100_000)(lambda word: not self._stop.analyze(word))

    def terms(self, text: str) -> list[str]:
        """The index terms of a text, in order, repeats included."""
        return self.chain.analyze(text)

    def content_terms(self, texts: Sequence[str]) -> list[str]:
        """The distinct terms a query is scored by: stop words only where there is nothing else."""
        return [self.term(word) for word in self.content_words(texts)]

    def content_words(self, texts: Sequence[str]) -> list[str]:
        """The words a query is scored by, the first of each term: stop words only where there is nothing else."""
        words = self.telling_words([word for text in texts for word in split_words(text)])
        first_of: dict[str, str] = {}
        for word in words:
            first_of.setdefault(self.term(word), word)
        return [word for term, word in first_of.items() if term]

    def neighbours(self, texts: Sequence[str]) -> list[str]:
        """The pairs of content words that stand side by side, with the stop words between them: "Bank of England"."""
        pairs = []
        for text in texts:
            words = split_words(text)
            named = initials(words, self.is_stop_word)
            telling = [at for at, word in enumerate(words) if word in named or not self.is_stop_word(word)]
            pairs += [" ".join(words[a : b + 1]) for a, b in pairwise(telling) if b - a <= LONGEST_GAP]
        return list(dict.fromkeys(pairs))

    def names(self, texts: Sequence[str]) -> list[str]:
        """The phrases that may be names for all that stop words are part of them: "The Who", "take that"."""
        return list(dict.fromkeys(name for text in texts for name in names(split_words(text), self.is_stop_word)))

    def telling_words(self, words: Sequence[str]) -> Sequence[str]:
        """The words of a query without stop words but initials, as IT; all of them where there is nothing else."""
        named = initials(words, self.is_stop_word)
        return [word for word in words if word in named or not self.is_stop_word(word)] or words

    def unaccented(self, text: str) -> str:
        """The words of a text, lower case and without accents, with one space between."""
        return " ".join(self.unstemmed.analyze(text))

    def gist(self, title: str) -> str:
        """What near-identical titles share: their telling words, in order of the alphabet, numbers aside.

        >>> analyzer = Analyzer("english")
        >>> [analyzer.gist(title) for title in ("The bridge: 3 hurt", "Bridge, 5 hurt", "1984")]
        ['bridge hurt', 'bridge hurt', '1984']
        """
        words = self.unstemmed.analyze(title)
        telling = [word for word in words if not (word.isdigit() or self._is_everywhere(word))]
        return " ".join(sorted(set(telling or words)))

    def is_stop_word(self, word: str) -> bool:
        """Whether the language uses it everywhere, as "the"."""
        return self._is_everywhere(word.lower())

    def _term(self, word: str) -> str:
        terms = self.chain.analyze(word)
        return terms[0] if terms else ""


def _unstemmed() -> TextAnalyzerBuilder:
    chain = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_TERM))
    return chain.filter(Filter.lowercase()).filter(Filter.ascii_fold())


def split_words(text: str) -> list[str]:
    """The runs of letters and digits.

    >>> split_words("Mackenzie-Ngata's 3.5%")
    ['Mackenzie', 'Ngata', 's', '3', '5']
    """
    return WORD.findall(text)
