"""Generations: folders that are complete and immutable once they have their number, one of them live.

INDEX/CURRENT           one line, the live generation, changed by one rename
INDEX/000042/           manifest.json, its own SHA-256 in manifest.sha256, lexical/, vectors/, stories/
INDEX/000043.building/  work in progress; a crash leaves it, the next build removes it
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from search.engines.local.durable import replace_durably, sync_folder, write_durably
from search.errors import Corrupt, Unavailable

FORMAT = 5  # of a generation's files; raised when an older reader would misread them, or would not know some of them
READABLE = (4, FORMAT)  # 4: without graphs, searched exactly, and without stories
KEPT = 3  # generations: the live one, and two for readers that still hold them
BUILDING = ".building"
MANIFEST = "manifest.json"
DIGEST = "manifest.sha256"  # as sha256sum writes it: nothing else says what the manifest was
NOTHING_YET = "nothing is published yet: run search-index rebuild"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file was when it was published: bytes, and SHA-256 as hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds: the ledger up to `sequence`, in vectors of `model`, in the words of `language`.

    `token` is the name under which the ledger knows the build; `tombstones` count what was replaced or removed in it.
    """

    token: str
    sequence: int
    model: str
    language: str
    articles: int
    tombstones: int
    published_at: str  # ISO 8601
    files: Mapping[str, FileRecord]
    format: int = FORMAT


def live_name(index: Path) -> str | None:
    """The live generation's name, None before the first publish."""
    try:
        return (index / "CURRENT").read_bytes().decode(errors="replace").strip()
    except FileNotFoundError:
        return None


def read_manifest(folder: Path) -> Manifest:
    """What a generation says it holds, where that is all there.

    Raises Corrupt where files are missing or of another size, or its format is not one this release reads.
    """
    manifest = stated_manifest(folder)
    for name, record in manifest.files.items():
        file = folder / name
        if not file.is_file() or file.stat().st_size != record.size:
            raise Corrupt(f"{file} is missing or not of its published size, {record.size} bytes")
    return manifest


def stated_manifest(folder: Path) -> Manifest:
    """What a generation says it holds, its other files not looked at.

    Raises Corrupt where it cannot be taken at its word. One without a digest of its manifest, as earlier releases made
    them, is believed.
    """
    data = (folder / MANIFEST).read_bytes()
    try:
        values = json.loads(data)
        if values["format"] not in READABLE:
            raise Corrupt(
                f"generation {folder.name} is of format {values['format']}, this release reads "
                f"{' and '.join(map(str, READABLE))}: rebuild"
            )
        files = {name: FileRecord(**record) for name, record in values.pop("files").items()}
        manifest = Manifest(files=files, **values)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise Corrupt(f"the manifest of generation {folder.name} is not whole: {error}") from error
    digest = folder / DIGEST
    if digest.exists() and digest.read_bytes() != _digest_line(data):
        raise Corrupt(f"the manifest of generation {folder.name} is not what was published: its SHA-256 is another")
    return manifest


def damaged_files(folder: Path, manifest: Manifest) -> list[str]:
    """The names of files that are not byte for byte what was published."""
    return [name for name, record in manifest.files.items() if file_sha256(folder / name) != record.sha256]


def file_sha256(file: Path) -> str:
    """The SHA-256 of a file, as hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def start_building(index: Path) -> Path:
    """An empty folder for the next generation. Whoever calls holds the writer's lock."""
    index.mkdir(parents=True, exist_ok=True)
    for leftover in index.glob(f"*{BUILDING}"):
        shutil.rmtree(leftover)
    numbers = [int(folder.name) for folder in index.iterdir() if folder.name.isdigit()]
    building = index / f"{max(numbers, default=0) + 1:06d}{BUILDING}"
    building.mkdir()
    return building


def link_files(source: Path, target: Path) -> None:
    """Links every file of a folder into a new one; what changes there later leaves the source as it was."""
    target.mkdir()
    for file in source.iterdir():
        if not file.name.endswith(".lock"):
            (target / file.name).hardlink_to(file)


def records_of(folder: Path, sources: Sequence[tuple[Path, Mapping[str, FileRecord]]]) -> dict[str, FileRecord]:
    """The record of every file in a folder; those linked from one of the sources keep what it says of them."""
    records = {}
    files = (Path(place) / name for place, _, names in os.walk(folder) for name in names if not name.endswith(".lock"))
    for file in sorted(files):
        name, status = file.relative_to(folder).as_posix(), file.stat()
        known = (said[name] for source, said in sources if name in said and _is(source / name, status))
        records[name] = next(known, None) or FileRecord(status.st_size, file_sha256(file))
    return records


def _is(file: Path, status: os.stat_result) -> bool:
    return file.exists() and os.path.samestat(file.stat(), status)


def publish(building: Path, manifest: Manifest) -> str:
    """Gives a built generation its number, and makes it live."""
    data = json.dumps(asdict(manifest), indent=1).encode()
    for file, content in ((MANIFEST, data), (DIGEST, _digest_line(data))):
        with write_durably(building / file) as stream:
            stream.write(content)
    for folder in (building / "lexical", building / "vectors", building / "stories", building):
        sync_folder(folder)
    index, name = building.parent, building.name.removesuffix(BUILDING)
    building.rename(index / name)
    sync_folder(index)
    replace_durably(index / "CURRENT", name + "\n")
    return name


def drop_superseded(index: Path, before: str | None, name: str) -> None:
    """After a publish, drops what nobody can still be reading, and what lies between the two: never live, or left."""
    for skipped in generations(index):
        if before and before < skipped < name:
            shutil.rmtree(index / skipped, ignore_errors=True)
    drop_outdated(index, KEPT)


def generations(index: Path) -> list[str]:
    """The names of all that have their number, in order."""
    return sorted(folder.name for folder in index.iterdir() if folder.name.isdigit())


def drop_outdated(index: Path, kept: int) -> list[str]:
    """Drops all generations but the live one and those before it, `kept` in all; names what it dropped.

    A reader that has one of them open reads on: the system keeps the bytes until it lets go. Newer ones than the live
    one stay, so that no number is given twice.
    """
    outdated = [name for name in generations(index) if name <= str(live_name(index))][:-kept]
    for name in outdated:
        shutil.rmtree(index / name, ignore_errors=True)
    return outdated


def live_folder(index: Path) -> Path:
    """The folder of the live generation. Raises Unavailable before the first publish."""
    name = live_name(index)
    if name is None:
        raise Unavailable(NOTHING_YET)
    if not (name.isascii() and name.isdigit()):
        raise Corrupt(f"{index / 'CURRENT'} names no generation: {name!r}, run search-index rebuild")
    return index / name


def _digest_line(manifest: bytes) -> bytes:
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode()
