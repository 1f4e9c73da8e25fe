"""Processes to kill and to starve: forked in milliseconds from one that has imported everything and used nothing."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

PRELOADED = ["pytest", "tests.reliability.crashing", "tests.web.newsroom", "web.cli"]


def forks() -> ForkServerContext:
    """Where children come from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def started(work: Callable[..., None], *arguments: object) -> tuple[ForkServerProcess, Connection]:
    """A child that does `work(*arguments, connection)`, and the other end of the connection."""
    reads, writes = forks().Pipe(duplex=False)
    child = forks().Process(target=work, args=(*arguments, writes), daemon=True)
    child.start()
    writes.close()
    return child, reads


def told(connection: Connection) -> list[Any]:
    """Everything the child said until it ended; a message that its end cut off is left out."""
    said = []
    try:
        while True:
            said.append(connection.recv())
    except (EOFError, OSError):
        return said
