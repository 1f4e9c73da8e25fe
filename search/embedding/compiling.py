"""Makes the compiled twin of a model: converted by OpenVINO from the torch module itself, and checked against it."""

import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from search.embedding.compiled import CompiledEmbedder
from search.embedding.runtime import openvino
from search.embedding.twin import publish_twin, seal_twin, start_twin
from search.errors import Corrupt, Unavailable

LIBRARIES = ("openvino", "tokenizers", "torch", "transformers", "sentence-transformers")
SAMPLES = (  # short, long, none, of many scripts, and what tokenizers stumble over
    "storm",
    "harbour bridge inquiry",
    "Why was the bridge shut, and who pays for it?",
    "",
    " \n ",
    "The ferry queue grew to two miles on Monday. " * 60,
    "Council votes 7–4 to keep the lido open; “a good day for swimmers”, says the mayor",
    "Zażółć gęślą jaźń. Ærøskøbing. Ünïcödé and a combining e\u0301",
    "Пожар в порту потушен",
    "港の橋は月曜日に閉鎖された",
    "جسر الميناء مغلق",
    "🌉🚢 ferry 👩‍🚒",
    "\u200bzero\u200bwidth\u00ad and\u00a0spaces\t\u2028",
    "antidisestablishmentarianism" * 20,
    "https://news.example/2026/05/11/bridge?page=2#top £1,299.99 +44 20 7946 0000",
)


class _Sentences(torch.nn.Module):  # type: ignore[misc]
    """The whole model, from word pieces to sentence vectors."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Vectors of shape (texts, dimensions)."""
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        return self.model(features)["sentence_embedding"]


def make_twin(source: Path, identity: str, models: Path) -> None:
    """Makes the twin of the model in a folder, whole or not at all. Whoever calls holds the writer's lock.

    Raises Unavailable where the model cannot be converted, Corrupt where what came of it is not the model.
    """
    building = start_twin(models, identity)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tracing: what it got wrong, the samples tell
            longest = _convert(source, building)
        versions = {library: version(library) for library in LIBRARIES}
        about = {"model": identity, "precision": "float16", "versions": versions}
        seal_twin(building, {**about, "longest": longest, "samples": SAMPLES})
        CompiledEmbedder(building, identity)
        publish_twin(building)
    except (Corrupt, OSError):
        raise
    except Exception as error:  # whatever a model can make these libraries raise
        raise Unavailable(f"the model {identity} cannot be compiled: {error}") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _convert(source: Path, building: Path) -> int:
    """Writes graph, weights, tokenizer and sample vectors into the folder; the pieces that a text is cut at."""
    set_verbosity_error()
    disable_progress_bar()
    model = SentenceTransformer(str(source), device="cpu", local_files_only=True).eval()
    longest = int(model.max_seq_length)
    pieces = torch.tensor([[101, 7592, 102], [101, 102, 0]])  # any: only shapes and types are looked at
    example = {"input_ids": pieces, "attention_mask": (pieces > 0).long()}
    with torch.inference_mode(), _logging_kept():
        converted = openvino.convert_model(_Sentences(model), example_input=example)
        vectors = model.encode(list(SAMPLES), show_progress_bar=False, convert_to_numpy=True)
    openvino.save_model(converted, building / "model.xml", compress_to_fp16=True)
    (building / "tokenizer.json").write_text(model.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    np.save(building / "samples.npy", np.asarray(vectors, dtype=np.float32))
    return longest


@contextmanager
def _logging_kept() -> Iterator[None]:
    """Keeps the root logger as it is: OpenVINO's converter lets through errors alone from then on."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
