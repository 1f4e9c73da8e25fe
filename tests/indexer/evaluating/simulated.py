"""Readers whose taste and patience are known: the log that a site would keep of their searches."""

import json
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from indexer.evaluating.counting import Cell, Counter
from indexer.evaluating.site_events import SearchEvent

PATIENCE = [1 / position for position in range(1, 11)]  # who looks at each position


def searches(
    query: str, hits: Sequence[str], relevance: Mapping[str, float], random: Random, visitors: int
) -> Iterator[SearchEvent]:
    """What readers with the patience of the curve do: see `searched_with`."""
    return searched_with(PATIENCE, query, hits, relevance, random, visitors)


def searched_with(
    patience: Sequence[float],
    query: str,
    hits: Sequence[str],
    relevance: Mapping[str, float],
    random: Random,
    visitors: int,
) -> Iterator[SearchEvent]:
    """The events of so many visitors, of whom each is shown the hits with one pair of neighbours changed about.

    One clicks an article where they look at its position and it attracts them, with these chances.
    """
    for number in range(visitors):
        shown = list(hits[: len(patience)])
        if len(shown) > 1:
            at = random.randrange(len(shown) - 1)
            shown[at : at + 2] = shown[at + 1], shown[at]
        for position, (article, share) in enumerate(zip(shown, patience, strict=False), start=1):
            yield SearchEvent(query, article, position, f"v{number}", is_click=False)
            if random.random() < share * relevance[article]:
                yield SearchEvent(query, article, position, f"v{number}", is_click=True)


def line(event: SearchEvent) -> str:
    """The event as the site writes it."""
    record: dict[str, object] = {"type": "click" if event.is_click else "impression", "article": event.article}
    record |= {"visitor": event.visitor, "query": event.query, "position": event.position, "place": "search"}
    return json.dumps(record) + "\n"


def confounded(patience: Sequence[float], relevance: Sequence[float], random: Random, queries: int = 40) -> list[Cell]:
    """A log in which the worst article of each query stands first; articles are named for their relevance's place."""
    counter = Counter()
    shares = {f"a{number}": share for number, share in enumerate(relevance)}
    hits = sorted(shares, key=lambda article: shares[article])
    for number in range(queries):
        for event in searched_with(patience, f"query {number}", hits, shares, random, visitors=200):
            counter.add(event)
    return counter.cells
