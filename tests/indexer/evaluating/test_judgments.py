import json
from pathlib import Path

import pytest

from indexer.evaluating.judgments import JudgedQuery, as_typed, corpus_of, judged_queries
from search.errors import InvalidValue, Unavailable
from search.text.query_syntax import parse_query

HEADER = "query-id\tcorpus-id\tscore\n"
STORM = '{"_id": "1", "text": "storm"}'


def folder_of(folder: Path, queries: str = STORM, qrels: str = HEADER + "1\ta\t2\n") -> Path:
    (folder / "queries.jsonl").write_text(queries)
    (folder / "qrels.tsv").write_text(qrels)
    return folder


def test_queries_come_with_their_grades_in_the_order_of_the_file(tmp_path: Path) -> None:
    queries = '\ufeff{"_id": "2", "text": "ferry"}\r\n\n{"_id": "1", "text": "storm"}\n'
    qrels = HEADER + "1\ta\t2\n1\tb\t0\n2\tb\t1\n"
    assert judged_queries(folder_of(tmp_path, queries, qrels)) == [
        JudgedQuery("2", "ferry", {"b": 1}),
        JudgedQuery("1", "storm", {"a": 2, "b": 0}),
    ]


def test_queries_that_nothing_answers_are_left_out(tmp_path: Path) -> None:
    queries = STORM + '\n{"_id": "2", "text": "ferry"}\n{"_id": "3", "text": "fog"}\n'
    assert [q.id for q in judged_queries(folder_of(tmp_path, queries, HEADER + "1\ta\t1\n2\ta\t0\n"))] == ["1"]


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        ("{", "queries.jsonl:1: line is '{', allowed: JSON"),
        ("[1]", "queries.jsonl:1: line is [1], allowed: a JSON object, one query"),
        ('{"text": "storm"}', "queries.jsonl:1: _id is None, allowed: a string that is not empty"),
        ('{"_id": 1, "text": "storm"}', "queries.jsonl:1: _id is 1, allowed: a string that is not empty"),
        (STORM + "\n" + STORM, "queries.jsonl:2: _id is '1', allowed: one that no line before it has"),
        ('{"_id": "1", "text": 7}', "queries.jsonl:1: text is 7, allowed: a string with words in it"),
        ('{"_id": "1", "text": "\\" - \\""}', "queries.jsonl:1: text is '\" - \"', allowed: a string with words"),
        ('{"_id": "1", "text": "' + "a" * 100_000 + '"}', "line is '100,001 bytes or more', allowed: at most 100,000"),
    ],
)
def test_a_bad_query_is_told_by_file_line_field_and_value(tmp_path: Path, queries: str, said: str) -> None:
    with pytest.raises(InvalidValue) as error:
        judged_queries(folder_of(tmp_path, queries))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("qrels", "said"),
    [
        ("", "qrels.tsv:1: header is '', allowed: query-id, corpus-id, score, parted by tabs"),
        ("1\ta\t1\n", "qrels.tsv:1: header is '1\\ta\\t1', allowed"),
        (HEADER + "1 a 1\n", "qrels.tsv:2: row is '1 a 1', allowed: 3 cells parted by tabs"),
        (HEADER + "1\t\t1\n", "qrels.tsv:2: corpus-id is '', allowed: not empty"),
        (HEADER + "9\ta\t1\n", "qrels.tsv:2: query-id is '9', allowed: the _id of a line of queries.jsonl"),
        (HEADER + "1\ta\tgood\n", "qrels.tsv:2: score is 'good', allowed: a whole number, 0 to 100"),
        (HEADER + "1\ta\t-1\n", "qrels.tsv:2: score is '-1', allowed: a whole number, 0 to 100"),
        (HEADER + "1\ta\t101\n", "qrels.tsv:2: score is '101', allowed: a whole number, 0 to 100"),
        (HEADER + "1\ta\t1\n\n1\ta\t1\n", "qrels.tsv:4: corpus-id is 'a', allowed: judged once for query 1"),
    ],
)
def test_a_bad_judgment_is_told_by_file_line_field_and_value(tmp_path: Path, qrels: str, said: str) -> None:
    with pytest.raises(InvalidValue) as error:
        judged_queries(folder_of(tmp_path, qrels=qrels))
    assert said in str(error.value)


def test_text_that_is_not_utf_8_is_told_by_its_line(tmp_path: Path) -> None:
    (folder_of(tmp_path) / "queries.jsonl").write_bytes(STORM.encode() + b"\n\xff\n")
    with pytest.raises(InvalidValue, match=r"queries.jsonl:2: line is b'\\xff\\n', allowed: UTF-8"):
        judged_queries(tmp_path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="there is no file .*queries.jsonl"):
        judged_queries(tmp_path)
    with pytest.raises(Unavailable, match="holds no corpus.jsonl or corpus.jsonl.gz"):
        corpus_of(tmp_path)
    with pytest.raises(Unavailable, match="there is no folder .*nowhere"):
        corpus_of(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text", ["word " * 60, "x" * 500, "“a” -b –c «d»", json.dumps("\u2028 a\tb"), "Straße-nord - süd"]
)
def test_every_judged_query_becomes_one_that_a_search_box_takes(text: str) -> None:
    query = parse_query(as_typed(text))
    assert len(as_typed(text)) <= 256
    assert (bool(query.words), query.phrases, query.excluded) == (True, (), ())
