"""What of a process is in memory, as Linux tells it."""

from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """Megabytes: a process's own, and those of mapped files, which all processes that map them share."""

    own: float
    files: float

    def since(self, before: "Memory") -> "Memory":
        """What came to it."""
        return Memory(round(self.own - before.own, 1), round(self.files - before.files, 1))


def resident(process: int | str = "self") -> Memory:
    """What a process holds now."""
    return told(Path(f"/proc/{process}/status").read_text(encoding="utf-8"))


def told(status: str) -> Memory:
    """What `/proc/PID/status` says, in megabytes of a million bytes.

    >>> told("Name:\\tpython\\nRssAnon:\\t    2000 kB\\nRssFile:\\t    1000 kB\\nRssShmem:\\t       0 kB\\n")
    Memory(own=2.0, files=1.0)
    """
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in status.splitlines() if line.startswith("Rss")}
    own = kilobytes["RssAnon"] + kilobytes.get("RssShmem", 0)
    return Memory(round(own * 1024 / 1e6, 1), round(kilobytes["RssFile"] * 1024 / 1e6, 1))


def descendants(process: int) -> list[int]:
    """A process and all that it started, and they."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split()
    return [process, *(each for child in children for each in descendants(int(child)))]


def of_disk(path: Path) -> float:
    """Megabytes of a file, or of all files in a folder."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1e6, 1)
