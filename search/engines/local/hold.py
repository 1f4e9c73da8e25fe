"""Going back a generation, and the hold that keeps it live until a rebuild, whatever the ledger holds beyond it.

INDEX/HELD names the generation. It holds while CURRENT names the same, so that whatever makes another one live ends it.
"""

from pathlib import Path

from search.engines.local.durable import replace_durably, sync_folder
from search.engines.local.generation import damaged_files, generations, live_folder, live_name, read_manifest
from search.errors import Corrupt, Unavailable


def go_back(index: Path) -> tuple[str, str]:
    """Makes the generation before the live one live, and holds it; returns the names of the one left and this one.

    Raises Unavailable where there is none before, Corrupt where that is not byte for byte what was published.
    """
    left = live_folder(index).name
    older = [name for name in generations(index) if name < left]
    if not older:
        raise Unavailable(f"there is no generation before {left} to go back to")
    name = older[-1]
    if damaged := damaged_files(index / name, read_manifest(index / name)):
        raise Corrupt(f"generation {name} is damaged ({damaged[0]}), and {left} stays: run search-index verify --fix")
    replace_durably(index / "HELD", name + "\n")
    replace_durably(index / "CURRENT", name + "\n")
    return left, name


def is_held(index: Path) -> bool:
    """Whether the live generation is one that was gone back to."""
    try:
        return (index / "HELD").read_bytes().decode(errors="replace").strip() == live_name(index)
    except FileNotFoundError:
        return False


def release(index: Path) -> None:
    """Ends a hold, if there is one."""
    (index / "HELD").unlink(missing_ok=True)
    sync_folder(index)
