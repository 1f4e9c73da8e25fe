"""What a log says of work that takes long."""

import pytest

from indexer.cli import progress


def test_a_log_tells_each_part_of_the_work_by_its_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "LOG_SECONDS", 0.0)
    with progress.stages("articles") as tell:
        tell("Telling stories", 2, 4)
        tell("Building the graph", 5, 10)
    with progress.progress("Reading", "bytes") as advance:
        advance(7, 7)
    lines = [line.split(", ")[0] for line in capsys.readouterr().err.splitlines()]
    assert lines == [
        "Telling stories: 2 of 4 articles",
        "Building the graph: 5 of 10 articles",
        "Reading: 7 of 7 bytes",
    ]
