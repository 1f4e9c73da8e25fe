"""Which encoder a query's vector is from: the model, or the table that was distilled from it."""

import logging
from collections.abc import Callable
from typing import NamedTuple

from search.embedding.embedder import Embedder, Vector
from search.embedding.static import Header, StaticEmbedder, read_static
from search.errors import Corrupt, Unavailable
from search.settings import QUERY_ENCODERS, Settings

MODEL, STATIC, _ = QUERY_ENCODERS
STAND_IN_COSINE = 0.85  # of held-out texts, from which `auto` lets it stand in: docs/ranking.md
LEAST_FIDELITY = 0.5  # however far it is from the model: else anything would be an answer
log = logging.getLogger(__name__)


class Encoded(NamedTuple):
    """What a query means, None where nothing can tell, and what was missing: `model`, `semantic` or nothing.

    `fidelity` is the cosine to the model's vector that may be expected, in (0, 1]: the cosines of what the vector finds
    are smaller than the model's in that proportion.
    """

    vector: Vector | None
    degraded: list[str]
    fidelity: float = 1.0


def may_stand_in(header: Header) -> bool:
    """Whether an encoder is near enough to its model, on texts it has not learnt from, to take its place by itself."""
    return header.held_out_cosine >= STAND_IN_COSINE


def open_static(settings: Settings) -> StaticEmbedder | None:
    """The archive's encoder, where the setting wants it and it may be used; a damaged one is logged, and not used."""
    if settings.query_encoder == MODEL:
        return None
    try:
        static = read_static(settings.static_encoder)
    except Unavailable as error:
        if settings.query_encoder == STATIC:
            log.warning("queries are encoded by the model: %s", error)
        return None
    except (Corrupt, OSError) as error:
        log.error("queries are encoded by the model: %s", error)
        return None
    return static if settings.query_encoder == STATIC or may_stand_in(static.header) else None


class QueryEncoder:
    """Encodes queries into the space of an index.

    `model` is asked at every query and may answer None while it loads. Then `static`, where there is one, stands in
    for it; and where `choice` is `static` it is used first.
    """

    def __init__(self, model: Callable[[], Embedder | None], static: StaticEmbedder | None, choice: str) -> None:
        self._model, self._static, self._choice = model, static, choice

    def encode(self, text: str, space: str) -> Encoded:
        """The vector of a text, to be compared with vectors of the model that is named by its identity."""
        static = self._static if self._static and self._static.space == space else None
        if static and self._choice == STATIC:
            return _by_table(static, text, [])
        model = self._model()
        if model and model.identity == space:
            return Encoded(model.embed([text])[0], [])
        return _by_table(static, text, ["model"]) if static else Encoded(None, ["semantic"])


def _by_table(static: StaticEmbedder, text: str, degraded: list[str]) -> Encoded:
    return Encoded(static.embed([text])[0], degraded, max(static.header.held_out_cosine, LEAST_FIDELITY))
