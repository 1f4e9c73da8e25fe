"""Who is given which generation while the next one comes."""

import threading
from collections.abc import Callable
from pathlib import Path

from search.engines.local.engine import LocalEngine
from tests.search.engines.local.test_generation import published


def in_another_thread(work: Callable[[], str]) -> str:
    said: list[str] = []
    thread = threading.Thread(target=lambda: said.append(work()))
    thread.start()
    thread.join(10)
    return said[0]


def test_while_one_thread_prepares_a_generation_the_others_are_given_the_one_before(tmp_path: Path) -> None:
    published(tmp_path, "a")
    engine = LocalEngine(tmp_path)
    assert engine.reader().generation == "000001"
    with engine.preparing():
        published(tmp_path, "b")
        assert engine.reader().generation == "000002"
        assert in_another_thread(lambda: engine.reader().generation) == "000001"
    assert in_another_thread(lambda: engine.reader().generation) == "000002"


def test_who_has_no_generation_yet_is_given_the_live_one_whoever_prepares(tmp_path: Path) -> None:
    published(tmp_path, "a")
    engine = LocalEngine(tmp_path)
    with engine.preparing():
        assert in_another_thread(lambda: engine.reader().generation) == "000001"
