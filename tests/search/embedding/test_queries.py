import logging
from pathlib import Path

import pytest

from search.embedding.embedder import Embedder
from search.embedding.hashing import HashingEmbedder
from search.embedding.queries import LEAST_FIDELITY, STAND_IN_COSINE, Encoded, QueryEncoder, open_static
from search.settings import QUERY_ENCODERS, Settings
from tests.tables import encoder, kept

MODEL = HashingEmbedder(16)
OTHER = HashingEmbedder(8)
STATIC = encoder(("harbour", "bridge"), MODEL)
TEXT = "bridge"


def from_(used: Embedder | None, *degraded: str) -> tuple[list[float] | None, list[str]]:
    return (used.embed([TEXT])[0].tolist() if used else None), list(degraded)


def plain(encoded: Encoded) -> tuple[list[float] | None, list[str]]:
    return (None if encoded.vector is None else encoded.vector.tolist()), encoded.degraded


@pytest.mark.parametrize(
    ("model", "choice", "expected"),
    [
        (MODEL, "auto", from_(MODEL)),
        (None, "auto", from_(STATIC, "model")),
        (OTHER, "auto", from_(STATIC, "model")),
        (MODEL, "static", from_(STATIC)),
        (None, "static", from_(STATIC)),
    ],
)
def test_the_model_encodes_unless_it_is_away_or_the_table_is_chosen(
    model: Embedder | None, choice: str, expected: object
) -> None:
    assert plain(QueryEncoder(lambda: model, STATIC, choice).encode(TEXT, MODEL.identity)) == expected


@pytest.mark.parametrize("static", [None, encoder(("harbour", "bridge"), MODEL, space="another model")])
@pytest.mark.parametrize("choice", QUERY_ENCODERS)
def test_without_a_table_of_the_index_s_model_only_the_model_encodes(static: None, choice: str) -> None:
    assert plain(QueryEncoder(lambda: MODEL, static, choice).encode(TEXT, MODEL.identity)) == from_(MODEL)
    assert plain(QueryEncoder(lambda: None, static, choice).encode(TEXT, MODEL.identity)) == from_(None, "semantic")


@pytest.mark.parametrize(
    ("choice", "cosine", "is_opened"),
    [
        ("auto", STAND_IN_COSINE, True),
        ("auto", STAND_IN_COSINE - 0.01, False),
        ("static", 0.1, True),
        ("model", 1.0, False),
    ],
)
def test_auto_takes_what_is_near_enough_static_takes_any_and_model_none(
    tmp_path: Path, choice: str, cosine: float, is_opened: bool
) -> None:
    settings = Settings(home=tmp_path, query_encoder=choice)
    draft = encoder(("harbour", "bridge"), MODEL, cosine=cosine)
    kept(settings.static_encoder, draft)
    assert (open_static(settings) is not None) == is_opened


def test_a_damaged_table_is_logged_and_not_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(home=tmp_path, query_encoder="auto")
    settings.static_encoder.write_bytes(b"{}")
    assert open_static(settings) is None
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "queries are encoded by the model: the static encoder" in caplog.text


@pytest.mark.parametrize(("choice", "count"), [("auto", 0), ("static", 1)])
def test_a_missing_table_is_only_told_where_it_was_asked_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, choice: str, count: int
) -> None:
    assert open_static(Settings(home=tmp_path, query_encoder=choice)) is None
    assert len(caplog.records) == count


def test_what_a_table_s_cosines_lack_is_told_and_the_model_s_lack_nothing() -> None:
    def fidelity(model: Embedder | None, cosine: float) -> float:
        static = encoder(("harbour", "bridge"), MODEL, cosine=cosine)
        return QueryEncoder(lambda: model, static, "auto").encode(TEXT, MODEL.identity).fidelity

    assert (fidelity(MODEL, 0.8), fidelity(None, 0.8), fidelity(None, -0.2)) == (1.0, 0.8, LEAST_FIDELITY)
