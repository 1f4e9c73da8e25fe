import math

import numpy as np
import pytest

from search.ranking.feedback import (
    FEEDBACK_VECTOR,
    FEEDBACK_WORDS,
    FEEDBACK_WORDS_SHARE,
    moved,
    weights_of,
    widened,
)


def test_a_clear_winner_speaks_nearly_alone() -> None:
    assert weights_of([1.0, 0.5]) == pytest.approx([8 / 9, 1 / 9])
    assert weights_of([0.7, 0.7]) == pytest.approx([0.5, 0.5])


def test_articles_without_a_score_weigh_alike() -> None:
    assert weights_of([0.0, 0.0]) == [0.5, 0.5]


def test_the_query_moves_towards_the_articles_by_their_weights() -> None:
    query, articles = np.array([1, 0, 0], np.float32), np.array([[0, 1, 0], [0, 0, 1]], np.float32)
    expected = np.array([1, FEEDBACK_VECTOR * 0.75, FEEDBACK_VECTOR * 0.25])
    assert moved(query, articles, [0.75, 0.25]) == pytest.approx(expected / math.sqrt(sum(expected**2)))


def test_the_question_weighs_what_the_query_weighed_and_shares_it_with_the_articles_words() -> None:
    question = widened(["bridge", "closed"], [{"harbour": 3.0, "bridge": 1.0}, {"ferry": 4.0}], [0.5, 0.5])
    share = FEEDBACK_WORDS_SHARE * 2
    assert question == pytest.approx(
        {
            "bridge": 1 - FEEDBACK_WORDS_SHARE + share / 8,
            "closed": 1 - FEEDBACK_WORDS_SHARE,
            "harbour": share * 3 / 8,
            "ferry": share / 2,
        }
    )


def test_only_the_strongest_words_are_taken() -> None:
    many = {f"word{number}": float(number) for number in range(1, 100)}
    question = widened(["bridge"], [many], [1.0])
    assert len(question) == 1 + FEEDBACK_WORDS
    assert "word99" in question
    assert "word1" not in question


def test_where_the_articles_have_no_words_the_query_stands_alone() -> None:
    assert widened(["bridge"], [{}], [1.0]) == {"bridge": 1.0}
