"""What tests are made of: articles, records and settings that are right but for what a test says of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search.article import Article, ArticleId
from search.embedding.embedder import Embedder
from search.engines.engine import EmbeddedArticle
from search.settings import Settings
from search.signal import Kind, Place, Signal

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)


def article(id: ArticleId = "storm", title: str = "Storm closes the harbour", **fields: Any) -> Article:
    """An article; say only what the test is about."""
    return Article(id=id, title=title, **fields)


def embedded(articles: Sequence[Article], model: Embedder) -> list[EmbeddedArticle]:
    """Articles with the vectors of their passages."""
    return [EmbeddedArticle(each, model.embed(each.passages)) for each in articles]


def record(**fields: object) -> dict[str, object]:
    """The JSON of an article as a CMS sends it; a field given as None is sent as null."""
    return {"id": "storm", "title": "Storm closes the harbour", **fields}


def settings(home: Path, **fields: Any) -> Settings:
    """The settings of a site that needs no model."""
    return Settings(**{"home": home, "model": "hashing", **fields})


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def signal(kind: Kind = Kind.PIN, article: ArticleId = "storm", place: Place = Place.SEARCH, **fields: Any) -> Signal:
    """A signal, by default a pin to the top of every search; say only what the test is about."""
    own = {"id": f"{kind}-{article}", "position": 1 if kind is Kind.PIN else None, **fields}
    return Signal(kind=kind, article=article, place=place, **own)
