"""The compiled twin of a model on disk: MODELS/IDENTITY/, whole or not there at all.

manifest.json      what it is a twin of, what made it, and the SHA-256 of the other files
model.xml, .bin    OpenVINO's graph and weights, pooling and normalising inside
tokenizer.json     text to word pieces
samples.npy        what the reference makes of the manifest's sample texts, float32, shape (samples, dimensions)

The weights are kept in float16 and computed in bfloat16 or float32, whichever the processor does best: the files are
the same for every machine, and may be copied to another.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from search.engines.local.durable import sync_folder, write_durably
from search.errors import Corrupt, Unavailable

FORMAT = 1  # of the files; raised when an older reader would misread them
FILES = ("model.bin", "model.xml", "samples.npy", "tokenizer.json")
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1_000_000  # bytes
BUILDING = ".building"
OLD = ".old"


@dataclass(frozen=True, slots=True)
class TwinManifest:
    """What a twin is: of which model, in which precision its weights are, by which versions, cut at how many pieces."""

    model: str
    precision: str
    versions: Mapping[str, str]
    longest: int
    samples: Sequence[str]
    files: Mapping[str, str]  # SHA-256 as hex
    format: int = FORMAT


def twin_folder(models: Path, identity: str) -> Path:
    """Where the twin of a model is kept.

    >>> twin_folder(Path("models"), "someone/mini@53aa").as_posix()
    'models/someone--mini@53aa'
    """
    return models / identity.replace("/", "--")


def read_twin(folder: Path, identity: str) -> TwinManifest:
    """What a twin says it is, every byte of it checked.

    Raises Unavailable where there is none, Corrupt where it is not whole, or is of another model or release.
    """
    try:
        with (folder / MANIFEST).open("rb") as stream:
            text = stream.read(LARGEST_MANIFEST + 1)
    except FileNotFoundError:
        raise Unavailable(f"there is no compiled encoder in {folder}: search-index rebuild makes it") from None
    try:
        if len(text) > LARGEST_MANIFEST:
            raise ValueError(f"more than {LARGEST_MANIFEST:,} bytes")
        manifest = TwinManifest(**json.loads(text))
        stated = (manifest.format, manifest.model, sorted(manifest.files))
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Corrupt(f"the manifest of the compiled encoder in {folder} is not whole: {error}") from error
    if stated != (FORMAT, identity, list(FILES)):
        raise Corrupt(f"the compiled encoder in {folder} is of another model or release")
    for name, sha256 in manifest.files.items():
        if not (folder / name).is_file() or _sha256(folder / name) != sha256:
            raise Corrupt(f"{folder / name} is missing or damaged")
    return manifest


def start_twin(models: Path, identity: str) -> Path:
    """An empty folder to make a twin in. Whoever calls holds the writer's lock."""
    models.mkdir(parents=True, exist_ok=True)
    building = twin_folder(models, identity + BUILDING)
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    return building


def seal_twin(building: Path, manifest: Mapping[str, object]) -> None:
    """Makes the files durable, and writes the manifest over them: all its fields but `files` are given."""
    for name in FILES:
        with (building / name).open("rb") as stream:
            os.fsync(stream.fileno())
    whole = TwinManifest(files={name: _sha256(building / name) for name in FILES}, **manifest)  # type: ignore[arg-type]
    with write_durably(building / MANIFEST) as stream:
        stream.write(json.dumps(asdict(whole), indent=1).encode())
    sync_folder(building)


def publish_twin(building: Path) -> None:
    """Gives a sealed twin its name, in place of any other; who reads that one goes on reading it."""
    folder = building.with_name(building.name.removesuffix(BUILDING))
    old = folder.with_name(folder.name + OLD)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    building.rename(folder)
    sync_folder(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
