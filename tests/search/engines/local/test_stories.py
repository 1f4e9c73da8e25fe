from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from search.article import Article
from search.embedding.embedder import unit
from search.engines.engine import EmbeddedArticle
from search.engines.local.engine import LocalEngine
from search.engines.local.stories import BLOCK, read_stories, write_stories
from search.engines.local.writer import LocalWriter
from search.errors import Corrupt
from search.ranking.stories import STORY_WINDOW, Stories
from search.request import Filters
from tests.builders import NOW, article

DAY = timedelta(days=1)
Put = tuple[Article, Sequence[float]]


def told(id_: str, days: float, *vector: float) -> Put:
    """An article of so many days ago, and where it lies."""
    return article(id_, published=NOW - days * DAY), vector


def publish(index: Path, batch: Sequence[Put], removed: Sequence[str] = ()) -> None:
    base = LocalEngine(index).reader() if (index / "CURRENT").exists() else None
    writer = LocalWriter(index, base, "test", "english", lambda: NOW)
    writer.put([EmbeddedArticle(each, unit(np.array([vector], dtype=np.float32))) for each, vector in batch])
    writer.remove(removed)
    writer.commit(1, "build")


def stories(index: Path, *ids: str) -> dict[str, str]:
    return dict(LocalEngine(index).reader().stories_of(ids))


STORM = [told("flood", 3, 1, 0, 0), told("storm", 5, 1, 0.2, 0), told("match", 4, 0, 0, 1)]


def test_a_rebuild_tells_the_same_stories_whatever_the_order_of_writing(tmp_path: Path) -> None:
    lot = np.random.default_rng(3)
    events = lot.normal(size=(60, 16))
    batch = [
        told(f"a{n:03}", 90 - n / 6, *(events[lot.integers(60)] + lot.normal(scale=0.3, size=16))) for n in range(540)
    ]
    publish(tmp_path / "one", batch)
    publish(tmp_path / "other", list(reversed(batch)))
    ids = [each.id for each, _ in batch]
    assert len(batch) > BLOCK
    assert 20 < len(set(stories(tmp_path / "one", *ids).values())) < 500
    assert stories(tmp_path / "one", *ids) == stories(tmp_path / "other", *ids)


def test_a_story_keeps_its_name_when_articles_come_are_put_again_or_go(tmp_path: Path) -> None:
    publish(tmp_path, STORM)
    assert stories(tmp_path, "storm", "flood", "match") == {"storm": "storm", "flood": "storm", "match": "match"}
    publish(tmp_path, [told("relief", 1, 1, 0.1, 0), told("storm", 5, 0, 1, 0)])
    assert stories(tmp_path, "storm", "flood", "relief") == {"storm": "storm", "flood": "storm", "relief": "storm"}
    publish(tmp_path, [told("late", 6, 1, 0, 0)], removed=["storm"])
    assert stories(tmp_path, "storm", "flood", "relief", "late") == dict.fromkeys(["flood", "relief", "late"], "storm")


def test_a_story_is_found_by_each_of_its_articles_and_by_its_first_when_that_is_gone(tmp_path: Path) -> None:
    publish(tmp_path, STORM)
    publish(tmp_path, [], removed=["storm"])
    reader = LocalEngine(tmp_path).reader()
    for name in ("storm", "flood"):
        assert [hit.id for hit in reader.told_in(name, Filters(NOW)).hits] == ["flood"]
    assert reader.told_in("unknown", Filters(NOW)).total == 0


def test_articles_of_unknown_date_are_stories_of_their_own(tmp_path: Path) -> None:
    same = unit(np.array([[1, 0]], dtype=np.float32))[0].tolist()
    publish(tmp_path, [(article("a"), same), (article("b"), same), told("c", 1, *same)])
    assert stories(tmp_path, "a", "b", "c") == {"a": "a", "b": "b", "c": "c"}


