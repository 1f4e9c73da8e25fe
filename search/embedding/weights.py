"""A model's weights on disk: which they are, before anything heavy is loaded."""

import hashlib
from pathlib import Path

from search.errors import Corrupt, Unavailable

WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


def identity_of(folder: Path, name: str, expected_sha256: str | None = None) -> str:
    """A model's identity: its name and the SHA-256 of its weights.

    Raises Unavailable where the folder holds no weights, Corrupt where they are not the expected ones.
    """
    files = sorted(file for pattern in WEIGHTS for file in folder.rglob(pattern))
    if not files:
        raise Unavailable(f"model folder {folder} holds no weights ({' or '.join(WEIGHTS)})")
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    sha256 = digest.hexdigest()
    if expected_sha256 not in (None, sha256):
        raise Corrupt(f"the weights in {folder} have SHA-256 {sha256}, expected {expected_sha256}")
    return f"{name}@{sha256[:16]}"
