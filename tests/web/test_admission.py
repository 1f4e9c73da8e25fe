import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from werkzeug.exceptions import ServiceUnavailable

from tests.web.newsroom import eventually
from web.admission import Admission


def test_as_many_as_may_work_do_and_the_next_is_told_to_come_again() -> None:
    admission = Admission(working=2, waiting=0)
    with admission.turn(), admission.turn():
        with pytest.raises(ServiceUnavailable) as refused, admission.turn():
            pass
        assert refused.value.retry_after == 1
    with admission.turn():
        pass


def test_one_waits_for_a_turn_and_gets_it_and_another_is_refused() -> None:
    admission, over = Admission(working=1, waiting=1, patience_seconds=30), threading.Event()

    def work() -> str:
        with admission.turn():
            over.wait()
            return "done"

    def is_refused() -> bool:
        try:
            with admission.turn():
                return False
        except ServiceUnavailable:
            return True

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(work), pool.submit(work)
        try:
            with ExitStack() as held:  # until both are in, a third can take a place and must not keep it
                assert eventually(lambda: admission._places._value == 0)
                held.callback(over.set)
                assert is_refused()
        finally:
            over.set()
        assert [first.result(), second.result()] == ["done", "done"]


def test_waiting_ends_when_patience_does() -> None:
    admission = Admission(working=1, waiting=1, patience_seconds=0)
    with admission.turn(), pytest.raises(ServiceUnavailable), admission.turn():
        pass


def test_what_fails_gives_its_turn_back() -> None:
    admission = Admission(working=1, waiting=0)
    for _ in range(3):
        with pytest.raises(KeyError), admission.turn():
            raise KeyError
