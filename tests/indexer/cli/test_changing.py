import gzip
import io
import json
import re
import sys
from pathlib import Path

import pytest

from tests.builders import record
from tests.indexer.cli.told import FERRY, MARATHON, STORM, Told, written


def test_rebuild_adds_what_it_is_given_and_publishes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "--json", "rebuild", "--from", written(tmp_path, STORM, FERRY))
    answer = told.json
    assert answer.pop("seconds") > 0
    assert (told.status, told.err) == (0, "")
    assert answer == {
        "added": 2,
        "updated": 0,
        "unchanged": 0,
        "withdrawn": 0,
        "refused": 0,
        "refusals": [],
        "ignored": {},
        "sequence": 2,
        "generation": "000001",
        "is_new": True,
        "articles": 2,
        "applied": 2,
        "embedded": 2,
    }


def test_rebuild_takes_any_number_of_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "today"
    folder.mkdir()
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(json.dumps(MARATHON).encode()))
    first, second = written(tmp_path, STORM, name="a.jsonl"), written(tmp_path, FERRY, name="b.jsonl")
    told = Told(capsys, "--json", "rebuild", "--from", first, second, str(folder))
    assert (told.status, told.json["added"]) == (0, 3)
    again = Told(capsys, "--json", "rebuild", "--from", first, "--from", second)
    assert (again.status, again.json["unchanged"], again.json["is_new"]) == (0, 2, False)


def test_rebuild_of_paths_without_from_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "rebuild", written(tmp_path, STORM))
    assert (told.status, told.out) == (2, "")
    assert "paths come after --from" in told.err


@pytest.mark.usefixtures("newsroom")
def test_rebuild_alone_says_that_all_is_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "rebuild")
    assert (told.status, " ".join(told.out.split())) == (0, "generation 000001, 3 articles, unchanged")


def test_people_get_a_table_of_what_was_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "rebuild", "--from", written(tmp_path, STORM, FERRY))
    lines = [" ".join(line.split()) for line in told.out.splitlines()]
    assert (lines[0], lines[2]) == ("read 2 new, 0 changed, 0 as before", "embedded 2 new texts")
    assert re.fullmatch(r"indexed 2 articles in [\d.]+ s \([\d,]+ a second\)", lines[1])
    assert lines[3:] == ["generation 000001, 2 articles, published"]


def test_bad_records_are_told_and_the_good_ones_published_with_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, STORM, {**FERRY, "access": "gold"}, "{no json", MARATHON)
    told = Told(capsys, "--json", "rebuild", "--from", file)
    assert (told.status, told.json["articles"], told.json["refused"]) == (1, 2, 2)
    said = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
    assert told.json["refusals"] == [
        {"origin": file, "line": 2, "field": "access", "value": "'gold'", "allowed": "free or subscriber"},
        {"origin": file, "line": 3, "field": "line", "value": repr(said), "allowed": "JSON"},
    ]


def test_people_are_told_refusals_line_by_line_as_they_came(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / ("long" * 60)
    folder.mkdir()
    file = written(folder, {**STORM, "access": "[/bold]"}, *({**FERRY, "access": "x"} for _ in range(120)))
    told = Told(capsys, "add", file)
    assert told.status == 1
    assert f"  {file}:1: access is '[/bold]', allowed: free or subscriber\n" in told.out
    assert f"  {file}:100: access is 'x', allowed: free or subscriber\n" in told.out
    assert told.out.endswith("  and 21 more\n")


@pytest.mark.usefixtures("newsroom")
def test_add_publishes_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "--json", "add", written(tmp_path, record(id="new", title="Zeppelin over the quay")))
    assert (told.status, told.json["added"], told.json["applied"], told.json["generation"]) == (0, 1, 1, "000002")
    found = Told(capsys, "--json", "search", "zeppelin", "--mode", "lexical").json
    assert [hit["id"] for hit in found["hits"]] == ["new"]


def test_add_reads_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps(STORM) + "\n\n" + json.dumps({**FERRY, "id": ""})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data.encode()))))
    told = Told(capsys, "--json", "add", "-")
    refusal = {"origin": "stdin", "line": 3, "field": "id", "value": "''", "allowed": "1 to 128 printable characters"}
    assert (told.status, told.json["added"], told.json["refusals"]) == (1, 1, [refusal])