def test_an_article_of_long_ago_is_put_beside_those_of_its_time(tmp_path: Path) -> None:
    long_ago = 3 * STORY_WINDOW.days
    publish(tmp_path, [told("then", long_ago, 1, 0), told("now", 2, 1, 0)])
    publish(tmp_path, [told("found", long_ago - 1, 1, 0), told("again", 0, 1, 0)])
    assert stories(tmp_path, "found", "again") == {"found": "then", "again": "now"}


def test_a_generation_of_no_articles_has_no_stories(tmp_path: Path) -> None:
    publish(tmp_path, [])
    publish(tmp_path, [])
    assert stories(tmp_path, "a") == {}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    stories = Stories(np.array([0, 0], dtype=np.int32), np.ones((2, 20), dtype=np.float16))
    write_stories(tmp_path, stories)
    again = read_stories(tmp_path, 2)
    assert (again.names.tolist(), again.nearest.tolist()) == (stories.names.tolist(), stories.nearest.tolist())


@pytest.mark.parametrize("data", [b"", b"no stories", b"PK\x03\x04 and no more"])
def test_a_file_that_holds_no_stories_makes_the_generation_corrupt(tmp_path: Path, data: bytes) -> None:
    publish(tmp_path, STORM)
    file = tmp_path / "000001" / "stories" / "stories.npz"
    size = file.stat().st_size
    file.unlink()
    file.write_bytes(data.ljust(size, b"\0"))
    with pytest.raises(Corrupt, match="rebuild"):
        LocalEngine(tmp_path).reader()


def test_a_generation_of_before_there_were_stories_has_one_for_each_article(tmp_path: Path) -> None:
    assert read_stories(tmp_path, 2).names.tolist() == [0, 1]


def rebuilt(index: Path, batch: Sequence[Put]) -> None:
    """A generation from nothing, which keeps the stories that were told."""
    writer = LocalWriter(index, None, "test", "english", lambda: NOW)
    writer.put([EmbeddedArticle(each, unit(np.array([vector], dtype=np.float32))) for each, vector in batch])
    writer.commit(1, "rebuild", told=LocalEngine(index).reader())


def test_a_rebuild_keeps_the_stories_of_what_has_not_changed_whatever_is_nearer_now(tmp_path: Path) -> None:
    batch = [told("storm", 5, 1, 0, 0), told("match", 4, 0, 0, 1)]
    publish(tmp_path, batch)
    later = [told("flood", 3, 1, 0.1, 0), told("final", 2, 0, 0.1, 1)]
    publish(tmp_path, later)
    moved = [told("flood", 3, 0, 0.1, 1), told("relief", 1, 1, 0.2, 0)]
    rebuilt(tmp_path, [moved[1], later[1], moved[0], *batch])
    assert stories(tmp_path, "storm", "match", "final", "flood", "relief") == {
        "storm": "storm",
        "match": "match",
        "final": "match",
        "flood": "match",
        "relief": "storm",
    }


def test_a_story_whose_first_article_is_gone_is_named_after_the_next_by_a_rebuild(tmp_path: Path) -> None:
    publish(tmp_path, [told("storm", 5, 1, 0, 0), told("wind", 3, 1, 0.1, 0), told("flood", 4, 1, 0.2, 0)])
    rebuilt(tmp_path, [told("wind", 3, 1, 0.1, 0), told("flood", 4, 1, 0.2, 0)])
    assert stories(tmp_path, "wind", "flood") == {"wind": "flood", "flood": "flood"}


def test_a_rebuild_of_the_same_articles_in_another_order_tells_what_was_told(tmp_path: Path) -> None:
    lot = np.random.default_rng(5)
    events = lot.normal(size=(20, 16))
    batch = [
        told(f"a{n:03}", 40 - n / 6, *(events[lot.integers(20)] + lot.normal(scale=0.3, size=16))) for n in range(200)
    ]
    ids = [each.id for each, _ in batch]
    publish(tmp_path, batch)
    before = stories(tmp_path, *ids)
    rebuilt(tmp_path, batch[::-1])
    assert stories(tmp_path, *ids) == before
