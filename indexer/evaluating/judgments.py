"""A BEIR-shaped folder (Thakur et al. 2021, arXiv 2104.08663): corpus.jsonl[.gz], queries.jsonl and qrels.tsv."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.evaluating.lines import numbered_lines, rows
from search.article import ArticleId
from search.errors import InvalidValue, Unavailable
from search.request import LONGEST_QUERY
from search.text.normalise import normalise_query
from search.text.query_syntax import MOST_TERMS

HIGHEST_GRADE = 100


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query and the grades of articles that answer it; what it does not name is taken not to."""

    id: str
    text: str
    grades: Mapping[ArticleId, int]


def corpus_of(folder: Path) -> Path:
    """The folder's corpus. Raises Unavailable where there is none."""
    for name in ("corpus.jsonl.gz", "corpus.jsonl"):
        if (folder / name).is_file():
            return folder / name
    if not folder.is_dir():
        raise Unavailable(f"there is no folder {folder}")
    raise Unavailable(f"{folder} holds no corpus.jsonl or corpus.jsonl.gz")


def judged_queries(folder: Path) -> list[JudgedQuery]:
    """The queries that some article answers, in the order of queries.jsonl.

    Raises InvalidValue, naming file, line and field, for what is not as it should be; Unavailable for a missing file.
    """
    texts = _texts(folder / "queries.jsonl")
    grades: dict[str, dict[ArticleId, int]] = {id_: {} for id_ in texts}
    for place, (query, article, score) in rows(folder / "qrels.tsv", ("query-id", "corpus-id", "score")):
        if query not in texts:
            raise InvalidValue(f"{place}: query-id", query, "the _id of a line of queries.jsonl")
        if article in grades[query]:
            raise InvalidValue(f"{place}: corpus-id", article, f"judged once for query {query}")
        if not (score.isascii() and score.isdigit() and int(score) <= HIGHEST_GRADE):
            raise InvalidValue(f"{place}: score", score, f"a whole number, 0 to {HIGHEST_GRADE}")
        grades[query][article] = int(score)
    return [JudgedQuery(id_, text, grades[id_]) for id_, text in texts.items() if any(grades[id_].values())]


def as_typed(text: str) -> str:
    """A judged query as a search box takes it: cut to 32 words, its quotes and dashes a headline's, no operators.

    >>> as_typed("Mayor: “no  bridge” – -again")
    'Mayor: no bridge again'
    """
    words = [word.lstrip("-") for word in normalise_query(text).replace('"', " ").split()]
    return " ".join(words[:MOST_TERMS])[:LONGEST_QUERY]


def _texts(file: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for place, line in numbered_lines(file):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidValue(f"{place}: line", line, "JSON") from error
        if not isinstance(record, dict):
            raise InvalidValue(f"{place}: line", record, "a JSON object, one query")
        id_, text = record.get("_id"), record.get("text")
        if not isinstance(id_, str) or not id_:
            raise InvalidValue(f"{place}: _id", id_, "a string that is not empty")
        if id_ in texts:
            raise InvalidValue(f"{place}: _id", id_, "one that no line before it has")
        if not isinstance(text, str) or not as_typed(text):
            raise InvalidValue(f"{place}: text", text, "a string with words in it")
        texts[id_] = text
    return texts
