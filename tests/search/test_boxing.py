from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from indexer.accept import accept
from indexer.follow import Follower
from indexer.ledger import Ledger
from indexer.sources.paths import inputs
from search.article import ArticleId
from search.boxing import Boxer
from search.embedding.hashing import HashingEmbedder
from search.engines.local.engine import LocalEngine
from search.errors import InvalidValue, NotFound
from search.ranking.hotness import Readership, Traffic
from search.ranking.versions import folded
from search.request import BoxesRequest, Filters
from search.result import BoxesResult, Hit, microseconds
from search.settings import Settings
from search.signal import Place
from search.text.analysis import Analyzer
from tests.builders import settings, signal, utc

NOW = utc(2026, 5, 10, 18)
NEWSROOM = Path(__file__).resolve().parents[2] / "data" / "newsroom" / "corpus.jsonl"
WIRE = [f"icebound-research-ship-wire-{n}" for n in (1, 2, 3)]


class Archive:
    """The sample newsroom, published without a model."""

    def __init__(self, home: Path) -> None:
        self.settings: Settings = settings(home)
        with Ledger(self.settings.ledger) as ledger:
            accept(inputs((NEWSROOM,)).items(lambda done: None), ledger)
            Follower(self.settings, ledger, HashingEmbedder(), lambda: NOW).rebuild()
        self.engine = LocalEngine(self.settings.index)
        self.ids = sorted(hit.id for hit in self.engine.reader().by_date(Filters(NOW), 1_000).hits)

    def boxer(self, traffic: Mapping[ArticleId, Traffic]) -> Boxer:
        def reading(window: timedelta, now: datetime) -> Readership:
            return Readership(traffic, 1.0, 167.0)

        return Boxer(self.engine, Analyzer("english"), self.settings, reading=reading)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return Archive(tmp_path_factory.mktemp("home"))


def hits(result: BoxesResult) -> list[Hit]:
    """Everything on the page, its own article first."""
    articles = [result.related.article, *(item.article for item in result.related.items)]
    articles += [item.article for item in result.hot.items] + [topic.lead for topic in result.topics.topics]
    return [Hit(article.id, 0.0, microseconds(article.published)) for article in articles]


@examples(max_examples=60)
@given(data=st.data())
def test_boxes_hold_no_repeats_no_version_no_own_article_and_none_withdrawn(
    archive: Archive, data: st.DataObject
) -> None:
    id_ = st.sampled_from([*archive.ids, *WIRE * 5])
    counts = st.integers(0, 500)
    traffic = data.draw(st.dictionaries(id_, st.builds(lambda n: Traffic(n, n / 2, n // 4), counts), max_size=20))
    own, withdrawn = data.draw(id_), data.draw(st.frozensets(id_, max_size=10))
    sizes = {name: data.draw(st.integers(1, 20)) for name in ("related", "hot", "topics")}
    signals = [signal(article=data.draw(id_), place=Place.ALL)] if data.draw(st.booleans()) else []
    filters = Filters(NOW, without_ids=withdrawn - {own})
    result = archive.boxer(traffic).boxes(BoxesRequest(own, filters, **sizes), signals)
    shown = hits(result)
    reader = archive.engine.reader()
    assert not {hit.id for hit in shown} & (withdrawn - {own})
    assert len({hit.id for hit in shown}) == len(shown)
    alone = folded(shown, reader.vectors([hit.id for hit in shown]), reader.articles)
    assert list(alone) == [hit.id for hit in shown]
    assert 0 < len(result.related.items) <= sizes["related"]
    assert 0 < len(result.hot.items) <= sizes["hot"]
    assert 0 < len(result.topics.topics) <= sizes["topics"]


def test_a_pinned_version_of_the_page_s_own_article_leads_no_topic(archive: Archive) -> None:
    pinned = [signal(article=WIRE[1], place=Place.ALL)]
    result = archive.boxer({}).boxes(BoxesRequest(WIRE[0], Filters(NOW), related=1, hot=1, topics=8), pinned)
    assert not {hit.id for hit in hits(result)} & {WIRE[1], WIRE[2]}


def test_every_page_of_the_newsroom_has_three_full_boxes(archive: Archive) -> None:
    for id_ in archive.ids:
        result = archive.boxer({}).boxes(BoxesRequest(id_, Filters(NOW)))
        assert (len(result.hot.items), len(result.topics.topics)) == (5, 8), id_
        assert result.related.items


def test_the_page_of_an_article_that_nobody_may_see_has_no_boxes(archive: Archive) -> None:
    with pytest.raises(NotFound):
        archive.boxer({}).boxes(BoxesRequest(WIRE[0], Filters(NOW, without_ids=frozenset(WIRE))))


@pytest.mark.parametrize("box", ["related", "hot", "topics"])
def test_how_much_is_in_a_box_has_limits(box: str) -> None:
    with pytest.raises(InvalidValue, match=f"{box} is 21, allowed: 1 to 20"):
        BoxesRequest("a", Filters(NOW), **{box: 21})
