"""A service to test: real ledger, index and publisher in a folder of its own, and a clock set by hand."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.test import TestResponse

from indexer.decide import Add
from indexer.follow import Follower
from indexer.ledger import Ledger
from search.article import Article
from search.embedding.hashing import HashingEmbedder
from tests.builders import settings, utc
from web.app import create_app
from web.intake import Intake
from web.publishing import Publisher

NOON = utc(2026, 5, 11, 12)
TOKEN = "secret"
CARD = {"id", "url", "title", "summary", "section", "authors", "published", "image", "access"}
STARTED: list[Publisher | Intake] = []  # every thread of a test's services: tests/web/conftest.py stops them


class Newsroom:
    """The service over `home`, where the articles are published; without a model nothing is after them."""

    def __init__(
        self,
        home: Path,
        articles: Sequence[Article] = (),
        *,
        token: str = TOKEN,
        has_model: bool = True,
        query_encoder: str = "model",
        interleave: Mapping[str, float] | None = None,
    ) -> None:
        self.now, self.has_model = NOON, has_model
        self.settings = settings(home, admin_token=token, query_encoder=query_encoder, interleave=interleave or {})
        model = HashingEmbedder()
        if articles:
            with Ledger(self.settings.ledger) as ledger:
                ledger.record(Add(article) for article in articles)
                Follower(self.settings, ledger, model, self.clock).follow()
        self.app = create_app(self.settings, lambda: model if self.has_model else None, self.clock)
        self.client = self.app.test_client()
        self.intake = self.app.extensions["broadsheet"].intake
        STARTED.extend([self.app.extensions["broadsheet"].publisher, self.intake])

    def clock(self) -> datetime:
        """The time that the service takes it to be."""
        return self.now

    def get(self, path: str, **query: object) -> TestResponse:
        """What GET answers; a keyword `from_` is the parameter `from`."""
        named = {name.rstrip("_"): value for name, value in query.items()}
        return self.client.get(path, query_string=named or None, buffered=True)

    def json(self, path: str, **query: object) -> Any:
        """The JSON of a GET that must do."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        return response.get_json()

    def put(self, id_: str, record: Mapping[str, object], query: str = "wait=visible") -> TestResponse:
        """What PUT of an article answers, by default when readers see it."""
        return self.client.put(article_path(id_), json=record, query_string=query, headers=bearer(TOKEN))

    def delete(self, id_: str, query: str = "") -> TestResponse:
        """What DELETE of an article answers, by default before readers' indexes change."""
        return self.client.delete(article_path(id_), query_string=query, headers=bearer(TOKEN))

    def found(self, **query: object) -> list[str]:
        """The ids on one page of a search."""
        return [hit["id"] for hit in self.json("/api/search", **query)["hits"]]

    def related(self, id_: str, **query: object) -> list[str]:
        """The ids of what to read after an article."""
        return [item["id"] for item in self.json(article_path(id_) + "/related", **query)["items"]]


def article_path(id_: str) -> str:
    """Where an article is in the API, its id percent-encoded whole."""
    return f"/api/articles/{quote(id_, safe='')}"


def bearer(token: str) -> dict[str, str]:
    """The header that allows changes."""
    return {"Authorization": f"Bearer {token}"}


def eventually(is_so: Callable[[], bool], patience_seconds: float = 10.0) -> bool:
    """Whether something comes to be so in time."""
    deadline = time.monotonic() + patience_seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
