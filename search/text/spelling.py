"""Spelling: which of an archive's own words was meant by one that no article holds.

There is no list of a language's words: names are spelt as the archive spells them, and what it does not write about is
left as it was typed. Of misspelt words 98 in 100 keep their first letter (codespell's list), and so do candidates,
but for a transposition; that also keeps a look-up short.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, Levenshtein

SHORTEST = 4  # letters: nearly every shorter word is one edit away from another
LONG = 8  # letters from which two edits are allowed, not one
MOST_CANDIDATES = 8  # of one word, the likeliest by themselves: context decides among them

# The weights are those of a logistic regression, rounded: misspelt words of headlines against words that are right and
# merely absent from the archive. `python -m benchmarks.spelling`, docs/quality.md.
MOST_LETTERS = 12  # that speak for a candidate: nothing much longer is near by chance
SLIP = 2.0  # a slip of the hand, not another word: letters transposed, doubled or left out
SECOND_EDIT = 2.0
CONTEXT = 6.0
NO_CONTEXT = 0.5  # of a fit, where the query has no other word
ENOUGH = 13.0
ENOUGH_FOR_A_FORM = 15.0  # where the archive holds other forms of the word typed: of "campaing", "camp"

_RUN = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word of the archive that may have been meant, and what speaks for it whatever else the query says."""

    word: str
    evidence: float
    is_slip: bool


class Dictionary:
    """An archive's words, arranged so that near ones are found among few."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._articles = words
        self._alike: dict[tuple[str, int], list[str]] = {}
        for word in words:
            if len(word) >= SHORTEST - 1 and is_spelt(word):
                self._alike.setdefault((word[0], len(word)), []).append(word)

    def candidates(self, typed: str) -> Sequence[Candidate]:
        """The words that may have been meant by one the archive does not hold, the likeliest first."""
        reach = 1 if len(typed) < LONG else 2
        lengths = range(len(typed) - reach, len(typed) + reach + 1)
        swapped = typed[1] + typed[0] + typed[2:]
        near = [
            self._candidate(typed, word, distance)
            for initial in dict.fromkeys(typed[:2])
            for length in lengths
            for word, distance, _ in process.extract(
                typed, self._alike.get((initial, length), ()), scorer=OSA.distance, score_cutoff=reach, limit=None
            )
            if initial == typed[0] or word[:2] == swapped[:2]
        ]
        return sorted(near, key=lambda each: (-each.evidence, each.word))[:MOST_CANDIDATES]

    def _candidate(self, typed: str, word: str, distance: int) -> Candidate:
        slips = is_slip(typed, word)
        evidence = min(len(typed), MOST_LETTERS) + SLIP * slips - SECOND_EDIT * (distance - 1)
        return Candidate(word, evidence + math.log(self._articles[word]), slips)


def is_spelt(word: str) -> bool:
    """Whether a lower-case word is of letters that change one at a time: no digits, and no script without case.

    >>> [is_spelt(word) for word in ("bridge", "мост", "covid19", "東京都庁")]
    [True, True, False, False]
    """
    return word.isalpha() and all(letter.islower() for letter in word)


def is_slip(typed: str, word: str) -> bool:
    """Whether letters were transposed, doubled or left out; not replaced or added.

    >>> [is_slip(typed, "bridge") for typed in ("birdge", "briddge", "brige", "bride", "brodge", "bridgse")]
    [True, True, True, True, False, False]
    """
    distance = OSA.distance(typed, word)
    return (
        distance < Levenshtein.distance(typed, word)
        or OSA.distance(_RUN.sub(r"\1", typed), _RUN.sub(r"\1", word)) < distance
        or Indel.distance(typed, word) == len(word) - len(typed)
    )


def likeliest(candidates: Sequence[Candidate], fits: Sequence[float | None], enough: float = ENOUGH) -> str | None:
    """The word with most evidence, None where none has enough.

    `fits` say how well each goes with the rest of the query, 0 to 1, or None where there is no rest.
    """
    weighed = [
        (each.evidence + CONTEXT * (NO_CONTEXT if fit is None else fit), each.word)
        for each, fit in zip(candidates, fits, strict=True)
    ]
    evidence, word = max(weighed, default=(-math.inf, ""))
    return word if evidence >= enough else None


def in_the_case_of(typed: str, word: str) -> str:
    """A word as the reader would have typed it.

    >>> [in_the_case_of(typed, "bridge") for typed in ("brigde", "Brigde", "BRIGDE")]
    ['bridge', 'Bridge', 'BRIDGE']
    """
    if typed.isupper():
        return word.upper()
    return word.capitalize() if typed[0].isupper() else word
