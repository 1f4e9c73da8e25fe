"""No publisher outlives its test: hundreds of threads would follow folders that are gone."""

from collections.abc import Iterator

import pytest

from tests.web.newsroom import STARTED


@pytest.fixture(autouse=True)
def _publishers_end_with_their_test() -> Iterator[None]:
    before = len(STARTED)  # those of wider fixtures, which are made first, go on
    yield
    while len(STARTED) > before:
        STARTED.pop().stop()
