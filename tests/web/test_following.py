import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.decide import Add, Decision, Withdraw
from indexer.ledger import Ledger
from search.article import Article
from search.engines.local.engine import LocalEngine

COMMAND = [sys.executable, "-m", "web", "--json", "follow"]


@pytest.fixture
def following(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    settings = {"SEARCH_HOME": str(tmp_path), "SEARCH_MODEL": "hashing"}
    with subprocess.Popen(
        COMMAND, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def told(process: subprocess.Popen[str]) -> object:
    assert process.stdout
    return json.loads(process.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_reaches_the_ledger_is_published_and_told_until_it_is_stopped(
    tmp_path: Path, following: subprocess.Popen[str], number: signal.Signals
) -> None:
    changes: list[Decision] = [Add(Article("a", "Rain")), Withdraw("a"), Add(Article("b", "Sun"))]
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        for sequence, change in enumerate(changes, start=1):
            assert ledger.record([change]) == sequence
            assert told(following) == {"generation": f"00000{sequence}", "sequence": sequence}
    assert set(LocalEngine(tmp_path / "index").reader().articles(["a", "b"])) == {"b"}
    following.send_signal(number)
    assert (*following.communicate(timeout=20), following.returncode) == ("", "", 0)
