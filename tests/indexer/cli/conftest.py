"""The environment of a site that needs no model, and a home with three articles published."""

from pathlib import Path

import pytest

from tests.indexer.cli.told import FERRY, MARATHON, STORM, Told, written


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("SEARCH_ENGINE", "SEARCH_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEARCH_MODEL", "hashing")
    monkeypatch.setenv("SEARCH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def newsroom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "--json", "rebuild", "--from", written(tmp_path, STORM, FERRY, MARATHON))
    assert (told.status, told.json["articles"]) == (0, 3)
