import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.candidates import Candidates
from search.ranking.popularity import FULL_VIEWS, POPULARITY_WEIGHT, favoured, popularities, read
from search.result import Hit, Ranked

views = st.dictionaries(st.text(max_size=2), st.floats(0, 1e12), max_size=20)


@given(views)
def test_popularity_is_from_0_to_1_and_grows_with_views(views: dict[str, float]) -> None:
    popular = popularities(views)
    assert all(0 <= each <= 1 for each in popular.values())
    order = sorted(views, key=lambda id_: views[id_])
    assert [popular[id_] for id_ in order] == sorted(popular.values())


def test_the_most_read_is_1_and_the_others_by_the_logarithm() -> None:
    popular = popularities({"a": 999.0, "b": 9.0, "c": 0.0})
    assert popular == pytest.approx({"a": 1.0, "b": 1 / 3, "c": 0.0})


def test_a_few_readers_of_a_small_site_decide_little() -> None:
    assert popularities({"a": 1.0})["a"] == math.log(2) / math.log1p(FULL_VIEWS)
    assert popularities({}) == {}


@given(st.floats(0, 1), st.floats(0, 1))
def test_being_read_by_nobody_takes_at_most_its_weight_and_popularity_never_adds(popular: float, weight: float) -> None:
    assert 1 - weight - 1e-9 <= favoured(np.array(popular), weight) <= 1


def test_where_none_was_read_nothing_is_changed_to_the_last_digit() -> None:
    candidates = Candidates.of([Hit("a", 0.1 + 0.2, 0)])
    assert read(candidates, {}) is candidates


def test_each_candidate_has_its_factor_where_one_was_read() -> None:
    found = read(Candidates.of([Hit("a", 0.5, 0), Hit("b", 1.0, 0)]), {"a": 1.0})
    assert found.ranked(found.hits()) == [
        Ranked(Hit("b", 1 - POPULARITY_WEIGHT, 0), {}, {"popularity": 1 - POPULARITY_WEIGHT}),
        Ranked(Hit("a", 0.5, 0), {}, {"popularity": 1.0}),
    ]
