from pathlib import Path

import pytest

from search.engines.local.engine import LocalEngine
from search.engines.local.generation import drop_outdated, generations, live_name
from search.engines.local.hold import go_back, is_held, release
from search.errors import Corrupt, Unavailable
from search.request import Filters
from tests.builders import NOW
from tests.search.engines.local.test_generation import files_of, published


def test_going_back_makes_the_generation_before_live_and_holds_it(tmp_path: Path) -> None:
    published(tmp_path, "a")
    published(tmp_path, "b")
    engine = LocalEngine(tmp_path)
    assert (engine.reader().generation, is_held(tmp_path)) == ("000002", False)
    assert go_back(tmp_path) == ("000002", "000001")
    assert (engine.reader().generation, is_held(tmp_path)) == ("000001", True)


def test_one_goes_back_further_until_there_is_none_before(tmp_path: Path) -> None:
    for id_ in "abc":
        published(tmp_path, id_)
    assert [go_back(tmp_path), go_back(tmp_path)] == [("000003", "000002"), ("000002", "000001")]
    with pytest.raises(Unavailable, match="there is no generation before 000001 to go back to"):
        go_back(tmp_path)


def test_a_damaged_generation_is_not_gone_back_to(tmp_path: Path) -> None:
    folder = tmp_path / published(tmp_path, "a")
    published(tmp_path, "b")
    columns = folder / "vectors" / "columns.npz"
    data = columns.read_bytes()
    columns.write_bytes(data[:-1] + b"x")
    with pytest.raises(Corrupt, match=r"generation 000001 is damaged \(vectors/columns.npz\), and 000002 stays"):
        go_back(tmp_path)
    columns.unlink()
    with pytest.raises(Corrupt, match="is missing"):
        go_back(tmp_path)
    assert (live_name(tmp_path), is_held(tmp_path)) == ("000002", False)


def test_the_next_generation_ends_the_hold_and_drops_what_was_gone_back_from(tmp_path: Path) -> None:
    for id_ in "ab":
        published(tmp_path, id_)
    go_back(tmp_path)
    assert published(tmp_path, "c") == "000003"
    assert (is_held(tmp_path), generations(tmp_path)) == (False, ["000001", "000003"])
    assert sorted(hit.id for hit in LocalEngine(tmp_path).reader().by_date(Filters(NOW), 9).hits) == ["a", "c"]


def test_a_hold_can_be_released(tmp_path: Path) -> None:
    for id_ in "ab":
        published(tmp_path, id_)
    go_back(tmp_path)
    release(tmp_path)
    release(tmp_path)
    assert (is_held(tmp_path), live_name(tmp_path)) == (False, "000001")


def test_dropping_keeps_so_many_up_to_the_live_one_and_no_number_is_given_twice(tmp_path: Path) -> None:
    for id_ in "abc":
        published(tmp_path, id_)
    go_back(tmp_path)
    newer = files_of(tmp_path / "000003")
    assert (drop_outdated(tmp_path, 1), generations(tmp_path)) == (["000001"], ["000002", "000003"])
    assert files_of(tmp_path / "000003") == newer
    assert published(tmp_path, "d") == "000004"


def test_a_reader_of_a_dropped_generation_reads_on(tmp_path: Path) -> None:
    published(tmp_path, "a")
    old = LocalEngine(tmp_path).reader()
    published(tmp_path, "b")
    assert drop_outdated(tmp_path, 1) == ["000001"]
    assert [hit.id for hit in old.match_text(["storm"], Filters(NOW), 9)] == ["a"]
    assert list(old.articles(["a"])) == ["a"]
    assert list(old.vectors(["a"])) == ["a"]
