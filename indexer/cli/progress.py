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
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

PATIENCE_SECONDS = 1.0  # before anything is shown
LOG_SECONDS = 30.0  # between lines in a log

Advance = Callable[[int, int], None]  # done, of how many
Tell = Callable[[str, int, int], None]  # what is being done, and as above


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f} {task.fields['unit']}/s")


@contextmanager
def progress(label: str, unit: str) -> Iterator[Advance]:
    """Something to tell how far the work is; it shows on stderr."""
    with stages(unit) as tell:
        yield lambda done, total: tell(label, done, total)


@contextmanager
def stages(unit: str) -> Iterator[Tell]:
    """The same for work of several parts, one after the other or at once."""
    with _bars(unit) if sys.stderr.isatty() else _log(unit) as tell:
        yield tell


@contextmanager
def working(label: str) -> Iterator[None]:
    """Says on a terminal what takes a while of unknown length."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(label):
        yield


@contextmanager
def _bars(unit: str) -> Iterator[Tell]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    tasks: dict[str, TaskID] = {}
    is_due = threading.Event()
    with Progress(*columns, console=Console(stderr=True), speed_estimate_period=60) as bars:

        def tell(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bars.add_task(label, total=0, visible=is_due.is_set(), unit=unit)
            bars.update(tasks[label], completed=done, total=total)

        def show() -> None:
            is_due.set()
            for task in list(tasks.values()):
                bars.update(task, visible=True)

        shown = threading.Timer(PATIENCE_SECONDS, show)
        shown.start()
        try:
            yield tell
        finally:
            shown.cancel()


@contextmanager
def _log(unit: str) -> Iterator[Tell]:
    started: dict[str, float] = {}
    last: dict[str, float] = {}

    def tell(label: str, done: int, total: int) -> None:
        now = time.monotonic()
        began = started.setdefault(label, now)
        if now - last.setdefault(label, now) >= LOG_SECONDS:
            last[label] = now
            rate = done / max(now - began, 1e-9)
            remaining = (total - done) / rate / 60 if rate else 0
            print(
                f"{label}: {done:,} of {total:,} {unit}, {rate:,.0f} {unit}/s, {remaining:.0f} min to go",
                file=sys.stderr,
                flush=True,
            )

    yield tell
