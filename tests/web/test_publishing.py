import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.decide import Add
from indexer.follow import Follower, Published
from indexer.keeping import roll_back
from indexer.ledger import Ledger
from indexer.lock import merger_lock
from search.article import Article
from search.embedding.hashing import HashingEmbedder
from search.engines.local.engine import LocalEngine
from search.engines.local.graph import Sizes
from search.errors import Corrupt, Unavailable
from search.settings import Settings
from tests.web.newsroom import NOON, STARTED, eventually
from web.publishing import POLL_SECONDS, Publisher

Follow = Callable[[], Published | None]


class Desk:
    """A publisher over a ledger and an index of its own, told by `follow` what each run comes to."""

    def __init__(self, home: Path, follow: Callable[[Follow], Published | None] = lambda publish: publish()) -> None:
        settings = Settings(home=home)
        self.ledger, self.engine = Ledger(settings.ledger), LocalEngine(settings.index)
        self.runs = 0

        desk, follower = self, Follower(settings, self.ledger, HashingEmbedder(), lambda: NOON, self.engine)

        class Counted:
            def follow(self) -> Published | None:
                desk.runs += 1
                return follow(follower.follow)

            def merge(self) -> Published | None:
                return follower.merge()

        self.warmed: list[str] = []
        self.publisher = Publisher(
            Counted, lambda reader: self.warmed.append(reader.generation), self.ledger, self.engine
        )
        self.publisher.start()
        STARTED.append(self.publisher)

    def record(self, id_: str) -> int:
        """Puts an article in the ledger, and returns the number of the change."""
        return self.ledger.record([Add(Article(id_, "Rain"))])


