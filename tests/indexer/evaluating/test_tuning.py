from collections.abc import Sequence

import numpy as np
import pytest

from indexer.evaluating.judgments import JudgedQuery
from indexer.evaluating.measuring import Values
from indexer.evaluating.tuning import GRID, parts, tune
from search.errors import InvalidValue
from search.settings import Settings

QUERIES = [JudgedQuery(f"q{number}", "storm", {"a": 1}) for number in range(60)]
PRESENT = Settings(semantic_weight=0.5)


def test_a_query_is_in_one_part_for_good() -> None:
    fitted, held_out = parts(QUERIES)
    assert {query.id for query in fitted} | {query.id for query in held_out} == {query.id for query in QUERIES}
    assert 20 <= len(fitted) <= 40
    more = [*QUERIES, JudgedQuery("another", "fog", {"b": 1})]
    assert [query for query in parts(more)[0] if query.id != "another"] == fitted


def test_too_few_queries_are_refused() -> None:
    with pytest.raises(InvalidValue, match="judged queries is '. to fit on and . held out', allowed: at least 10 in"):
        parts(QUERIES[:12])


def test_the_best_of_the_fitted_part_is_chosen_and_judged_on_the_rest() -> None:
    def measure(settings: Settings, queries: Sequence[JudgedQuery]) -> Values:
        return np.full((len(queries), 1), 0.9 - abs(settings.semantic_weight - 0.7))

    tuned = tune(QUERIES, PRESENT, measure)
    assert (tuned.present, tuned.chosen) == ({"semantic_weight": 0.5}, {"semantic_weight": 0.7})
    assert tuned.gain.mean == pytest.approx(0.2)
    assert tuned.is_gain
    assert [choice["semantic_weight"] for choice, _ in tuned.tried] == list(GRID["semantic_weight"])


def test_what_helps_only_where_it_was_fitted_is_no_gain() -> None:
    fitted = {query.id for query in parts(QUERIES)[0]}

    def measure(settings: Settings, queries: Sequence[JudgedQuery]) -> Values:
        sign = 1 if queries[0].id in fitted else -1
        return np.full((len(queries), 1), 0.5 + sign * 0.4 * settings.semantic_weight)

    tuned = tune(QUERIES, PRESENT, measure)
    assert (tuned.chosen, tuned.is_gain) == ({"semantic_weight": 1.0}, False)
    assert tuned.gain.mean == pytest.approx(-0.2)


def test_among_equals_the_nearest_to_the_present_is_chosen() -> None:
    tuned = tune(QUERIES, Settings(semantic_weight=0.33), lambda settings, queries: np.ones((len(queries), 1)))
    assert (tuned.chosen, tuned.is_gain) == ({"semantic_weight": 0.33}, False)


def test_the_grid_can_be_another() -> None:
    def measure(settings: Settings, queries: Sequence[JudgedQuery]) -> Values:
        return np.full((len(queries), 1), settings.semantic_weight)

    tuned = tune(QUERIES, PRESENT, measure, grid={"semantic_weight": [0.5, 0.9]})
    assert tuned.tried == [({"semantic_weight": 0.5}, 0.5), ({"semantic_weight": 0.9}, 0.9)]


def test_a_gain_that_chance_may_have_given_is_none() -> None:
    def measure(settings: Settings, queries: Sequence[JudgedQuery]) -> Values:
        luck = np.resize([[1.0], [-0.9]], (len(queries), 1))
        return 0.5 + luck * settings.semantic_weight * 0.4

    tuned = tune(QUERIES, PRESENT, measure, grid={"semantic_weight": [0.5, 1.0]})
    assert tuned.gain.low < 0 < tuned.gain.high
    assert not tuned.is_gain
