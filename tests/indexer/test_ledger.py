import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.decide import Add, Known, Skip, Update, Withdraw, content_hash
from indexer.ledger import BUSY_TIMEOUT, Change, Ledger
from search.article import Article, ArticleId
from search.embedding.hashing import HashingEmbedder
from tests.builders import NOW, article

MODEL = HashingEmbedder()
HOUR = timedelta(hours=1)


def changed(ledger: Ledger, after: int = 0) -> list[tuple[int, ArticleId, Article | None]]:
    return [(each.sequence, each.id, each.article) for each in ledger.changes(after, 100, MODEL.identity)]


def test_a_new_ledger_is_empty(ledger: Ledger) -> None:
    assert (ledger.sequence(), ledger.count(), ledger.known(["storm"]), changed(ledger)) == (0, 0, {}, [])
    assert ledger.article("storm") is None


def test_what_is_recorded_is_known_and_comes_back_whole(ledger: Ledger) -> None:
    full = article(body="Waves.\n\n“Rain”", tags=("a", "b"), published=NOW, expires_at=NOW + HOUR, access="subscriber")
    assert ledger.record([Add(full)]) == 1
    assert ledger.article("storm") == full
    assert ledger.known(["storm", "other"]) == {"storm": Known(content_hash(full))}
    assert changed(ledger) == [(1, "storm", full)]


def test_every_change_takes_the_next_number_and_an_article_carries_its_latest(ledger: Ledger) -> None:
    a, b, edited = article("a"), article("b"), article("a", body="Waves.")
    assert ledger.record([Add(a), Add(b), Skip("same content"), Update(edited)]) == 3
    assert ledger.record([]) == 3
    assert changed(ledger) == [(2, "b", b), (3, "a", edited)]
    assert (ledger.sequence(), ledger.count(), ledger.count_changes(0), ledger.count_changes(2)) == (
        3,
        2,
        2,
        1,
    )


