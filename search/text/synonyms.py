"""Synonyms: what else a site's own articles call the words of a query, in Solr's format.

    MP, member of parliament        each is found by the other
    PM => prime minister            typing PM finds "prime minister" too, and not the other way round
    # a comment

Lines add up. The longest run of a query's words that has synonyms counts, and case and inflection make no difference.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.errors import InvalidValue
from search.text.analysis import Analyzer, split_words

LARGEST_FILE = 1_000_000  # bytes: some 20,000 lines
MOST_SYNONYMS = 20  # of one word or run of words: each is a clause of the native query
MOST_WORDS = 8  # of one synonym
SYNONYM_WEIGHT = 0.7  # of what it stands for: among equals, what is said in the reader's own words comes first

_ONE_LINE = "words parted by commas, or words => words, without a backslash"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: whoever types one of `typed` may mean any of `meant`."""

    typed: Sequence[str]
    meant: Sequence[str]
    place: str = ""  # file and line, for whoever has to mend it


@dataclass(frozen=True, slots=True)
class Alternative:
    """A run of a query's words, as typed, and what may stand in its place, each with its weight beside theirs.

    A phrase is scored by the sum of its words' idf, so its weight is SYNONYM_WEIGHT times the words that tell in the
    run over those that tell in the phrase: no name counts for more because it is long.
    """

    words: Sequence[str]
    others: Mapping[str, float]


class Synonyms:
    """Rules, arranged so that those of a query's words are found at once."""

    def __init__(self, rules: Sequence[Rule], analyzer: Analyzer) -> None:
        """Raises InvalidValue for a word with more than 20 synonyms.

        What is a stop word by itself, as "IT", finds its synonyms and is none: it stands in every article.
        """
        self._analyzer = analyzer
        self._others: dict[tuple[str, ...], dict[tuple[str, ...], str]] = {}
        for rule in rules:
            for typed in rule.typed:
                others = self._others.setdefault(tuple(analyzer.terms(typed)), {})
                others |= {terms: text for terms, text in self._usable(rule.meant) if terms not in others}
                others.pop(tuple(analyzer.terms(typed)), None)
                if len(others) > MOST_SYNONYMS:
                    raise InvalidValue(rule.place, typed, f"at most {MOST_SYNONYMS} synonyms for one")
        self._others = {run: others for run, others in self._others.items() if run and others}
        self._longest = max(map(len, self._others), default=0)
        self._terms = frozenset(term for run in self._others for term in run)

    def knows(self, word: str) -> bool:
        """Whether a word is part of anything that has synonyms: then it is no slip of the hand."""
        return self._analyzer.term(word) in self._terms

    def alternatives(self, words: Sequence[str]) -> list[Alternative]:
        """What may stand for runs of a query's unquoted words, the longest runs first served, none within another.

        A stop word alone counts where it is typed as initials: not in "they said it", but in "IT department".
        """
        typed = [word for part in words for word in split_words(part)]
        telling = frozenset(self._analyzer.telling_words(typed))
        terms = [self._analyzer.term(word) for word in typed]
        found, place = [], 0
        while place < len(typed):
            run = next(self._runs(terms, place), ())
            own = typed[place : place + len(run)]
            if telling.intersection(own):
                found.append(Alternative(own, self._weighted(own, self._others[run].values())))
            place += max(len(run), 1)
        return found

    def _weighted(self, run: Sequence[str], others: Iterable[str]) -> dict[str, float]:
        length = {text: len(self._analyzer.telling_words(split_words(text))) for text in others}
        own = SYNONYM_WEIGHT * len(self._analyzer.telling_words(run))
        return {text: round(own / words, 6) for text, words in length.items()}

    def _runs(self, terms: Sequence[str], place: int) -> Iterator[tuple[str, ...]]:
        """The runs from `place` on that have synonyms, the longest first."""
        for length in range(min(self._longest, len(terms) - place), 0, -1):
            run = tuple(terms[place : place + length])
            if run in self._others:
                yield run

    def _usable(self, texts: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
        for text in texts:
            terms = tuple(self._analyzer.terms(text))
            if len(terms) > 1 or (terms and not self._analyzer.is_stop_word(text.strip())):
                yield terms, text


def parse_synonyms(text: str, name: str) -> list[Rule]:
    """The rules of a file's text. Raises InvalidValue with `name` and the line for what is none.

    >>> parse_synonyms("MP, member of parliament", "synonyms.txt")[0].meant
    ['MP', 'member of parliament']
    """
    lines = ((number, line.strip()) for number, line in enumerate(text.split("\n"), start=1))
    return [_rule(line, f"{name}:{number}") for number, line in lines if line and not line.startswith("#")]


def _rule(line: str, place: str) -> Rule:
    sides = [[each.strip() for each in side.split(",")] for side in line.split("=>")]
    if len(sides) > 2 or "\\" in line or (len(sides) == 1 and len(sides[0]) == 1):
        raise InvalidValue(place, line, _ONE_LINE)
    for each in (each for side in sides for each in side):
        if not 1 <= len(split_words(each)) <= MOST_WORDS:
            raise InvalidValue(place, each, f"1 to {MOST_WORDS} words of letters and digits")
    return Rule(sides[0], sides[-1], place)
