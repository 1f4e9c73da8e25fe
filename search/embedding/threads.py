"""Threads of the numeric libraries, set in one place."""

from threadpoolctl import threadpool_limits


def keep_numpy_to_one_thread() -> None:
    """Gives numpy's products one thread: its pool and an encoder's wait for each other, 100 ms a time, on two cores."""
    threadpool_limits(limits=1, user_api="blas")
