"""The exact search that others are judged by."""

import math

import numpy as np
import pytest

from benchmarks.exact import Bm25, by_min_max, by_reciprocal_ranks, nearest
from search.embedding.embedder import unit


def test_bm25_counts_rare_terms_and_short_texts_for_more() -> None:
    bm25 = Bm25([["storm", "storm", "sea"], ["storm", "port"], ["port"], ["sea", "sea", "sea"]])
    rows, scores = bm25.best(["storm"], 10)
    idf = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    lengths = 3 / 2.25, 2 / 2.25
    expected = [idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * n)) for count, n in zip((2, 1), lengths, strict=True)]
    assert rows == [0, 1]
    assert scores == pytest.approx(expected)


def test_words_nobody_wrote_find_nothing_and_only_what_holds_a_word_is_found() -> None:
    bm25 = Bm25([["storm"], ["port"]])
    assert (bm25.best(["fog"], 5), bm25.best([], 5), bm25.best(["port", "port"], 5)[0]) == (([], []), ([], []), [1])


def test_the_nearest_come_first_and_equals_by_row() -> None:
    vectors = unit(np.array([[0, 1], [1, 0], [1, 1], [1, 0]]))
    assert nearest(vectors, vectors[1], 3)[0] == [1, 3, 2]


def test_by_ranks_what_both_legs_have_wins_and_by_scores_a_clear_first_does() -> None:
    legs = ([1, 2, 3], [9.0, 1.5, 1.0]), ([4, 2], [0.8, 0.79])
    assert (by_reciprocal_ranks(legs)[0], by_min_max(legs)[:2]) == (2, [1, 4])
