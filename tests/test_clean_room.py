"""The package as others get it: built, installed into an empty environment without development extras, and used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, folder: Path) -> str:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("SEARCH_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run([*map(str, command)], cwd=folder, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.clean_room
def test_the_wheel_alone_rebuilds_the_sample_newsroom_and_answers(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path / "dist", folder=ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    venv, room = tmp_path / "venv", tmp_path / "room"
    room.mkdir()
    run("make", "install", f"VENV={venv}", f"PACKAGE={wheel}", f"PYTHON={sys.executable}", folder=ROOT)
    where = run(
        venv / "bin/python",
        "-c",
        "import web.serving as s; print(s.__file__); print(s.NEWSROOM)",
        folder=room,
    )
    module, newsroom = where.split()
    assert module.startswith(str(venv))
    run(venv / "bin/search-index", "--home", "home", "rebuild", "--from", newsroom, folder=room)
    command = (venv / "bin/search-index", "--home", "home", "--json", "search", "why was the bridge shut")
    answer = json.loads(run(*command, folder=room))
    assert answer["hits"][0]["id"] == "harbour-bridge-closes"
    assert answer["degraded"] == []
