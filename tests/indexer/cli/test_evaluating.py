from pathlib import Path

import pytest

from indexer.cli.evaluating import NEWSROOM
from tests.indexer.cli.told import Told
from tests.indexer.evaluating.judged import SUBJECTS, judged_folder

ROWS = ["random", "newest first", "lexical", "semantic", "hybrid"]
BODYLESS = '{"_id": "empty", "title": "", "text": ""}\n'


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    return judged_folder(tmp_path / "judged")


def test_evaluate_measures_every_way_and_what_the_hybrid_gains(
    judged: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Told(capsys, "--json", "evaluate", str(judged))
    answer = told.json
    rows, gains = answer.pop("rows"), answer.pop("gains")
    assert (told.status, told.err) == (0, "")
    assert answer == {
        "set": "judged",
        "kind": "search",
        "articles": 20,
        "queries": 40,
        "right_but_not_published": 0,
        "refused": 0,
        "model": "hashing",
        "query_encoder": "model",
        "language": "english",
        "semantic_weight": 0.5,
        "reference": "hybrid",
        "confidence": 0.95,
        "resamples": 10_000,
        "seed": 2026,
    }
    assert (list(rows), list(gains)) == (ROWS, ROWS[:-1])
    assert all(list(row) == ["nDCG@10", "MRR@10", "recall@100"] for row in (*rows.values(), *gains.values()))
    assert rows["lexical"]["recall@100"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
    assert rows["random"]["nDCG@10"]["high"] < rows["lexical"]["nDCG@10"]["low"]
    assert gains["random"]["nDCG@10"]["low"] > 0
    assert [path.name for path in home.iterdir()] == ["evaluations"]


def test_evaluate_says_the_same_twice(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(capsys, "--json", "evaluate", str(judged)).json == Told(capsys, "--json", "evaluate", str(judged)).json


def test_people_get_tables_and_a_picture_that_fit_a_terminal_of_80(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line.rstrip() for line in Told(capsys, "evaluate", str(judged)).out.splitlines()]
    assert lines[0] == "judged: 20 articles, 40 judged queries"
    assert lines[1].split() == ["nDCG@10", "MRR@10", "recall@100"]
    assert [line[:12].rstrip() for line in lines[2:7]] == ROWS
    assert "hybrid minus the other, on the same queries" in lines
    plot = lines[lines.index("nDCG@10, from 0 to 1") + 1 :][:5]
    assert all("●" in line for line in plot)
    assert max(map(len, lines)) <= 80


def test_evaluate_judges_related_articles_by_their_events(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "--json", "evaluate", str(judged), "--related", "events.tsv", "--sample", "12")
    answer = told.json
    assert (told.status, answer["kind"], answer["queries"]) == (0, "related", 12)
    assert list(answer["rows"]) == ROWS
    assert answer["rows"]["hybrid"]["MRR@10"]["mean"] == 1.0
    assert list(answer["gains"]["random"]) == ["nDCG@10", "MRR@10", "recall@50"]
    whole = Told(capsys, "--json", "evaluate", str(judged), "--related", str(judged / "events.tsv")).json
    assert whole["queries"] == len(SUBJECTS) * 2


def test_refused_records_and_answers_that_are_not_there_are_told(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (judged / "corpus.jsonl").open("a") as corpus:
        corpus.write(BODYLESS)
    with (judged / "qrels.tsv").open("a") as qrels:
        qrels.write("harbour-one\tnowhere\t1\n")
    answer = Told(capsys, "--json", "evaluate", str(judged))
    assert (answer.status, answer.json["refused"], answer.json["right_but_not_published"]) == (1, 1, 1)
    told = Told(capsys, "evaluate", str(judged))
    assert "1 right answers are not among the articles: nothing can find them." in told.out
    assert f"{judged / 'corpus.jsonl'}:21: title is" in told.out


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["evaluate", "{}", "--sample", "5"], 2, "--sample comes with --related"),
        (["evaluate", "{}", "--related", "events.tsv", "--sample", "1"], 2, "1 is not in the range x>=2"),
        (["evaluate", "{}", "--related", "nowhere.tsv"], 3, "there is no file nowhere.tsv"),
        (["evaluate", "{}", "--related", "qrels.tsv"], 2, "qrels.tsv:1: header is 'query-id\\tcorpus-id\\tscore'"),
        (["evaluate", "{}/nowhere"], 3, "there is no file"),
    ],
)
def test_what_cannot_be_judged_is_told_and_nothing_is_built(
    judged: Path, home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    told = Told(capsys, "--json", *(word.format(judged) for word in arguments))
    assert (told.status, told.out) == (status, "")
    assert said in told.err
    assert not home.exists()


def test_the_sample_newsroom_is_judged_where_no_folder_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Told(capsys, "--json", "evaluate").json
    assert NEWSROOM.is_dir()
    assert (answer["set"], answer["refused"]) == ("newsroom", 0)
    assert answer["queries"] >= 30


def test_static_figures_without_a_distilled_encoder_are_refused(
    judged: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCH_QUERY_ENCODER", "static")
    told = Told(capsys, "evaluate", str(judged))
    assert (told.status, told.out) == (3, "")
    assert "no encoder of this model was learnt: run search-index distill" in told.err
