import pytest

from tests.indexer.cli.told import Told

PIN = ["signals", "put", "top", "--kind", "pin", "--article", "marathon", "--place", "search"]


def ids(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    return [each["id"] for each in Told(capsys, "--json", "signals", *arguments).json["signals"]]


@pytest.mark.usefixtures("newsroom")
def test_a_signal_put_in_the_terminal_steers_the_next_search_until_it_is_deleted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    search = ["--json", "search", "quay", "--mode", "lexical"]
    assert [hit["id"] for hit in Told(capsys, *search).json["hits"]] == ["storm"]
    put = Told(capsys, "--json", *PIN, "--query", "Quay", "--author", "Ada", "--note", "Sunday")
    assert (put.status, put.json["signal"]["query"], put.json["signal"]["position"]) == (0, "quay", 1)
    assert [hit["id"] for hit in Told(capsys, *search).json["hits"]] == ["marathon", "storm"]
    assert Told(capsys, "signals", "delete", "top", "--author", "Jo").out == "deleted\n"
    assert [hit["id"] for hit in Told(capsys, *search).json["hits"]] == ["storm"]
    changes = Told(capsys, "--json", "signals", "log").json["changes"]
    assert [(each["action"], each["author"], each["signal"]["note"]) for each in changes] == [
        ("delete", "Jo", "Sunday"),
        ("put", "Ada", "Sunday"),
    ]


@pytest.mark.usefixtures("newsroom")
def test_related_articles_are_steered_in_the_terminal_too(capsys: pytest.CaptureFixture[str]) -> None:
    Told(capsys, "signals", "put", "no", "--kind", "exclude", "--article", "ferry", "--place", "all")
    Told(capsys, *PIN[:-1], "related")
    items = Told(capsys, "--json", "related", "storm").json["items"]
    assert [item["id"] for item in items] == ["marathon"]


@pytest.mark.usefixtures("newsroom")
def test_people_see_what_is_pinned_where_scores_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    Told(capsys, *PIN)
    lines = Told(capsys, "search", "quay", "--mode", "lexical", "--explain").out.splitlines()
    assert lines[1].split() == ["Score", "lexical", "freshness", "pinned", "Date", "Section", "Title", "Id"]
    assert lines[2].split() == ["0.000", "yes", "Sport", "Marathon", "route", "marathon"]


def test_people_see_signals_and_their_log_in_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(capsys, "signals").out == Told(capsys, "signals", "log").out == "none\n"
    Told(capsys, *PIN, "--position", "3", "--section", "Sport", "--start", "2026-05-01", "--note", "[b]Run[/b]")
    heading, row = Told(capsys, "signals").out.splitlines()
    assert heading.split() == ["Id", "Kind", "Article", "Place", "Section", "Query", "Start", "End", "Author", "Note"]
    assert row.split() == ["top", "pin", "3", "marathon", "search", "sport", "2026-05-01", "00:00", "[b]Run[/b]"]
    _, change = Told(capsys, "signals", "log").out.splitlines()
    assert change.split()[2:] == ["put", "top", "pin", "3", "marathon", "search", "sport", "2026-05-01", "00:00"]


def test_signals_are_listed_by_article_and_by_the_place_they_hold_in(capsys: pytest.CaptureFixture[str]) -> None:
    Told(capsys, *PIN)
    Told(capsys, "signals", "put", "no", "--kind", "exclude", "--article", "ferry", "--place", "all")
    assert ids(capsys) == ["no", "top"]
    assert ids(capsys, "--article", "marathon") == ["top"]
    assert ids(capsys, "--place", "hot") == ["no"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ([*PIN, "--position", "11"], 2, "position is 11, allowed: 1 to 10"),
        ([*PIN, "--end", "soon"], 2, "end is 'soon', allowed: an ISO 8601 time"),
        ([*PIN[:-1], "front"], 2, "'front' is not one of"),
        (PIN[:5], 2, "Missing option '--article'"),
        (["signals", "delete", "top"], 3, "there is no signal 'top'"),
        (["signals", "log", "--limit", "0"], 2, "0 is not in the range"),
        (["signals", "drop"], 2, "No such command 'drop'"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    told = Told(capsys, *arguments)
    assert (told.status, said in told.err) == (status, True), told.err
    assert ids(capsys) == []
