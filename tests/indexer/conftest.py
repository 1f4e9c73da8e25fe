"""A ledger of its own for every test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite3") as opened:
        yield opened
