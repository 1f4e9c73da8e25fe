"""How alike the articles of a generation are, measured on some of them."""

from collections.abc import Sequence

import numpy as np

from search.engines.engine import Likeness
from search.engines.local.columns import Columns
from search.engines.local.vectors import VectorSegment, vectors_at

SAMPLE = 500  # articles: a quarter of a million pairs


def likeness_of(columns: Columns, segments: Sequence[VectorSegment]) -> Likeness:
    """What `Reader.likeness` tells: of up to 500 articles, evenly spread over the order of writing."""
    living = np.flatnonzero(columns.is_alive)
    if not len(living):
        return Likeness(0, 0.0, 0.0, np.zeros(1, np.float32))
    chosen = living[np.linspace(0, len(living) - 1, min(SAMPLE, len(living)), dtype=np.int64)]
    leads = vectors_at(segments, columns.first_row[chosen])
    cosines = (leads @ leads.T)[~np.eye(len(leads), dtype=np.bool_)] if len(chosen) > 1 else np.zeros(1)
    return Likeness(len(living), float(cosines.mean()), float(cosines.std()), leads.mean(axis=0))
