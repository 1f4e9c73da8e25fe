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
            with ExitStack() as held:  # until both are in, a third could take a place
                assert eventually(lambda: len(admission._queue) == 1)
                held.callback(over.set)
                assert is_refused()
        finally:
            over.set()
        assert [first.result(), second.result()] == ["done", "done"]


def test_turns_come_in_the_order_they_were_asked_for_however_fast_one_asks_again() -> None:
    admission, order = Admission(working=1, waiting=2, patience_seconds=30), list[str]()

    def ask(name: str) -> None:
        with admission.turn():
            order.append(name)

    with ThreadPoolExecutor(2) as pool:
        with admission.turn():
            pool.submit(ask, "first")
            assert eventually(lambda: len(admission._queue) == 1)
            pool.submit(ask, "second")
            assert eventually(lambda: len(admission._queue) == 2)
        ask("again")
    assert order == ["first", "second", "again"]


def test_waiting_ends_when_patience_does() -> None:
    admission = Admission(working=1, waiting=1, patience_seconds=0)
    with admission.turn(), pytest.raises(ServiceUnavailable), admission.turn():
        pass
    with admission.turn():  # and no turn is kept for who went away
        pass


def test_what_fails_gives_its_turn_back() -> None:
    admission = Admission(working=1, waiting=0)
    for _ in range(3):
        with pytest.raises(KeyError), admission.turn():
            raise KeyError
