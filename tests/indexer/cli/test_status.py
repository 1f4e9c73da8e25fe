from pathlib import Path

import pytest

from indexer.cli.group import now
from indexer.events.decay import heat_of
from indexer.events.tally import Batch
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from search.embedding.hashing import HashingEmbedder
from tests.indexer.cli.told import Told
from tests.tables import encoder, kept


def test_status_of_an_empty_home_makes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "--json", "status")
    assert told.status == 0
    assert told.json == {
        "home": str(home),
        "generation": None,
        "articles": 0,
        "published_at": None,
        "model": None,
        "encoder": None,
        "query_encoder": "model",
        "static_encoder": None,
        "ledger_articles": 0,
        "changes_not_yet_published": 0,
        "events_taken_in": 0,
        "tombstones": 0,
    }
    assert not home.exists()


@pytest.mark.usefixtures("newsroom")
def test_status_tells_what_is_published_and_what_waits(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = Told(capsys, "--json", "status").json
    assert answer.pop("published_at").startswith("20")
    assert answer.pop("index_megabytes") >= 0
    assert answer == {
        "home": str(home),
        "generation": "000001",
        "articles": 3,
        "model": "hashing-64",
        "encoder": "hashing",
        "query_encoder": "model",
        "static_encoder": None,
        "ledger_articles": 3,
        "changes_not_yet_published": 0,
        "events_taken_in": 0,
        "tombstones": 0,
    }
    (home / "index" / "CURRENT").unlink()
    waiting = Told(capsys, "--json", "status").json
    assert (waiting["generation"], waiting["changes_not_yet_published"]) == (None, 3)


@pytest.mark.usefixtures("newsroom")
def test_status_counts_events_and_answers_know_what_is_read(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heat = heat_of(now())
    with Ledger(home / "ledger.sqlite3") as ledger:
        EventStore(ledger).record(Batch(1_234, {(0, "ferry"): (1, 0)}, {"ferry": heat + 10}, {}), now())
    assert Told(capsys, "--json", "status").json["events_taken_in"] == 1_234
    assert "events taken in" in Told(capsys, "status").out
    (hit,) = Told(capsys, "--json", "search", "--explain", "ferry", "--mode", "lexical").json["hits"]
    (item,) = Told(capsys, "--json", "related", "storm", "--explain", "--limit", "1").json["items"]
    assert [each["explain"]["popularity"] for each in (hit, item)] == [1.0, 1.0]


@pytest.mark.usefixtures("newsroom")
def test_status_tells_of_a_damaged_index(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "index" / "000001" / "manifest.json").write_text("{")
    told = Told(capsys, "--json", "status")
    assert (told.status, told.json["generation"], told.json["ledger_articles"]) == (0, None, 3)
    assert told.json["damage"].startswith("the manifest of generation 000001 is not whole: ")


@pytest.mark.usefixtures("newsroom")
def test_status_tells_of_the_encoder_that_was_distilled(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = kept(home / "query_encoder", encoder(("storm",), HashingEmbedder()))
    told = Told(capsys, "--json", "status").json["static_encoder"]
    assert told == f"{made.identity} of hashing-64, cosine 0.900 on held-out texts"
    (home / "query_encoder").write_bytes(b"damaged")
    assert "query_encoder is not used: " in Told(capsys, "--json", "status").json["static_encoder"]


def test_people_read_status_in_words(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [" ".join(line.split()) for line in Told(capsys, "status").out.splitlines()]
    assert lines[:3] == [f"home {home}", "generation none yet", "articles 0"]


@pytest.mark.usefixtures("newsroom")
def test_status_tells_what_of_the_settings_the_index_is_not_of(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "rebuild_needed" not in Told(capsys, "--json", "status").json
    monkeypatch.setenv("SEARCH_LANGUAGE", "german")
    monkeypatch.setenv("SEARCH_MODEL", "large")
    assert Told(capsys, "--json", "status").json["rebuild_needed"] == (
        "the index is of model hashing-64, the settings say large, and the index is in english, the settings say german"
    )
