"""The floor under the semantic leg: how near a text must be to be called found at all.

The nearest 200 of an archive are always 200, however far. Among right answers on TIME, SciFact and NeuS the one in a
hundred that lies farthest has a cosine of 0.29, 0.36 and 0.52; the floor is half of the least, so that it costs no
answer and drops what shares nothing with the query.
"""

from collections.abc import Sequence

from search.result import Hit

SEMANTIC_FLOOR = 0.15  # nDCG@10 of the hybrid with and without it: docs/quality.md


def above_floor(hits: Sequence[Hit], floor: float = SEMANTIC_FLOOR) -> list[Hit]:
    """The hits whose cosine is at least the floor, in their order.

    >>> [hit.id for hit in above_floor([Hit("near", 0.4, 0), Hit("edge", 0.15, 0), Hit("far", 0.1, 0)])]
    ['near', 'edge']
    """
    return [hit for hit in hits if hit.score >= floor]