@pytest.mark.parametrize("command", [["add"], ["rebuild", "--from"]])
def test_a_path_that_is_not_there_is_status_3_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str]
) -> None:
    told = Told(capsys, *command, str(tmp_path / "missing.jsonl"))
    assert (told.status, told.out) == (3, "")
    assert told.err == f"search-index: there is no file or folder {tmp_path / 'missing.jsonl'}\n"
    assert Told(capsys, "--json", "status").json["ledger_articles"] == 0


def test_a_file_of_no_known_format_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "add", written(tmp_path, STORM, name="articles.csv"))
    assert told.status == 2
    assert told.err.endswith(
        "articles.csv', allowed: a name that ends in .jsonl, .jsonl.gz, .ndjson, .ndjson.gz, .json, .html, .htm, .txt\n"
    )


@pytest.mark.usefixtures("newsroom")
def test_remove_withdraws_and_status_1_says_that_something_was_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    done = Told(capsys, "--json", "remove", "storm")
    assert (done.status, done.json) == (0, {"articles": {"storm": "withdrawn"}, "generation": "000002"})
    told = Told(capsys, "remove", "ferry", "storm", "[/b]")
    assert (told.status, told.out) == (1, "ferry: withdrawn\nstorm: already withdrawn\n[/b]: never seen\n")
    found = Told(capsys, "--json", "search", "harbour", "--mode", "lexical").json
    assert (found["total"], found["hits"]) == (0, [])


@pytest.mark.usefixtures("newsroom")
def test_what_was_removed_stays_away_until_it_is_restored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Told(capsys, "remove", "storm")
    for command in (["add"], ["rebuild", "--from"]):
        told = Told(capsys, *command, written(tmp_path, STORM))
        assert "left out 1 that were withdrawn; --restore takes them back" in " ".join(told.out.split())
        assert Told(capsys, "related", "storm").status == 3
    told = Told(capsys, "--json", "add", "--restore", written(tmp_path, STORM))
    assert (told.status, told.json["added"], told.json["articles"]) == (0, 1, 3)
    assert Told(capsys, "related", "storm").status == 0


@pytest.mark.usefixtures("newsroom")
def test_a_remove_of_nothing_publishes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "--json", "remove", "nobody")
    assert (told.status, told.json) == (1, {"articles": {"nobody": "never seen"}, "generation": "000001"})


@pytest.mark.usefixtures("newsroom")
def test_another_language_asks_for_a_rebuild(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCH_LANGUAGE", "german")
    told = Told(capsys, "add", written(tmp_path, record(id="neu", title="Sturm")))
    assert (told.status, told.err.endswith(": run search-index rebuild\n")) == (3, True)
    assert Told(capsys, "--json", "rebuild").json["articles"] == 4


@pytest.mark.usefixtures("newsroom")
def test_what_is_kept_is_told_though_it_cannot_be_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Told(capsys, "remove", "marathon")
    Told(capsys, "rollback")
    told = Told(capsys, "remove", "storm", "nobody")
    assert (told.status, told.out) == (3, "storm: withdrawn\nnobody: never seen\n")
    assert told.err.startswith("search-index: generation 000001 is held since a rollback, and the ledger keeps what")
    told = Told(capsys, "--json", "remove", "ferry")
    assert (told.status, told.json) == (3, {"articles": {"ferry": "withdrawn"}, "generation": "000001"})
    file = written(tmp_path, record(id="new"), {**FERRY, "access": "gold"})
    told = Told(capsys, "add", file)
    assert (told.status, told.out.split("\n", 1)[0].split()[:3]) == (3, ["read", "1", "new,"])
    assert told.out.endswith(f"1 refused:\n  {file}:2: access is 'gold', allowed: free or subscriber\n")
    assert "is held since a rollback" in told.err
    told = Told(capsys, "--json", "add", file)
    assert (told.json["unchanged"], told.json["refused"], told.json["is_new"]) == (1, 1, False)


def test_fields_that_no_article_has_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(
        capsys, "add", written(tmp_path, {**STORM, "keywords": ["wind"]}, {**FERRY, "keywords": [], "x": "[red]"})
    )
    assert "passed over  fields that no article has: keywords (1), x (1)" in told.out
    assert told.status == 0
