from datetime import timedelta
from pathlib import Path

import pytest

from indexer.cli.group import now
from indexer.events.event import Event
from indexer.events.tally import Tally
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from tests.indexer.cli.told import Told


@pytest.fixture
def readers(home: Path) -> None:
    """Three who search and click, and three whose search finds nothing."""
    tally = Tally(lambda: b"salt")
    for visitor in "abc":
        tally.add(Event("search", "", visitor, query="bridge", total=2), now())
        tally.add(Event("impression", "storm", visitor, query="bridge", position=1), now())
        tally.add(Event("search", "", visitor, query="[b]zeppelin[/b]", total=0), now())
    tally.add(Event("click", "storm", "a", query="bridge", position=1), now())
    with Ledger(home / "ledger.sqlite3") as ledger:
        EventStore(ledger).record(tally.taken(), now())


def test_before_anything_is_told_the_report_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "report")
    assert told.status == 0
    assert "no events were told" in told.out
    assert Told(capsys, "--json", "report", "--days", "1").json["places"] == []


@pytest.mark.usefixtures("readers")
def test_the_report_for_programs_has_every_rate_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Told(capsys, "--json", "report", "--days", "2").json
    today = now().date()
    assert (answer["from"], answer["to"]) == ((today - timedelta(days=1)).isoformat(), today.isoformat())
    third = {"count": 1, "of": 3, "share": 0.3333, "low": 0.0615, "high": 0.7923}
    assert answer["places"] == [{"place": "search", **third, "positions": [{"position": 1, **third}]}]
    assert answer["searches"] == 6
    assert answer["unanswered"] == {"count": 3, "of": 6, "share": 0.5, "low": 0.1876, "high": 0.8124}
    assert {name: [each["text"] for each in queries] for name, queries in answer["queries"].items()} == {
        "popular": ["[b]zeppelin[/b]", "bridge"],
        "unanswered": ["[b]zeppelin[/b]"],
        "unclicked": [],
    }
    assert answer["days"][1] == {
        "day": today.isoformat(),
        "impressions": 3,
        "clicks": 1,
        "searches": 6,
        "unanswered": 3,
        "clicked": 1,
    }
    assert answer["interleaving"] is None


@pytest.mark.usefixtures("readers")
def test_people_see_tables_and_a_page_where_they_ask_for_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = Told(capsys, "report", "--html", str(tmp_path / "report.html"))
    lines = [line.split() for line in told.out.splitlines()]
    assert ["search", "3", "1", "33.3%", "(6.1,", "79.2)"] in lines
    assert ["3", "100%", "–", "[b]zeppelin[/b]"] in lines
    assert "6 searches: 50.0% (18.8, 81.2) found nothing, 16.7% (3.0, 56.4) led to a click" in told.out
    assert "[b]zeppelin[/b]" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--days", "91"], 2), (["--html", "/nowhere/at/all.html"], 2), (["--days", "x"], 2)]
)
def test_what_cannot_be_told_is_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int
) -> None:
    assert Told(capsys, "report", *arguments).status == status
