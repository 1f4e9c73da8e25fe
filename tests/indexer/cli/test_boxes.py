from pathlib import Path

import pytest

from tests.indexer.cli.told import FERRY, MARATHON, STORM, Told, written


@pytest.fixture(autouse=True)
def _published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = written(tmp_path, STORM, {**FERRY, "published": "2026-05-09"}, {**MARATHON, "published": "2026-05-08"})
    assert Told(capsys, "rebuild", "--from", articles).status == 0


def test_hot_lists_by_dates_until_readers_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "hot", "--limit", "2")
    assert told.out.startswith("Nobody is known to have read anything.")
    assert [line.split()[-1] for line in told.out.splitlines()[2:]] == ["storm", "ferry"]
    answer = Told(capsys, "--json", "hot", "--section", "sport").json
    assert ([item["id"] for item in answer["items"]], answer["fallback"]) == (["marathon"], "dates")


def test_hot_refuses_a_window_that_is_not_counted(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "hot", "--days", "15")
    assert (told.status, told.err) == (2, "search-index: window is '15d', allowed: 1d to 14d\n")


def test_where_nothing_is_hot_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(capsys, "hot", "--section", "none").out == "Nothing found.\n"


def test_topics_lists_what_is_written_about_and_each_topic_by_its_slug(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Told(capsys, "topics").out.splitlines()
    assert [line.split()[-1] for line in lines] == ["Slug", "story-storm", "story-ferry", "story-marathon"]
    answer = Told(capsys, "--json", "topics", "--limit", "1").json
    assert [topic["lead"]["id"] for topic in answer["topics"]] == ["storm"]
    alone = Told(capsys, "topics", "section-sport")
    assert alone.out.startswith("Sport: 1 in all")
    assert Told(capsys, "topics", "section-none").status == 3


def test_recommend_lists_what_to_read_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "recommend", "storm", "unknown", "--limit", "1")
    assert told.out.startswith("1 of these are unknown, or nobody may see them.")
    answer = Told(capsys, "--json", "recommend", "storm").json
    assert {item["id"] for item in answer["items"]} == {"ferry", "marathon"}
    assert answer["unknown"] == 0
    assert Told(capsys, "recommend", *["storm"] * 101).status == 2
