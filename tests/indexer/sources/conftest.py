from collections.abc import Iterator

import pytest

from tests.indexer.sources.web_site import WebSite, web_site


@pytest.fixture
def site() -> Iterator[WebSite]:
    with web_site() as site:
        yield site
