"""Every engine that the tests of this folder hold against the exact one."""

from collections.abc import Callable

import pytest

from tests.search.engines.archives import ENGINES, Opened


@pytest.fixture(params=ENGINES)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Opened]:
    return lambda: ENGINES[request.param](tmp_path_factory.mktemp(request.param))
