from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.engine import Likeness
from search.ranking.candidates import Scores
from search.ranking.threshold import (
    ANSWER_MARGIN,
    COVERAGE_WEIGHT,
    SEMANTIC_FLOOR,
    TOPICALITY_WEIGHT,
    above_floor,
    answer_floor,
    evidence,
    evidence_floor,
    is_answered,
    undecided,
)
from search.result import Hit

CENTRE = np.array([0.3, 0.0], dtype=np.float32)


def likeness(articles: int, deviation: float) -> Likeness:
    return Likeness(articles, mean=0.1, deviation=deviation, centre=CENTRE)


shares = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4)


def test_hits_below_the_semantic_floor_are_dropped() -> None:
    hits = [Hit("near", 0.9, 0), Hit("edge", SEMANTIC_FLOOR, 0), Hit("far", SEMANTIC_FLOOR - 0.01, 0)]
    assert above_floor(hits) == hits[:2]


def test_the_floor_is_what_chance_gives_in_an_archive_of_its_size_and_likeness() -> None:
    assert evidence_floor(likeness(8_254, 0.113)) == pytest.approx(0.113 * NormalDist().inv_cdf(1 - 1 / 8_254))


def test_a_large_archive_asks_for_more_than_a_small_one_and_a_varied_one_for_more_than_a_uniform_one() -> None:
    floors = [evidence_floor(likeness(*each)) for each in [(10, 0.11), (101, 0.11), (100_000, 0.11), (100_000, 0.12)]]
    assert floors == sorted(floors)
    assert evidence_floor(likeness(0, 0.0)) == evidence_floor(likeness(100, 0.1))


def test_a_few_articles_on_one_topic_ask_for_no_more_than_the_most_varied_archive() -> None:
    assert evidence_floor(likeness(4, 0.3)) == evidence_floor(likeness(100, 0.13))


def test_a_small_archive_is_as_strict_as_one_of_the_fewest_articles_asked_for() -> None:
    assert evidence_floor(likeness(87, 0.12), 1_000) == evidence_floor(likeness(1_000, 0.12))
    assert evidence_floor(likeness(8_254, 0.12), 1_000) == evidence_floor(likeness(8_254, 0.12))


@pytest.mark.parametrize(("query", "topicality"), [([1, 0], 1.0), ([0.2, 0.98], 0.6), ([0, 1], 0.0), ([-1, 0], 0.0)])
def test_a_query_about_what_the_archive_is_about_needs_less_evidence(query: list[float], topicality: float) -> None:
    archive, vector = likeness(8_254, 0.113), np.array(query, dtype=np.float32)
    unheard = evidence_floor(archive) + ANSWER_MARGIN
    assert answer_floor(archive, vector, is_heard=False) == pytest.approx(unheard)
    assert answer_floor(archive, vector, is_heard=True) == pytest.approx(unheard - TOPICALITY_WEIGHT * topicality)


def column(*values: float) -> Scores:
    return np.array(values)


def test_words_and_meaning_count_together_only_within_one_article() -> None:
    floor = 0.3 + COVERAGE_WEIGHT * 0.5
    assert is_answered(column(0.3), column(0.5), floor)
    assert not is_answered(column(0.3, 0.0), column(0.0, 0.5), floor)


def test_a_paraphrase_without_a_shared_word_is_an_answer_where_it_is_near_enough() -> None:
    assert is_answered(column(0.5), column(0.0), floor=0.5)
    assert not is_answered(column(0.49), column(0.0), floor=0.5)


def test_every_word_of_the_query_in_one_article_is_an_answer_however_far_its_meaning() -> None:
    assert is_answered(column(0.0), column(1.0), floor=0.9)
    assert not is_answered(column(0.0), column(0.9), floor=0.9)


def test_where_there_is_no_article_nothing_is_answered() -> None:
    assert not is_answered(column(), column(), floor=0.0)


@given(shares, st.floats(0.01, 1.5))
def test_more_evidence_never_silences_an_answer(known: list[tuple[float, float]], floor: float) -> None:
    cosines, coverage = (column(*values) for values in zip(*known, strict=True))
    if is_answered(cosines, coverage, floor):
        assert is_answered(np.append(cosines, 0.5), np.append(coverage, 0.5), floor)
        assert is_answered(cosines, coverage, floor / 2)


@given(shares, st.floats(0, 1.5))
def test_words_are_asked_of_all_those_and_only_those_that_they_can_bring_to_the_floor(
    known: list[tuple[float, float]], floor: float
) -> None:
    cosines, coverage = (column(*values) for values in zip(*known, strict=True))
    asked = np.where(undecided(cosines, floor), coverage, 0.0)
    assert (evidence(cosines, asked) >= floor).tolist() == (evidence(cosines, coverage) >= floor).tolist()
