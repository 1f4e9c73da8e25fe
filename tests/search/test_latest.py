"""A list that is kept for many pages is the one that would be made anew."""

from datetime import datetime, timedelta

import pytest

from search.article import ArticleId
from search.embedding.hashing import HashingEmbedder
from search.latest import Latest
from search.ranking.hotness import Readership, Traffic
from search.request import Filters, HotRequest, TopicsRequest
from search.signal import Kind, Place, Signal
from search.topics import Topics
from search.trending import Trender
from tests.builders import NOW, article, embedded, signal
from tests.exact_engine import ExactEngine

HOUR = timedelta(hours=1)
NEWS = [
    *(
        article(f"a{n}", f"alpha{n} beta{n}", body=f"gamma{n}", tags=("port",), published=NOW - n * HOUR)
        for n in range(6)
    ),
    article("later", "delta epsilon", tags=("port",), published=NOW, embargo_until=NOW + HOUR),
    article("briefly", "zeta eta", tags=("port",), published=NOW, expires_at=NOW + 2 * HOUR),
    article("dated", "theta iota", tags=("port",), published=NOW + 3 * HOUR),
]
EXCLUDED = [signal(Kind.EXCLUDE, "a1", Place.ALL)]


class Site:
    """One engine, and readers that come and go."""

    def __init__(self) -> None:
        self.engine, self.readership = ExactEngine(), Readership({"a3": Traffic(50, 20.0)})
        self.engine.put(embedded(NEWS, HashingEmbedder()))
        self.trender, self.topics = self.made()

    def made(self) -> tuple[Trender, Topics]:
        def reading(window: timedelta, now: datetime) -> Readership:
            return self.readership

        return Trender(self.engine, reading), Topics(self.engine)

    def publish(self, *ids: ArticleId) -> None:
        self.engine.remove(ids)
        self.engine.generation += "."

    def read(self, id_: ArticleId) -> None:
        self.readership = Readership({id_: Traffic(90, 80.0)})


@pytest.fixture
def site() -> Site:
    return Site()


def check(site: Site, filters: Filters, signals: list[Signal], limit: int) -> None:
    trender, topics = site.made()
    hot, top = HotRequest(filters, limit=limit), TopicsRequest(filters, limit)
    assert site.trender.hot(hot, signals) == trender.hot(hot, signals)
    assert site.topics.top(top, signals) == topics.top(top, signals)


def test_what_is_kept_is_what_would_be_made_whatever_changes(site: Site) -> None:
    hidden = frozenset({"a0"})
    for filters in (
        *(Filters(NOW + hours * HOUR) for hours in (0, 1, 2, 3)),
        Filters(NOW, without_ids=hidden),
        Filters(NOW, sections=["none"]),
    ):
        for signals in ([], EXCLUDED):
            for limit in (2, 9):
                check(site, filters, signals, limit)
    site.read("a4")
    check(site, Filters(NOW), [], 9)
    site.publish("a4")
    check(site, Filters(NOW), [], 9)


def test_for_another_page_of_the_same_moment_nothing_is_made_again() -> None:
    latest, made = Latest[int](), []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [latest.of(source, make) for source in ("a", "a", "b", "a")] == [1, 1, 2, 3]
