"""Names made of words that stand everywhere: IT, "The Who", "Take That".

The index knows no case, and neither would a query, but for what a reader's own capitals say. In a headline, or where
all is in capitals, they say nothing.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

SHORT = 3  # words: nobody types a headline as short
PLAIN_SHARE = 1 / 3  # of a longer query's words that are lower case in no headline: those have "from" and "'s" alone
LONGEST_NAME = 6  # words of a query that is taken for one name: "to be or not to be"
OPERATORS = frozenset({"AND", "OR", "NOT"})  # of other search engines: nobody's name

IsStopWord = Callable[[str], bool]


def initials(words: Sequence[str], is_stop_word: IsStopWord) -> frozenset[str]:
    """The stop words of a query that are typed as initials.

    >>> initials("IT outage at NATO".split(), lambda word: word.lower() in {"it", "at"})
    frozenset({'IT'})
    """
    if not _says_much_by_case(words, is_stop_word):
        return frozenset()
    return frozenset(
        word for word in words if len(word) > 1 and word.isupper() and word not in OPERATORS and is_stop_word(word)
    )


def names(words: Sequence[str], is_stop_word: IsStopWord) -> list[str]:
    """The phrases of a query that a stop word is part of and that may be names, as typed.

    Two capitalised words side by side, one of them a stop word; or a whole short query that holds no more than one
    other word.

    >>> names("The Who reunite in Leeds".split(), lambda word: word.lower() in {"the", "in"})
    ['The Who']
    >>> names("take that".split(), lambda word: word == "that")
    ['take that']
    """
    stop = [is_stop_word(word) for word in words]
    if any(stop) and stop.count(False) <= 1 and 1 < len(words) <= LONGEST_NAME:
        return [" ".join(words)]
    if not _says_much_by_case(words, is_stop_word):
        return []
    pairs = pairwise(zip(words, stop, strict=True))
    return [f"{a} {b}" for (a, a_stop), (b, b_stop) in pairs if (a_stop or b_stop) and _is_named(a) and _is_named(b)]


def _is_named(word: str) -> bool:
    return word[0].isupper() and word not in OPERATORS


def _says_much_by_case(words: Sequence[str], is_stop_word: IsStopWord) -> bool:
    """Whether capitals are the reader's choice: there are few words, or enough that are no stop words have none."""
    if len(words) <= SHORT:
        return not all(word.isupper() for word in words)
    telling = [word for word in words if len(word) > 1 and not is_stop_word(word)]
    return sum(word[0].islower() for word in telling) >= PLAIN_SHARE * len(telling) > 0
