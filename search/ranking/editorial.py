"""Editorial signals: what the newsroom's wishes do to one list.

A boost or a bury is a bounded factor of the score, so that neither lifts what does not match nor hides what answers
best; an exclusion takes the article out before anything is ranked; a pin puts it at its position, matching or not.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from search.article import ArticleId
from search.result import Hit, Ranked, in_order
from search.signal import Kind, Place, Signal

BOOST = 1.5  # the factor of an article that one signal boosts, or many
BURY = 0.5  # of one that is buried; both together make .75


@dataclass(frozen=True, slots=True)
class Steering:
    """What the signals make of one list: the pins by position, the factors of scores, and what is not there."""

    pins: Sequence[Signal] = ()
    factors: Mapping[ArticleId, float] = field(default_factory=dict)
    excluded: frozenset[ArticleId] = frozenset()

    def pinned(self, *, is_answered: bool) -> frozenset[ArticleId]:
        """The articles that are pinned; to a list that nothing else is in, only those whose pins name its query."""
        return frozenset(pin.article for pin in self.pins if is_answered or pin.query)

    def without_pins(self) -> "Steering":
        """What is left of it for a list that is in order of time."""
        return Steering(excluded=self.excluded)


UNSTEERED = Steering()


def steering(
    signals: Sequence[Signal], place: Place, now: datetime, queries: Collection[str], sections: Collection[str]
) -> Steering:
    """What the signals that hold now make of a list of these sections which answers one of these queries.

    Queries and sections are as they are compared, by `query_key` and `facet_key`. Of several pins of one article the
    highest counts.
    """
    if not signals:
        return UNSTEERED
    here = [each for each in signals if each.is_of(place) and each.is_live(now) and each.is_about(queries, sections)]
    named = {kind: frozenset(each.article for each in here if each.kind is kind) for kind in Kind}
    excluded = named[Kind.EXCLUDE]
    first: dict[ArticleId, Signal] = {}
    for pin in sorted((each for each in here if each.kind is Kind.PIN), key=lambda each: (each.position, each.id)):
        if pin.article not in excluded:
            first.setdefault(pin.article, pin)
    factors = {
        id_: (BOOST if id_ in named[Kind.BOOST] else 1.0) * (BURY if id_ in named[Kind.BURY] else 1.0)
        for id_ in sorted(named[Kind.BOOST] | named[Kind.BURY])
    }
    return Steering(tuple(first.values()), factors, excluded)


def weighed(ranked: Sequence[Ranked], factors: Mapping[ArticleId, float]) -> list[Ranked]:
    """The candidates in order again, the scores of those that have a factor multiplied by it.

    >>> best = weighed([Ranked(Hit("a", 0.9, 0), {}), Ranked(Hit("b", 0.8, 0), {})], {"b": BOOST})
    >>> [(each.hit.id, each.factors) for each in best]
    [('b', {'editorial': 1.5}), ('a', {})]
    """
    if not factors:
        return list(ranked)
    times = [each.times("editorial", factors[each.hit.id]) if each.hit.id in factors else each for each in ranked]
    return sorted(times, key=lambda each: in_order(each.hit))


def pinned_first(ranked: Sequence[Ranked], pinned: Sequence[Hit]) -> list[Ranked]:
    """The list with what is pinned before the rest, so that versions fold into it and not it into them."""
    matched = {each.hit.id: each for each in ranked}
    pins = [replace(matched.get(hit.id, Ranked(hit, {})), is_pinned=True) for hit in pinned]
    ids = {hit.id for hit in pinned}
    return [*pins, *(each for each in ranked if each.hit.id not in ids)]


def placed(ranked: Sequence[Ranked], pins: Sequence[Signal]) -> list[Ranked]:
    """The list with what is pinned at its position, the rest in order around it.

    Of several pins to one position the later ones stand right after; one beyond the end stands last.
    """
    pinned = {each.hit.id: each for each in ranked if each.is_pinned}
    if not pinned:
        return list(ranked)
    result = [each for each in ranked if not each.is_pinned]
    free = 0  # the first place below the pins so far
    for pin in pins:
        if pin.article in pinned:
            place = max((pin.position or 1) - 1, free)
            result.insert(place, pinned[pin.article])
            free = place + 1
    return result
