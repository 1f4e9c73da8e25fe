"""A writer to kill: it adds, withdraws and publishes for ever, and says of each change when it is acknowledged."""

import os
import signal
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from indexer.accept import accept, withdraw
from indexer.follow import Follower
from indexer.item import Item
from indexer.ledger import Ledger
from search.embedding.hashing import HashingEmbedder
from search.engines.local.engine import LocalEngine
from search.engines.local.graph import Sizes
from tests.builders import NOW, record, settings

SIZES = Sizes(segment=3, step=0)  # a merge every few articles
STEPS = ("fsync", "rename", "link", "mkdir", "unlink", "rmdir")  # what makes a publish durable and visible


def write_until_killed(home: Path, first: int, rebuilds: bool, dies_at: int | None, acknowledged: Connection) -> None:
    """Puts articles a{first}, a{first + 1} … and withdraws every third; `dies_at` kills it at that durable step.

    It `rebuilds` every other time, or follows and merges what is small: then segments come together.
    """
    if dies_at is not None:
        die_at_step(dies_at)
    site = settings(home)
    with Ledger(site.ledger) as ledger:
        follower = Follower(site, ledger, HashingEmbedder(), lambda: NOW, LocalEngine(site.index, SIZES))
        for number in count(first):
            accept([Item(record(id=f"a{number}", body=f"Waves of number {number}."), "crashing", 1)], ledger)
            acknowledged.send(("put", f"a{number}"))
            if number % 3 == 2:
                withdraw([f"a{number - 1}"], ledger)
                acknowledged.send(("gone", f"a{number - 1}"))
            if rebuilds and number % 2:
                follower.rebuild()
            else:
                follower.follow()
                follower.merge()


def die_at_step(number: int) -> None:
    """Has this process killed in the place of its `number`th durable step, from 1."""
    taken = count(1)

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **named: Any) -> Any:
            if next(taken) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*arguments, **named)

        return wrapper

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