def test_what_is_recorded_becomes_visible(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for id_ in ("a", "b"):
        assert desk.publisher.wait_until_visible(desk.record(id_), 10)
    reader = desk.engine.reader()
    assert (reader.sequence, set(reader.articles(["a", "b"])), desk.runs) == (2, {"a", "b"}, 2)


def test_what_another_process_records_is_published_without_a_word(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with Ledger(tmp_path / "ledger.sqlite3") as other:
        other.record([Add(Article("a", "Rain"))])
    assert eventually(lambda: (tmp_path / "index" / "CURRENT").exists(), POLL_SECONDS * 10)
    assert desk.engine.reader().sequence == 1


def test_every_generation_is_warmed_once_behind_the_readers_backs(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for id_ in ("a", "b"):
        assert desk.publisher.wait_until_visible(desk.record(id_), 10)
        assert eventually(lambda: desk.warmed[-1:] == [desk.engine.reader().generation])
    desk.publisher.wake()
    assert not desk.publisher.wait_until_visible(3, POLL_SECONDS * 1.5)
    assert desk.warmed == ["000001", "000002"]


def test_nothing_is_built_while_nothing_changes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert not desk.publisher.wait_until_visible(1, 0.1)
    assert desk.runs == 0
    assert desk.publisher.wait_until_visible(desk.record("a"), 10)
    desk.publisher.wake()
    assert not desk.publisher.wait_until_visible(2, POLL_SECONDS * 1.5)
    assert desk.runs == 1


def test_what_is_visible_already_is_not_waited_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.publisher.wait_until_visible(desk.record("a"), 10)
    assert desk.publisher.wait_until_visible(1, 0)


def test_waiting_ends_when_its_time_is_over(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lambda publish: None)
    started = time.monotonic()
    assert not desk.publisher.wait_until_visible(desk.record("a"), 0.2)
    assert 0.2 <= time.monotonic() - started < 5


def test_changes_wait_for_the_model_and_are_published_once_it_is_there(tmp_path: Path) -> None:
    has_model = False
    desk = Desk(tmp_path, lambda publish: publish() if has_model else None)
    sequence = desk.record("a")
    assert not desk.publisher.wait_until_visible(sequence, 0.2)
    has_model = True
    assert desk.publisher.wait_until_visible(sequence, 10)


@pytest.mark.parametrize("error", [Unavailable("another writer"), OSError("disk full"), RuntimeError("faiss")])
def test_a_publish_that_failed_is_logged_and_tried_again(
    tmp_path: Path, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    errors = [error]

    def follow(publish: Follow) -> Published | None:
        if errors:
            raise errors.pop()
        return publish()

    desk = Desk(tmp_path, follow)
    assert desk.publisher.wait_until_visible(desk.record("a"), 10)
    assert desk.runs == 2
    assert f"cannot publish, trying again: {error}" in caplog.text


def test_an_index_that_was_deleted_is_built_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.publisher.wait_until_visible(desk.record("a"), 10)
    (tmp_path / "index").rename(tmp_path / "gone")
    assert eventually(lambda: (tmp_path / "index" / "CURRENT").exists())
    assert set(desk.engine.reader().articles(["a"])) == {"a"}


@pytest.mark.parametrize("name", ["manifest.json", "lexical/meta.json", "vectors/columns.npz"])
def test_an_index_that_is_not_whole_is_left_to_a_rebuild_and_followed_after_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        follower = Follower(Settings(home=tmp_path), ledger, HashingEmbedder(), lambda: NOON)
        ledger.record([Add(Article("a", "Rain"))])
        follower.follow()
        (tmp_path / "index" / "000001" / name).write_text("{}")
        desk = Desk(tmp_path)
        with pytest.raises(Corrupt):
            desk.publisher.wait_until_visible(desk.record("b"), 10)
        assert eventually(lambda: "cannot publish, trying again" in caplog.text)
        follower.rebuild()
    assert desk.publisher.wait_until_visible(desk.record("c"), 10)
    assert set(desk.engine.reader().articles(["a", "b", "c"])) == {"a", "b", "c"}


class NativePanic(BaseException):
    """As pyo3 raises where Rust panics: no Exception."""


def test_a_native_panic_does_not_end_publishing(tmp_path: Path) -> None:
    panics = iter([NativePanic("index out of bounds")])

    def follow(publish: Follow) -> Published | None:
        for panic in panics:
            raise panic
        return publish()

    desk = Desk(tmp_path, follow)
    assert desk.publisher.wait_until_visible(desk.record("a"), 20)
    assert desk.runs == 2


def test_an_index_of_another_ledger_is_left_alone_and_nothing_is_taken_for_visible(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "one")
    assert desk.publisher.wait_until_visible(desk.record("a"), 10)
    shutil.copytree(tmp_path / "one" / "index", tmp_path / "two" / "index")
    other = Desk(tmp_path / "two")
    assert not other.publisher.wait_until_visible(other.record("b"), 0.3)
    assert set(other.engine.reader().articles(["a", "b"])) == {"a"}


def test_a_rollback_is_not_undone_and_what_waits_is_published_after_the_next_rebuild(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk, settings = Desk(tmp_path), Settings(home=tmp_path)
    for id_ in ("a", "b"):
        assert desk.publisher.wait_until_visible(desk.record(id_), 10)
    roll_back(settings)
    desk.publisher.wake()
    assert eventually(lambda: "generation 000001 is held since a rollback" in caplog.text)
    assert not desk.publisher.wait_until_visible(desk.record("c"), 0.3)
    assert (desk.engine.reader().generation, set(desk.engine.reader().articles(["a", "b", "c"]))) == ("000001", {"a"})
    with Ledger(settings.ledger) as ledger:
        Follower(settings, ledger, HashingEmbedder(), lambda: NOON).rebuild()
    assert desk.publisher.wait_until_visible(desk.record("d"), 10)
    assert set(desk.engine.reader().articles(["a", "b", "c", "d"])) == {"a", "b", "c", "d"}


def test_small_parts_are_merged_in_the_background_and_the_readers_are_given_the_merged(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.engine.sizes = Sizes(segment=3, step=0)
    (tmp_path / "index" / "000009.merging").mkdir(parents=True)  # what a crash left
    for id_ in "abcdefg":
        assert desk.publisher.wait_until_visible(desk.record(id_), 10)
    assert eventually(lambda: any(segment.has_graph for segment in desk.engine.reader().segments))
    assert eventually(lambda: not list((tmp_path / "index").glob("*.merging")))
    assert set(desk.engine.reader().articles([*"abcdefg"])) == {*"abcdefg"}


def test_a_merge_that_failed_is_logged_and_publishing_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(tmp_path)
    desk.engine.sizes = Sizes(segment=3, step=0)
    with merger_lock(tmp_path):
        for id_ in "abcdefg":
            assert desk.publisher.wait_until_visible(desk.record(id_), 10)
        assert eventually(lambda: "cannot merge, trying again: another process merges" in caplog.text)
