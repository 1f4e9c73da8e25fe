"""When the service answers, and what by."""

import os

import pytest

from benchmarks.serving import free_port
from benchmarks.start import answered, is_by_meaning, memories, spent, until


class Ended:
    """A process that is no more."""

    def poll(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, False),
        (b'{"degraded": ["semantic"]}', False),
        (b'{"degraded": ["model"]}', True),
        (b'{"degraded": []}', True),
    ],
)
def test_an_answer_is_by_meaning_whichever_encoder_it_is_from(answer: bytes | None, expected: bool) -> None:
    assert is_by_meaning(answer) is expected


def test_where_nothing_listens_there_is_no_answer() -> None:
    assert answered(free_port(), "/readyz") is None


def test_a_service_that_ends_is_an_error_and_no_wait() -> None:
    with pytest.raises(RuntimeError, match="did not start"):
        until(lambda: False, Ended(), 0.0)  # type: ignore[arg-type]


def test_memory_of_who_answers_is_told_apart_from_who_watches() -> None:
    rows = memories(os.getpid(), "ready")
    assert set(rows) == {"MB of the watcher, ready", "MB of its own, ready", "MB of mapped files, ready"}
    assert rows["MB of the watcher, ready"] > 0
    assert spent(os.getpid()) > 0
