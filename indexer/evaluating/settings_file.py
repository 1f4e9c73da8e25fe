"""HOME/settings.toml, changed without losing what a person wrote into it."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import tomlkit

from search.engines.local.durable import sync_folder, write_durably


def write_settings(home: Path, values: Mapping[str, float]) -> Path:
    """Sets these values in one step and returns the file; other lines, comments and permissions stay as they are."""
    target = (home / "settings.toml").resolve()  # a link stays one
    document = tomlkit.parse(target.read_bytes().decode() if target.exists() else "")
    document.update(values)
    fresh = target.with_name(target.name + ".new")
    with write_durably(fresh) as stream:
        if target.exists():
            shutil.copymode(target, fresh)  # it may hold a token
        stream.write(tomlkit.dumps(document).encode())
    fresh.replace(target)
    sync_folder(target.parent)
    return target
