import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.embedding.embedder import unit
from search.ranking.hubness import NEIGHBOURS, hubness


@given(st.integers(1, 12), st.integers(0, 1_000))
def test_it_is_the_mean_cosine_of_the_nearest_others(count: int, seed: int) -> None:
    leads = unit(np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32))
    expected = []
    for place, lead in enumerate(leads):
        cosines = sorted((float(lead @ other) for at, other in enumerate(leads) if at != place), reverse=True)
        expected.append(sum(cosines[:NEIGHBOURS]) / max(len(cosines[:NEIGHBOURS]), 1))
    assert hubness(leads).tolist() == pytest.approx(expected, abs=1e-5)
