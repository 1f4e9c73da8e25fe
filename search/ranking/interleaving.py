"""Interleaving: two rankings in one list, so that readers' clicks tell which is better.

Team-draft interleaving (Radlinski, Kurup and Joachims 2008, "How does clickthrough data reflect retrieval quality?"):
as two captains pick their teams, the ranking with the smaller team puts its best candidate that is not there yet, and
where both are as large, lots decide. A click counts for the team of the hit. Each reader sees both rankings under the
same conditions, so that far fewer clicks decide than where half of the readers get the one and half the other.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count

from search.article import ArticleId
from search.result import Hit, Team


def lots(seed: str) -> Iterator[bool]:
    """Tosses of a fair coin without end, the same for a seed every time.

    >>> tosses = lots("harbour bridge")
    >>> [next(tosses) for _ in range(6)]
    [True, True, False, False, True, True]
    """
    for number in count():
        digest = hashlib.blake2b(f"{number}\n{seed}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
        yield from (bool(byte & 1) for byte in digest)


def team_draft(
    first: Sequence[Hit], second: Sequence[Hit], tosses: Iterator[bool]
) -> tuple[list[Hit], dict[ArticleId, Team]]:
    """The hits of both rankings, each once, and whose they are: "a" for the first ranking, "b" for the second.

    Each has the score that its own team gave it. Where a ranking has no more, the other goes on alone.
    """
    waiting: dict[Team, Iterator[Hit]] = {"a": iter(first), "b": iter(second)}
    sizes: dict[Team, int] = {"a": 0, "b": 0}
    hits, teams = list[Hit](), dict[ArticleId, Team]()
    while waiting:
        if sizes["a"] != sizes["b"]:
            turn: Team = "a" if sizes["a"] < sizes["b"] else "b"
        else:
            turn = "a" if next(tosses) else "b"
        if turn not in waiting:
            (turn,) = waiting
        pick = next((hit for hit in waiting[turn] if hit.id not in teams), None)
        if pick is None:
            del waiting[turn]
            continue
        hits.append(pick)
        teams[pick.id] = turn
        sizes[turn] += 1
    return hits, teams
