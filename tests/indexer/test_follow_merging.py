"""Following with small parts: merges of vectors, and stories that a rebuild keeps."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.accept import withdraw
from indexer.follow import Follower, Published
from indexer.ledger import Ledger
from indexer.lock import merger_lock
from search.embedding.embedder import Vectors, unit
from search.embedding.hashing import HashingEmbedder
from search.engines.local.engine import LocalEngine
from search.engines.local.graph import Sizes
from search.errors import Unavailable
from tests.builders import NOW, article, settings
from tests.indexer.following import Counting, add, follower, found, generations, is_whole, live, untimed


def small(ledger: Ledger, home: Path) -> Follower:
    """A follower of an index in which three rows make a graph."""
    site = settings(home)
    engine = LocalEngine(site.index, Sizes(segment=3, step=0))
    return Follower(site, ledger, HashingEmbedder(), lambda: NOW, engine)


def test_a_merge_publishes_the_same_articles_in_fewer_segments(ledger: Ledger, tmp_path: Path) -> None:
    site = small(ledger, tmp_path)
    for ids in ("abc", "d", "ef"):
        add(ledger, *(article(id_) for id_ in ids))
        site.follow()
    assert untimed(site.merge() or pytest.fail("nothing was merged")) == Published("000004", True, 6, 0, 0, 0.0)
    assert ([len(segment) for segment in live(tmp_path).segments], found(tmp_path)) == ([6], [*"abcdef"])
    assert is_whole(tmp_path)
    assert site.merge() is None
    assert generations(tmp_path) == ["000002", "000003", "000004"]


def test_a_merge_leaves_what_was_withdrawn_meanwhile_to_the_next_publish(ledger: Ledger, tmp_path: Path) -> None:
    site = small(ledger, tmp_path)
    for ids in ("abc", "d", "ef"):
        add(ledger, *(article(id_) for id_ in ids))
        site.follow()
    withdraw(["d"], ledger)
    site.merge()
    assert ledger.hidden_from(live(tmp_path).token, NOW) == {"d"}
    site.follow()
    assert found(tmp_path) == [*"abcef"]


def test_only_one_merges_at_a_time(ledger: Ledger, tmp_path: Path) -> None:
    site = small(ledger, tmp_path)
    for ids in ("abc", "d", "ef"):
        add(ledger, *(article(id_) for id_ in ids))
        site.follow()
    with merger_lock(tmp_path), pytest.raises(Unavailable, match="another process merges the index"):
        site.merge()


def test_a_merge_that_nothing_waits_for_is_none(ledger: Ledger, tmp_path: Path) -> None:
    assert small(ledger, tmp_path).merge() is None


class Wider(Counting):
    """Another model, whose vectors have more dimensions."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        return unit(np.pad(super().embed(texts), ((0, 0), (0, 8)), constant_values=0.1))


def test_a_rebuild_for_a_model_of_other_dimensions_tells_the_stories_anew(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a", published=NOW), article("b", published=NOW))
    follower(ledger, tmp_path).rebuild()
    assert follower(ledger, tmp_path, Wider("wider")).rebuild().embedded == 2
    assert dict(live(tmp_path).stories_of(["a", "b"])) == {"a": "a", "b": "a"}


def test_a_rebuild_keeps_a_story_that_it_would_not_find(ledger: Ledger, tmp_path: Path) -> None:
    first, second = article("a", published=NOW), article("b", published=NOW, body="Waves.")
    add(ledger, first, article("b", published=NOW))
    follower(ledger, tmp_path).rebuild()
    add(ledger, second)  # put again, it stays in its story
    follower(ledger, tmp_path).follow()
    assert dict(live(tmp_path).stories_of(["a", "b"])) == {"a": "a", "b": "a"}
    follower(ledger, tmp_path).rebuild()
    assert dict(live(tmp_path).stories_of(["a", "b"])) == {"a": "a", "b": "a"}