def test_a_withdrawn_article_leaves_its_number_and_no_text(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record([Add(article("a", body="A secret about the quay")), Add(article("b"))])
    assert ledger.record([Withdraw("a")]) == 3
    assert changed(ledger) == [(2, "b", article("b")), (3, "a", None)]
    assert ledger.known(["a"]) == {"a": Known(None)}
    assert (ledger.article("a"), ledger.count(), ledger.sequence()) == (None, 1, 3)


def test_numbers_are_never_used_twice_whatever_was_withdrawn_and_reopened(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        ledger.record([Add(article("a"))])
        ledger.record([Withdraw("a")])
    with Ledger(file) as ledger:
        assert ledger.record([Add(article("b"))]) == 3
        assert ledger.record([Withdraw("b")]) == 4
    with Ledger(file) as ledger:
        assert ledger.record([Add(article("a"))]) == 5
        assert changed(ledger) == [(4, "b", None), (5, "a", article("a"))]


def test_changes_come_in_order_in_portions(ledger: Ledger) -> None:
    ledger.record(Add(article(f"a{number}")) for number in range(10))
    first = ledger.changes(0, 4, MODEL.identity)
    second = ledger.changes(first[-1].sequence, 100, MODEL.identity)
    assert [each.sequence for each in [*first, *second]] == list(range(1, 11))
    assert len(first) == 4


def test_nothing_of_a_batch_is_kept_when_it_fails_midway_and_the_next_one_is(ledger: Ledger) -> None:
    def failing() -> Iterator[Add]:
        yield Add(article("a"))
        raise OSError("the source went away")

    with pytest.raises(OSError, match="went away"):
        ledger.record(failing())
    assert changed(ledger) == []
    assert ledger.record([Add(article("b"))]) == 1


def vectors_of(ledger: Ledger, model: str) -> list[list[list[float]] | None]:
    found = ledger.changes(0, 100, model)
    return [None if each.vectors is None else each.vectors.tolist() for each in found]


def test_a_vector_is_kept_for_every_article_of_the_same_text_and_for_its_model_alone(ledger: Ledger) -> None:
    a, same, other = article("a"), article("b", section="Weather"), article("c", body="Waves.")
    ledger.record([Add(a), Add(same), Add(other)])
    vectors = MODEL.embed(["first passage", "second passage"])
    ledger.keep_vectors("m1", [(a, vectors)])
    assert vectors_of(ledger, "m1") == [vectors.tolist(), vectors.tolist(), None]
    assert vectors_of(ledger, "m2") == [None, None, None]
    assert (ledger.count_vectors("m1"), ledger.count_vectors("m2")) == (1, 0)


def test_a_vector_comes_back_after_its_article_was_edited_and_edited_back(ledger: Ledger) -> None:
    vectors = MODEL.embed(["first passage", "second passage"])
    ledger.record([Add(article())])
    ledger.keep_vectors("m1", [(article(), vectors)])
    ledger.record([Update(article(body="Waves."))])
    assert vectors_of(ledger, "m1") == [None]
    ledger.record([Update(article())])
    assert vectors_of(ledger, "m1") == [vectors.tolist()]


def test_a_vector_is_float32_however_it_was_given(ledger: Ledger) -> None:
    ledger.record([Add(article())])
    ledger.keep_vectors("m1", [(article(), np.array([[0.6, 0.8]], dtype=">f8").astype(np.float32))])
    (change,) = ledger.changes(0, 1, "m1")
    assert change.vectors is not None
    assert change.vectors.dtype == np.float32
    assert change.vectors.tolist() == np.array([[0.6, 0.8]], dtype=np.float32).tolist()


def test_a_withdrawn_article_has_no_vector(ledger: Ledger) -> None:
    ledger.record([Add(article())])
    ledger.keep_vectors("m1", [(article(), MODEL.embed(["x"]))])
    ledger.record([Withdraw("storm")])
    assert ledger.changes(0, 1, "m1") == [Change(2, "storm", None, None)]


@pytest.mark.parametrize(
    ("fields", "is_hidden"),
    [
        ({}, False),
        ({"embargo_until": NOW + HOUR}, True),
        ({"embargo_until": NOW}, False),
        ({"embargo_until": NOW - HOUR}, False),
        ({"expires_at": NOW + HOUR}, False),
        ({"expires_at": NOW}, True),
        ({"expires_at": NOW - HOUR}, True),
    ],
)
def test_what_changed_to_embargoed_or_expired_is_hidden_just_when_it_is_not_visible(
    ledger: Ledger, fields: dict[str, Any], is_hidden: bool
) -> None:
    ledger.record([Add(article())])
    ledger.record([Update(article(body="Waves.", **fields))])
    for sequence in (1, 2):
        ledger.note_generation(f"build {sequence}", sequence)
    assert ledger.hidden_from("build 1", NOW) == ({"storm"} if is_hidden else frozenset())
    assert article(**fields).is_visible(NOW) is not is_hidden
    assert ledger.hidden_from("build 2", NOW) == frozenset()


def test_what_was_withdrawn_after_a_number_is_hidden_from_older_indexes_though_it_came_back(ledger: Ledger) -> None:
    ledger.record([Add(article("a")), Add(article("b")), Withdraw("a")])
    ledger.record([Withdraw("b")])
    builds = ["build 2", "build 3", "build 4"]
    for build in builds:
        ledger.note_generation(build, int(build[-1]))
    assert [ledger.hidden_from(build, NOW) for build in builds] == [{"a", "b"}, {"b"}, frozenset()]
    ledger.record([Add(article("b"))])
    assert [ledger.hidden_from(build, NOW) for build in builds] == [{"a", "b"}, {"b"}, frozenset()]


def test_what_came_to_be_for_subscribers_only_is_hidden_from_indexes_that_hold_it_as_free(ledger: Ledger) -> None:
    free, paid = article("a"), article("a", access="subscriber")
    always = article("b", access="subscriber")
    ledger.record([Add(free), Add(always)])
    ledger.record([Update(paid), Update(article("b", access="subscriber", body="Waves."))])
    ledger.record([Update(article("a", access="subscriber", body="Waves."))])
    for sequence in (2, 3, 5):
        ledger.note_generation(f"build {sequence}", sequence)
    assert [ledger.hidden_from(f"build {sequence}", NOW) for sequence in (2, 3, 5)] == [{"a"}, frozenset(), frozenset()]
    ledger.record([Update(free)])
    assert ledger.hidden_from("build 5", NOW) == frozenset()


def test_from_an_index_it_does_not_know_it_hides_all_that_was_ever_withdrawn(ledger: Ledger) -> None:
    ledger.record([Add(article("a")), Add(article("b")), Withdraw("a")])
    assert not ledger.knows_generation("elsewhere")
    assert ledger.hidden_from("elsewhere", NOW) == {"a"}


def in_threads(work: Callable[[str], None], names: str) -> None:
    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(work, names))


def test_writers_on_connections_of_their_own_lose_nothing_and_wait_for_nobody_long(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    acknowledged: list[int] = []

    def write(name: str) -> None:
        with Ledger(file) as own:
            for number in range(40):
                acknowledged.append(own.record([Add(article(f"{name}{number}")), Add(article(f"{name}-{number}"))]))

    started = time.monotonic()
    in_threads(write, "abc")
    assert time.monotonic() - started < BUSY_TIMEOUT / 1000
    with Ledger(file) as ledger:
        assert [each.sequence for each in ledger.changes(0, 1_000, MODEL.identity)] == list(range(1, 241))
        assert sorted(acknowledged) == list(range(2, 241, 2))
        assert ledger.count() == 240


def test_threads_can_share_one_connection(ledger: Ledger) -> None:
    def write(name: str) -> None:
        for number in range(40):
            ledger.record([Add(article(f"{name}{number}"))])
            ledger.changes(0, 5, MODEL.identity)

    in_threads(write, "abc")
    assert (ledger.count(), ledger.sequence()) == (120, 120)


def test_a_new_ledger_can_be_opened_by_many_at_once(tmp_path: Path) -> None:
    for attempt in range(20):
        file = tmp_path / f"{attempt}.sqlite3"

        def write(name: str, file: Path = file) -> None:
            with Ledger(file) as own:
                own.record([Add(article(name))])

        in_threads(write, "abcd")
        with Ledger(file) as ledger:
            assert ledger.count() == 4
