"""Feedback: the best answers to a query say what else to look for.

The classics, one for each leg: Rocchio's move of the query's vector towards the best answers (Rocchio 1971; for dense
vectors Li et al. 2021, arXiv 2108.11044), and words of theirs added to the query (RM3: Abdul-Jaleel et al. 2004). News
tells one event in many articles, so the best answer knows the names that the query left out. What each part adds:
docs/ranking.md.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from search.embedding.embedder import Vector, Vectors, unit

FEEDBACK_ARTICLES = 2  # of the first ranking, that are taken for right
FEEDBACK_SHARPNESS = 3  # the power of the score that an article weighs by: a clear winner speaks alone
FEEDBACK_VECTOR = 0.4  # weight of their vectors beside the query's
FEEDBACK_WORDS = 30  # how many of their words
FEEDBACK_WORDS_SHARE = 0.3  # of the lexical question that those words are
FEEDBACK_CHARACTERS = 2_000  # of each, the lead, that words are taken from


def weights_of(scores: Sequence[float]) -> list[float]:
    """How much each of the best articles says, summing to 1; scores are 0 to 1.

    >>> [round(weight, 3) for weight in weights_of([1.0, 0.5])]
    [0.889, 0.111]
    """
    powers = [score**FEEDBACK_SHARPNESS for score in scores]
    total = sum(powers)
    return [power / total if total else 1 / len(powers) for power in powers]


def moved(query: Vector, articles: Vectors, weights: Sequence[float]) -> Vector:
    """The query's vector, moved towards the articles', of unit length.

    >>> moved(np.array([1.0, 0.0]), np.array([[0.0, 1.0]]), [1.0]).round(3).tolist()
    [0.9279999732971191, 0.3709999918937683]
    """
    towards = np.asarray(weights, dtype=np.float32) @ articles
    vector: Vector = unit((query + FEEDBACK_VECTOR * towards)[None, :])[0]
    return vector


def widened(
    words: Sequence[str], of_articles: Sequence[Mapping[str, float]], weights: Sequence[float]
) -> dict[str, float]:
    """The words of the query and the articles' strongest, each with its weight; all weights sum to len(words).

    >>> widened(["bridge"], [{"bridge": 3.0, "harbour": 1.0}], [1.0])
    {'bridge': 0.925, 'harbour': 0.075}
    """
    strength: dict[str, float] = {}
    for article, weight in zip(of_articles, weights, strict=True):
        for word, own in article.items():
            strength[word] = strength.get(word, 0.0) + weight * own
    best = sorted(strength, key=lambda word: (-strength[word], word))[:FEEDBACK_WORDS]
    total = sum(strength[word] for word in best)
    if not total:
        return dict.fromkeys(words, 1.0)
    question = dict.fromkeys(words, 1 - FEEDBACK_WORDS_SHARE)
    for word in best:
        share = FEEDBACK_WORDS_SHARE * len(words) * strength[word] / total
        question[word] = round(question.get(word, 0.0) + share, 6)
    return question
