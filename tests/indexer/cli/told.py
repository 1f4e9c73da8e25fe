"""Running a command the way a shell does, and what it said."""

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.cli import (
    answering,
    boxes,
    changing,
    distilling,
    evaluating,
    keeping,
    reporting,
    signals,
    status,
    tuning,
)
from indexer.cli.group import run
from tests.builders import record

MODULES = (
    answering,
    boxes,
    changing,
    distilling,
    keeping,
    reporting,
    evaluating,
    signals,
    status,
    tuning,
)  # importing them is what adds their commands
STORM = record(id="storm", body="Waves broke over the quay.", published="2026-05-10", section="Weather")
FERRY = record(id="ferry", title="Ferry fares rise", body="The harbour ferry costs more.", section="Transport")
MARATHON = record(id="marathon", title="Marathon route", body="Runners pass the town hall.", section="Sport")


def written(folder: Path, *lines: object, name: str = "articles.jsonl") -> str:
    file = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("".join(text + "\n" for text in texts))
    return str(file)


class Told:
    """What a command said, and how it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        capsys.readouterr()
        self.status = run(arguments)
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        assert self.out.count("\n") == 1
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value
