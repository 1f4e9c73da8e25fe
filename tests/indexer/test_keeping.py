from pathlib import Path

import pytest

from indexer.accept import withdraw
from indexer.keeping import prune, roll_back
from indexer.ledger import Ledger
from indexer.lock import writer_lock
from search.errors import InvalidValue, Unavailable
from tests.builders import NOW, article, settings
from tests.indexer.following import add, follower, found, generations, live, untimed


def three(ledger: Ledger, home: Path) -> None:
    for id_ in "abc":
        add(ledger, article(id_))
        follower(ledger, home).follow()


def test_a_rollback_holds_the_generation_before_until_a_rebuild_and_loses_no_change(
    ledger: Ledger, tmp_path: Path
) -> None:
    three(ledger, tmp_path)
    assert roll_back(settings(tmp_path)) == ("000003", "000002")
    assert found(tmp_path) == ["a", "b"]
    add(ledger, article("d"))
    with pytest.raises(Unavailable, match="^generation 000002 is held since a rollback, .*: run search-index rebuild"):
        follower(ledger, tmp_path).follow()
    assert found(tmp_path) == ["a", "b"]
    rebuilt = follower(ledger, tmp_path).rebuild()
    assert (rebuilt.generation, rebuilt.embedded, found(tmp_path)) == ("000004", 0, ["a", "b", "c", "d"])
    add(ledger, article("e"))
    assert follower(ledger, tmp_path).follow().generation == "000005"


def test_what_was_withdrawn_before_or_after_a_rollback_stays_hidden(ledger: Ledger, tmp_path: Path) -> None:
    three(ledger, tmp_path)
    withdraw(["a"], ledger)
    follower(ledger, tmp_path).follow()
    roll_back(settings(tmp_path))
    assert found(tmp_path) == ["a", "b", "c"]
    withdraw(["b"], ledger)
    assert ledger.hidden_from(live(tmp_path).token, NOW) == {"a", "b"}


def test_after_a_rollback_with_nothing_beyond_it_following_is_quiet_and_a_rebuild_releases(
    ledger: Ledger, tmp_path: Path
) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path).rebuild()
    follower(ledger, tmp_path).rebuild(trusts_live=False)
    assert roll_back(settings(tmp_path)) == ("000002", "000001")
    assert untimed(follower(ledger, tmp_path).follow()).is_new is False
    assert follower(ledger, tmp_path).rebuild().is_new is False
    add(ledger, article("b"))
    assert follower(ledger, tmp_path).follow().generation == "000003"


def test_prune_keeps_as_many_as_it_is_told(ledger: Ledger, tmp_path: Path) -> None:
    three(ledger, tmp_path)
    assert prune(settings(tmp_path), 3) == ("000003", [])
    assert prune(settings(tmp_path), 2) == ("000003", ["000001"])
    assert prune(settings(tmp_path), 1) == ("000003", ["000002"])
    assert (generations(tmp_path), found(tmp_path)) == (["000003"], ["a", "b", "c"])


def test_prune_of_everything_or_of_nothing_published_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="keep is 0, allowed: 1 or more"):
        prune(settings(tmp_path), 0)
    with pytest.raises(Unavailable, match="nothing is published yet"):
        prune(settings(tmp_path), 1)


def test_neither_runs_beside_a_writer(ledger: Ledger, tmp_path: Path) -> None:
    three(ledger, tmp_path)
    with writer_lock(tmp_path, 0):
        for run in (lambda: roll_back(settings(tmp_path), 0), lambda: prune(settings(tmp_path), 1, 0)):
            with pytest.raises(Unavailable, match=r"^process \d+ is writing the index"):
                run()
