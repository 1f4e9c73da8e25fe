"""How far long work has come: a bar on a terminal, now and then a line in a log, nothing for work under a second."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

PATIENCE_SECONDS = 1.0  # before anything is shown
LOG_SECONDS = 30.0  # between lines in a log

Advance = Callable[[int, int], None]  # done, of how many


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f} {task.fields['unit']}/s")


@contextmanager
def progress(label: str, unit: str) -> Iterator[Advance]:
    """Something to tell how far the work is; it shows on stderr."""
    reporter = _bar if sys.stderr.isatty() else _log
    with reporter(label, unit) as advance:
        yield advance


@contextmanager
def working(label: str) -> Iterator[None]:
    """Says on a terminal what takes a while of unknown length."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(label):
        yield


@contextmanager
def _bar(label: str, unit: str) -> Iterator[Advance]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), speed_estimate_period=60) as bars:
        task = bars.add_task(label, total=0, visible=False, unit=unit)
        shown = threading.Timer(PATIENCE_SECONDS, lambda: bars.update(task, visible=True))
        shown.start()
        try:
            yield lambda done, total: bars.update(task, completed=done, total=total)
        finally:
            shown.cancel()


@contextmanager
def _log(label: str, unit: str) -> Iterator[Advance]:
    started = last = time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LOG_SECONDS:
            last = now
            rate = done / (now - started)
            remaining = (total - done) / rate / 60 if rate else 0
            print(
                f"{label}: {done:,} of {total:,} {unit}, {rate:,.0f} {unit}/s, {remaining:.0f} min to go",
                file=sys.stderr,
                flush=True,
            )

    yield advance
