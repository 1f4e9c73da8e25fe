from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from search.embedding.hashing import HashingEmbedder
from search.embedding.remembering import RememberingEmbedder
from search.errors import Unavailable
from tests.indexer.following import Counting, Failing


def test_a_query_asked_again_is_not_embedded_again() -> None:
    counting = Counting()
    remembering = RememberingEmbedder(counting)
    asked = [remembering.embed([text])[0] for text in ("storm", "ferry", "storm")]
    assert counting.texts == ["storm", "ferry"]
    assert np.array_equal(asked, HashingEmbedder().embed(["storm", "ferry", "storm"]))
    assert remembering.identity == "counting"


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    counting = Counting()
    remembering = RememberingEmbedder(counting, most=2)
    for text in ("storm", "ferry", "storm", "rain", "storm", "ferry"):
        remembering.embed([text])
    assert counting.texts == ["storm", "ferry", "rain", "ferry"]


def test_batches_and_long_texts_pass_through_and_push_nothing_out() -> None:
    counting = Counting()
    remembering = RememberingEmbedder(counting, most=1)
    remembering.embed(["storm"])
    for _ in range(2):
        remembering.embed(["storm", "ferry"])
        remembering.embed(["rain " * 60])
        assert remembering.embed([]).shape == (0, 64)
    remembering.embed(["storm"])
    assert counting.texts == ["storm", *["storm", "ferry", "rain " * 60] * 2]


def test_what_is_shared_cannot_be_changed() -> None:
    remembering = RememberingEmbedder(HashingEmbedder())
    assert [remembering.embed(["storm"]).flags.writeable for _ in range(2)] == [False, False]


def test_a_failure_is_not_remembered() -> None:
    remembering = RememberingEmbedder(Failing(0))
    for _ in range(2):
        with pytest.raises(Unavailable, match="the model is gone"):
            remembering.embed(["storm"])


def test_threads_get_the_vectors_of_their_own_texts() -> None:
    remembering, texts = RememberingEmbedder(HashingEmbedder(), most=5), [f"text {n % 17}" for n in range(1_000)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: remembering.embed([text])[0], texts))
    assert np.array_equal(found, HashingEmbedder().embed(texts))
