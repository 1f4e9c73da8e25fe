"""Editorial signals: what the newsroom's wishes do to one list.

A boost or a bury is a bounded factor of the score, so that neither lifts what does not match nor hides what answers
best; an exclusion takes the article out before anything is ranked; a pin puts it at its position, matching or not.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from search.article import ArticleId
from search.ranking.candidates import Candidates
from search.result import Hit
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


def weighed(candidates: Candidates, factors: Mapping[ArticleId, float]) -> Candidates:
    """The candidates, the scores of those that have a factor multiplied by it.

    >>> [hit.id for hit in weighed(Candidates.of([Hit("a", 0.9, 0), Hit("b", 0.8, 0)]), {"b": BOOST}).hits()]
    ['b', 'a']
    """
    return candidates.times("editorial", candidates.column(factors)) if factors else candidates


def pinned_first(hits: Sequence[Hit], pinned: Sequence[Hit]) -> list[Hit]:
    """The list with what is pinned before the rest, so that versions fold into it and not it into them."""
    if not pinned:
        return list(hits)
    matched = {hit.id: hit for hit in hits}
    ids = {hit.id for hit in pinned}
    return [*(matched.get(hit.id, hit) for hit in pinned), *(hit for hit in hits if hit.id not in ids)]


def placed(hits: Sequence[Hit], pins: Sequence[Signal]) -> list[Hit]:
    """The list with what is pinned at its position, the rest in order around it.

    Of several pins to one position the later ones stand right after; one beyond the end stands last.
    """
    wanted = {pin.article for pin in pins}
    pinned = {hit.id: hit for hit in hits if hit.id in wanted}
    result = [hit for hit in hits if hit.id not in wanted]
    free = 0  # the first place below the pins so far
    for pin in pins:
        if pin.article in pinned:
            place = max((pin.position or 1) - 1, free)
            result.insert(place, pinned[pin.article])
            free = place + 1
    return result
