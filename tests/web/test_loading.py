import logging
import threading

import pytest

from search.embedding.embedder import Embedder
from search.embedding.hashing import HashingEmbedder
from search.errors import Corrupt, Unavailable
from tests.web.newsroom import eventually
from web.loading import LoadingEmbedder


def test_there_is_no_embedder_until_it_is_loaded_and_nobody_waits_for_it() -> None:
    may_finish = threading.Event()
    model = HashingEmbedder()

    def load() -> Embedder:
        may_finish.wait(10)
        return model

    loading = LoadingEmbedder(load)
    assert loading() is None
    loading.start()
    assert loading() is None
    may_finish.set()
    assert eventually(lambda: loading() is model)


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("model 'x' is no folder here"),
        Corrupt("the weights differ"),
        OSError("disk"),
        ImportError("torch"),
        ValueError("config"),
        RuntimeError("weights do not fit"),
        KeyError("embedding.weight"),
    ],
)
def test_a_model_that_cannot_be_had_is_logged_once_and_stays_away(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def load() -> Embedder:
        raise error

    loading = LoadingEmbedder(load)
    loading.start()
    assert eventually(lambda: "no model" in caplog.text)
    logged = [(record.levelno, record.getMessage()) for record in caplog.records if record.name == "web.loading"]
    assert logged == [(logging.ERROR, f"no model, searches stay lexical: {error}")]
    assert loading() is None
