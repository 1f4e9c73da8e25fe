"""Is what is on disk what was published, and of one mind with the ledger and the settings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from indexer.ledger import Ledger
from search.article import ArticleId
from search.engines.engine import differences
from search.engines.local.checking import (
    missing_texts,
    segment_files,
    wrong_counts,
    wrong_files,
    wrong_footer,
    wrong_manifest,
    wrong_vectors,
)
from search.engines.local.generation import Manifest, live_folder, live_name, stated_manifest
from search.engines.local.reader import LocalReader
from search.errors import Corrupt, Unavailable
from search.settings import Settings

MOST_FINDINGS = 20  # that one check tells one by one
MOST_IDS = 3  # that a finding names
TRIES = 3  # where generations are published and dropped faster than they can be read
NOT_LOOKED_AT = "not looked at: the files are damaged"  # native code may crash on damaged bytes


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, how much of it there was, and what was found wrong, a sentence each."""

    what: str
    looked_at: str
    findings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked. `generation` is None where CURRENT names none."""

    generation: str | None
    checks: Sequence[Check]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not any(check.findings for check in self.checks)

    @property
    def can_be_rebuilt(self) -> bool:
        """Whether a rebuild may mend it: something was found, and the ledger is sound."""
        return not self.is_whole and not any(c.findings for c in self.checks if c.what == "ledger")


def verify(settings: Settings, model: str) -> Report:
    """Checks the ledger and the live generation, changing nothing; `model` is the identity of the settings' model.

    Raises Unavailable where there is no ledger or nothing is published.
    """
    if not settings.ledger.exists():
        raise Unavailable(f"there is no ledger at {settings.ledger}")
    try:
        with Ledger(settings.ledger) as ledger:
            damage = _first(ledger.damage())
            if damage:
                return Report(None, [Check("ledger", "its pages", damage)])
            checked = Check("ledger", f"its pages, {ledger.count():,} articles")
            for _ in range(TRIES):
                report = _of_generation(settings, model, ledger, checked)
                if report.is_whole or report.generation in (None, live_name(settings.index)):
                    break
            return report
    except Corrupt as error:
        return Report(None, [Check("ledger", "its pages", [str(error)])])


def _of_generation(settings: Settings, model: str, ledger: Ledger, checked: Check) -> Report:
    try:
        folder = live_folder(settings.index)
    except Corrupt as error:
        return Report(None, [checked, Check("files", "CURRENT", [str(error)])])
    try:
        manifest = stated_manifest(folder)
    except (Corrupt, OSError) as error:
        return Report(folder.name, [checked, Check("manifest", "manifest.json", [str(error)])])
    files = _files(settings.index, folder, manifest)
    stated = Check("manifest", "manifest.json and its digest", _first(wrong_manifest(folder)))
    checks = [checked, stated, files, _footers(folder), _settings(manifest, settings, model)]
    if files.findings:
        names = ("counts", "texts", "vectors", "agreement")
        return Report(folder.name, [*checks, *(Check(name, NOT_LOOKED_AT) for name in names)])
    try:
        reader = LocalReader(folder)
    except (Corrupt, OSError) as error:
        return Report(folder.name, [*checks, Check("counts", "the parts", [str(error)])])
    vectors = sum(len(segment) for segment in reader.segments)
    return Report(
        folder.name,
        [
            *checks,
            Check("counts", "manifest, columns, texts, vectors", _first(wrong_counts(folder, reader))),
            _texts(reader),
            Check("vectors", f"{vectors:,} vectors", _first(wrong_vectors(reader))),
            _agreement(ledger, reader),
        ],
    )


def _files(index: Path, folder: Path, manifest: Manifest) -> Check:
    size = sum(record.size for record in manifest.files.values())
    found = list(_first(wrong_files(folder, manifest)))
    if (index / "CURRENT").read_bytes() != f"{folder.name}\n".encode():
        found.append(f"CURRENT is not the line {folder.name}")
    return Check("files", f"{len(manifest.files):,} files, {size / 1e6:,.1f} MB", found)


def _footers(folder: Path) -> Check:
    files = segment_files(folder)
    wrong = ((file.name, wrong_footer(file)) for file in files)
    found = _first(f"lexical/{name} {difference}" for name, difference in wrong if difference)
    return Check("footers", f"{len(files):,} segment files", found)


def _settings(manifest: Manifest, settings: Settings, model: str) -> Check:
    found = [f"{each}: rebuild needed" for each in differences(manifest, model, settings.language)]
    return Check("settings", "model and language", found)


def _texts(reader: LocalReader) -> Check:
    missing = missing_texts(reader)
    found = [f"the lexical index lacks {_named(missing)}"] if missing else []
    return Check("texts", f"{len(reader.columns.number_of):,} articles", found)


def _agreement(ledger: Ledger, reader: LocalReader) -> Check:
    if not ledger.knows_generation(reader.token):
        found = ["the index is of another ledger, or of a later state of this one: rebuild needed"]
        return Check("agreement", "the build", found)
    standings = ledger.standings()
    found = list(_disagreements(standings, set(reader.columns.number_of), reader.manifest))
    until = sum(sequence <= reader.sequence for _, sequence, _, _ in standings)
    return Check("agreement", f"{until:,} articles of the ledger", found)


def _disagreements(
    standings: Sequence[tuple[ArticleId, int, bool, float | None]], indexed: set[ArticleId], manifest: Manifest
) -> Iterator[str]:
    """Where ledger and index differ about what the index was to hold; later changes may be in it or not."""
    published = datetime.fromisoformat(manifest.published_at).timestamp()
    settled = [each for each in standings if each[1] <= manifest.sequence]
    gone = [id_ for id_, _, is_gone, _ in settled if is_gone and id_ in indexed]
    lacking = [
        id_
        for id_, _, is_gone, expires_at in settled
        if not is_gone and id_ not in indexed and (expires_at is None or expires_at > published)
    ]
    unknown = sorted(indexed - {id_ for id_, _, _, _ in standings})
    if gone:
        yield f"the index holds {_named(gone)}, which the ledger withdrew before"
    if lacking:
        yield f"the index lacks {_named(lacking)}, which the ledger holds"
    if unknown:
        yield f"the index holds {_named(unknown)}, which the ledger never saw"


def _named(ids: Sequence[ArticleId]) -> str:
    """How many, and the first few by name."""
    return f"{len(ids):,} articles ({', '.join(map(repr, ids[:MOST_IDS]))}{', …' if len(ids) > MOST_IDS else ''})"


def _first(findings: Iterable[str]) -> list[str]:
    """The findings, at most twenty one by one."""
    stream = iter(findings)
    first = list(islice(stream, MOST_FINDINGS))
    more = sum(1 for _ in stream)
    return [*first, f"and {more:,} more"] if more else first
