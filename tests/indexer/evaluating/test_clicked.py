from random import Random

import pytest

from indexer.evaluating.clicked import among_judged, clicked_queries, relevance
from indexer.evaluating.counting import Cell
from indexer.evaluating.examination import examination
from indexer.evaluating.judgments import JudgedQuery
from indexer.evaluating.measuring import RANKING, measured
from tests.indexer.evaluating.simulated import PATIENCE, confounded

TRUTH = {"a0": 0.6, "a1": 0.4, "a2": 0.3, "a3": 0.2}  # shown the other way round
IMPATIENT = [position**-1.3 for position in range(1, 5)]  # not the curve that is believed without a log


def best_first(query: JudgedQuery) -> list[str]:
    return sorted(query.grades, key=lambda article: -query.grades[article])


def test_the_log_of_readers_who_look_at_the_top_tells_the_truth_once_corrected_and_the_reverse_before() -> None:
    cells = confounded(IMPATIENT, list(TRUTH.values()), Random(5))
    naive = clicked_queries(cells, [1.0] * 4, TRUTH)
    corrected = clicked_queries(cells, examination(cells), TRUTH)
    assert len(naive) == len(corrected) == 40
    assert sum(best_first(query)[0] == "a0" for query in naive) < 10
    assert sum(best_first(query)[0] == "a0" for query in corrected) > 30
    answers = list(TRUTH), list(reversed(TRUTH))
    gains = [
        float(
            (measured(judged, lambda _: answers[0], RANKING) - measured(judged, lambda _: answers[1], RANKING)).mean()
        )
        for judged in (naive, corrected)
    ]
    assert gains[0] < -0.02
    assert gains[1] > 0.1


def test_relevance_is_recovered_as_the_share_of_those_who_looked_that_clicked() -> None:
    cells = confounded(IMPATIENT, list(TRUTH.values()), Random(6))
    found = relevance(cells, examination(cells)).values()
    means = {article: sum(shares[article] for shares in found) / len(found) for article in TRUTH}
    assert means == pytest.approx(TRUTH, rel=0.15)


def test_articles_that_few_looked_at_are_not_judged() -> None:
    few, enough = Cell("rain", "few", 10, shown=99, clicks=9), Cell("rain", "enough", 10, shown=100, clicks=5)
    assert relevance([few, enough], PATIENCE) == {"rain": {"enough": 0.5}}


def test_looks_at_every_position_add_up_and_nothing_is_more_than_certain() -> None:
    cells = [Cell("rain", "a", 1, 100, 20), Cell("rain", "a", 2, 100, 40), Cell("rain", "b", 10, 100, 50)]
    assert relevance(cells, PATIENCE) == {"rain": {"a": pytest.approx(60 / 150), "b": 1.0}}


@pytest.mark.parametrize(
    "cells",
    [
        [Cell("rain", "a", 1, 100, 20)],
        [Cell("rain", "a", 1, 100, 20), Cell("rain", "b", 2, 100, 10)],
        [Cell("rain", "a", 1, 100, 0), Cell("rain", "b", 2, 100, 0)],
        [Cell("rain", "a", 1, 100, 20), Cell("rain", "withdrawn", 2, 100, 40)],
    ],
)
def test_queries_whose_published_articles_do_not_differ_say_nothing(cells: list[Cell]) -> None:
    assert clicked_queries(cells, PATIENCE, {"a", "b"}) == []


def test_what_was_never_shown_is_left_out_of_an_answer_and_not_taken_for_wrong() -> None:
    answer = among_judged(lambda query: ["unknown", "b", "another", "a"])
    assert answer(JudgedQuery("rain", "rain", {"a": 100, "b": 0})) == ["b", "a"]
