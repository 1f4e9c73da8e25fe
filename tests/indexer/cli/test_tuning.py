import gzip
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from indexer.cli.answering import visible
from indexer.cli.evaluating import NEWSROOM
from indexer.cli.tuning import _conclude, _tune
from indexer.evaluating.answering import published_ids, searched, searcher_of
from indexer.evaluating.clicked import among_judged, clicked_queries
from indexer.evaluating.counting import counted
from indexer.evaluating.intervals import Estimate
from indexer.evaluating.judgments import judged_queries
from indexer.evaluating.measuring import RANKING, measured
from indexer.evaluating.tuning import Tuned
from search.embedding.open import open_embedder
from search.engines.open import open_engine
from search.settings import read_settings
from tests.builders import settings
from tests.indexer.cli.told import Told, written
from tests.indexer.evaluating.simulated import PATIENCE, line, searches


def misled(home: Path, weight: float) -> None:
    """A site whose present weight the judgments of the newsroom speak against, with the model that knows words only."""
    home.mkdir()
    (home / "settings.toml").write_text(f"semantic_weight = {weight}  # by hand\n")


def test_tune_writes_a_gain_and_keeps_the_comment(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    misled(home, 1.0)
    told = Told(capsys, "--json", "tune", "--write")
    answer, file = told.json, home / "settings.toml"
    assert (told.status, answer["is_gain"], answer["is_written"]) == (0, True, True)
    assert answer["gain"]["mean"] > 0
    assert answer["fitted"] + answer["held_out"] >= 30
    chosen = answer["chosen"]["semantic_weight"]
    assert file.read_text() == f"semantic_weight = {chosen}  # by hand\n"
    assert told.err.endswith(f"wrote semantic_weight = {chosen:g}\n")
    again = Told(capsys, "--json", "tune", "--write")
    assert (again.status, again.json["is_written"], again.json["gain"]["mean"]) == (0, False, 0.0)
    assert again.err.endswith("the present settings are the best: nothing to write\n")


def test_tune_writes_nothing_unasked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    misled(home, 1.0)
    told = Told(capsys, "tune")
    assert (told.status, read_settings(home, {}).semantic_weight) == (0, 1.0)
    assert "into HOME/settings.toml" in told.err
    assert "gain" in told.out
    assert max(len(line.rstrip()) for line in told.out.splitlines()) <= 80


def test_tune_says_that_the_environment_goes_before_what_it_wrote(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCH_SEMANTIC_WEIGHT", "1")
    told = Told(capsys, "--json", "tune", "--write")
    assert (told.status, told.json["is_written"]) == (0, True)
    assert told.err.endswith("but the environment goes before the file\n")


@pytest.mark.parametrize(("write", "status"), [(True, 3), (False, 0)])
def test_what_gains_nothing_on_the_queries_held_out_is_not_written(
    home: Path, capsys: pytest.CaptureFixture[str], write: bool, status: int
) -> None:
    worse = Estimate(-0.01, -0.02, 0.0)
    tuned = Tuned([], {"semantic_weight": 0.5}, {"semantic_weight": 0.75}, 20, 20, worse, worse, worse)
    assert (tuned.is_gain, _conclude(settings(home), tuned, write)) == (False, status)
    assert capsys.readouterr().err == (
        "search-index: semantic_weight = 0.75 gains nothing beyond chance on the queries held out: not written\n"
    )
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["tune", "nowhere"], 3, "there is no file"),
        (["tune", "nowhere", "--events", "events.jsonl"], 2, "DIR and --events exclude each other"),
        (["tune", "--events", "events.jsonl"], 3, "nothing is published yet"),
    ],
)
def test_what_cannot_be_learnt_from_is_told_and_nothing_is_built(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    told = Told(capsys, "--json", *arguments)
    assert (told.status, told.out) == (status, "")
    assert said in told.err
    assert not home.exists()


ATTRACTS, BORES = 0.7, 0.25  # the share of readers who looked that click what is right, and what is not


@pytest.fixture
def logged(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """What readers of the newsroom did while it searched with the wrong weight; what is right, its judgments say."""
    misled(home, 1.0)
    assert Told(capsys, "rebuild", "--from", str(NEWSROOM / "corpus.jsonl")).status == 0
    own, random, file = read_settings(home), Random(7), tmp_path / "events.jsonl.gz"
    engine, embedder = open_engine(own), open_embedder(own)
    ranking = searched(searcher_of(own, engine, embedder), visible(own))
    with gzip.open(file, "wt", compresslevel=1) as stream:
        for query in judged_queries(NEWSROOM):
            hits = ranking(query)
            relevance = {hit: ATTRACTS if query.grades.get(hit) else BORES for hit in hits}
            stream.writelines(map(line, searches(query.text.upper(), hits, relevance, random, visitors=150)))
    return file


def test_tune_learns_from_clicks_what_their_positions_hide(
    logged: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Told(capsys, "--json", "tune", "--events", str(logged), "--write")
    answer = told.json
    chosen = answer["chosen"]["semantic_weight"]
    assert (told.status, answer["set"], answer["is_gain"], answer["is_written"]) == (0, logged.name, True, True)
    assert answer["present"]["semantic_weight"] == 1.0
    assert worth(home, chosen) > worth(home, 1.0) + 0.2
    assert (home / "settings.toml").read_text() == f"semantic_weight = {chosen}  # by hand\n"
    assert answer["examination"] == pytest.approx(PATIENCE, rel=0.25)
    assert answer["queries"] == answer["fitted"] + answer["held_out"]
    assert answer["events"]["used"] > 50_000
    assert not (home / "evaluations").exists()


def worth(home: Path, weight: float) -> float:
    """The truth: nDCG@10 of the newsroom's judged queries on the site's own index."""
    own = replace(read_settings(home), semantic_weight=weight)
    searcher = searcher_of(own, open_engine(own), open_embedder(own))
    return float(measured(judged_queries(NEWSROOM), searched(searcher, visible(own)), RANKING).mean())


def test_clicks_that_are_not_corrected_praise_the_weight_they_were_made_under(logged: Path, home: Path) -> None:
    own = read_settings(home)
    filters, (cells, _) = visible(own), counted(logged)
    published = frozenset(published_ids(open_engine(own), filters))
    naive = clicked_queries(cells, [1.0] * len(PATIENCE), published)
    tuned = _tune(own, naive, open_embedder(own), filters, among_judged)
    assert tuned.chosen["semantic_weight"] >= 0.9
    assert not tuned.is_gain


@pytest.fixture
def small(newsroom: None, tmp_path: Path) -> Path:
    """Forty queries for the three articles of a small newsroom."""
    random, relevance, file = Random(1), {"storm": 0.5, "ferry": 0.2}, tmp_path / "small.jsonl"
    queries = [f"harbour number {number}" for number in range(40)]
    events = (each for query in queries for each in searches(query, ["ferry", "storm"], relevance, random, 60))
    file.write_text("".join(map(line, events)))
    return file


def test_people_are_told_where_readers_look_and_what_became_of_the_events(
    small: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small.write_text(small.read_text() + '{"type": "view", "article": "storm", "visitor": "v"}\n')
    told = Told(capsys, "tune", "--events", str(small))
    lines = [line.rstrip() for line in told.out.splitlines()]
    assert lines[0].startswith("small.jsonl: 40 queries with clicks, of ")
    first, second = (row.split() for row in lines[-3:-1])
    assert (first, second[0]) == (["1", "1.00", "●" * 24], "2")
    assert 0.4 < float(second[1]) < 0.6
    assert lines[-4].split() == ["position", "examination"]
    assert lines[-1].startswith("Events: ")
    assert lines[-1].endswith(" used, 1 skipped")
    assert max(map(len, lines)) <= 80


def test_withdrawn_articles_teach_nothing(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(capsys, "--json", "tune", "--events", str(small)).json["queries"] == 40
    assert Told(capsys, "remove", "ferry").status == 0
    told = Told(capsys, "--json", "tune", "--events", str(small))
    assert (told.status, told.out) == (2, "")
    assert "judged queries is '0 to fit on and 0 held out', allowed: at least 10 in each part" in told.err


def test_a_log_without_searches_and_an_index_of_another_model_are_told(
    newsroom: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, {"type": "view", "article": "storm", "visitor": "v"}, name="views.jsonl")
    told = Told(capsys, "tune", "--events", file)
    assert (told.status, told.out) == (2, "")
    assert told.err.endswith("views.jsonl: impressions is 0, allowed: some of a search, with query and position\n")
    told = Told(capsys, "tune", "--events", written(tmp_path, "{", name="bad.jsonl"))
    assert (told.status, told.err.endswith("bad.jsonl:1: line is '{', allowed: JSON\n")) == (2, True)
    monkeypatch.setenv("SEARCH_MODEL", "all-MiniLM-L6-v2")
    told = Told(capsys, "tune", "--events", file)
    assert (told.status, told.err) == (
        3,
        "search-index: the index was built with another model: run search-index rebuild first\n",
    )
