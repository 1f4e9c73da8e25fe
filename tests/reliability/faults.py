"""A disk that fails from the Nth step on, in the writing that is our own: all but that in native code."""

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

STEPS = ("fsync", "rename", "link", "mkdir")


class Faults:
    """Counts the steps that write; fails those from `first` on, `many` of them, as a full disk does."""

    def __init__(self, first: int, many: int) -> None:
        self._failing = range(first, first + many)
        self.taken = 0

    def step(self) -> None:
        """One more step."""
        self.taken += 1
        if self.taken in self._failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _Stream:
    """A stream whose every write is a step."""

    def __init__(self, stream: Any, faults: Faults) -> None:
        self._stream, self._faults = stream, faults

    def write(self, data: bytes) -> int:
        self._faults.step()
        return int(self._stream.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()


@contextmanager
def failing(first: int, many: int = 1_000_000) -> Iterator[Faults]:
    """Within the block, the steps from the `first` on fail, `many` of them; the first step is 1."""
    faults = Faults(first, many)
    real: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in STEPS}
    opens = io.open

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **named: Any) -> Any:
            faults.step()
            return step(*arguments, **named)

        return wrapper

    def opened(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if mode != "wb":
            return opens(file, mode, *arguments, **named)
        faults.step()
        return _Stream(opens(file, mode, *arguments, **named), faults)

    try:
        for name, step in real.items():
            setattr(os, name, counted(step))
        io.open = opened
        yield faults
    finally:
        io.open = opens
        for name, step in real.items():
            setattr(os, name, step)
