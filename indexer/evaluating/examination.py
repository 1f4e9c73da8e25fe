"""How many readers look at each position of a list of hits, learnt from what was shown and clicked.

The position-based model (Chuklin, Markov and de Rijke 2015, "Click Models for Web Search", 3.2): a hit is clicked when
it is looked at, which its position decides, and when it attracts, which query and article decide. One factor can be
told from the other where an article was shown at several positions for one query (Agarwal et al. 2019, "Estimating
position bias without intrusive interventions"): those articles alone are used.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.evaluating.counting import Cell
from search.article import ArticleId

ETA = 1.0  # of 1 / position ** ETA, what is believed before a log is read: Joachims, Swaminathan and Schnabel 2017
PRIOR_CLICKS = 5.0  # what that belief weighs at each position: a log of hundreds of clicks outweighs it
LEAST = 0.05  # no click counts for more than twenty: clipped, as there, arXiv 1608.04468
TOLERANCE = 1e-6  # relative, from one round to the next
MOST_ROUNDS = 5_000

Floats = NDArray[np.float64]


def examination(cells: Sequence[Cell]) -> list[float]:
    """Of the readers who look at position 1, the share that looks at 1, 2, … down to the deepest shown, 0.05 to 1.

    Given that an article was clicked so many times, its clicks fall on its positions in proportion to how often it
    was shown and looked at there: what attracts cancels out, whatever it is. That is a Bradley-Terry model, whose
    maximum a posteriori under a gamma prior is found by rounds (Hunter 2004; Caron and Doucet 2012). The prior is the
    curve 1 / position ** ETA: alone where the log says nothing, little where it says much.

    >>> shown_once = [Cell("storm", "a", 1, 100, 50), Cell("storm", "b", 4, 100, 50)]
    >>> examination(shown_once)
    [1.0, 0.5, 0.3333, 0.25]
    >>> moved = [Cell("storm", "a", 1, 9000, 3000), Cell("storm", "a", 2, 9000, 2400)]
    >>> examination(moved)
    [1.0, 0.7993]
    """
    deepest = max((cell.position for cell in cells), default=0)
    if not deepest:
        return []
    curve = 1 / np.arange(1, deepest + 1) ** ETA
    found = _fitted(_moved(cells), curve)
    return [round(float(share), 4) for share in np.clip(found / found[0], LEAST, 1)]


def _moved(cells: Sequence[Cell]) -> list[list[Cell]]:
    """The cells of each article that was clicked for a query, and shown at several positions for it."""
    pairs: dict[tuple[str, ArticleId], list[Cell]] = defaultdict(list)
    for cell in cells:
        pairs[cell.query, cell.article].append(cell)
    return [pair for pair in pairs.values() if len(pair) > 1 and any(cell.clicks for cell in pair)]


def _fitted(pairs: Sequence[Sequence[Cell]], curve: Floats) -> Floats:
    """Examination up to a factor: for each round, clicks over the clicks expected, both with the prior's added."""
    pair = np.array([number for number, cells in enumerate(pairs) for _ in cells], dtype=int)
    at = np.array([cell.position - 1 for cells in pairs for cell in cells], dtype=int)
    shown = np.array([cell.shown for cells in pairs for cell in cells], dtype=float)
    clicks = np.array([cell.clicks for cells in pairs for cell in cells], dtype=float)
    clicks_of_pair, clicks_at = np.bincount(pair, clicks), np.bincount(at, clicks, len(curve))
    found = curve.copy()
    for _ in range(MOST_ROUNDS):
        looks_of_pair = np.bincount(pair, shown * found[at])
        expected = np.bincount(at, (clicks_of_pair / looks_of_pair)[pair] * shown, len(curve))
        fresh = (clicks_at + PRIOR_CLICKS) / (expected + PRIOR_CLICKS / curve)
        fresh *= len(curve) / (fresh / curve).sum()  # the factor that no click tells is where the prior has its top
        moved = np.abs(np.log(fresh / found)).max()
        found = fresh
        if moved < TOLERANCE:
            break
    return found
