"""The parts of a generation that do not count alike are told: a build that went wrong without a changed byte."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from search.engines.local.checking import missing_texts, wrong_counts
from search.engines.local.reader import LocalReader
from tests.search.engines.local.test_generation import published


def test_parts_that_count_alike_are_no_finding(tmp_path: Path) -> None:
    published(tmp_path, "a", "b")
    folder = tmp_path / published(tmp_path, "b", "c")
    reader = LocalReader(folder)
    assert (list(wrong_counts(folder, reader)), missing_texts(reader)) == ([], [])


def test_parts_that_do_not_count_alike_are_told_with_their_counts(tmp_path: Path) -> None:
    folder = tmp_path / published(tmp_path, "a", "b", "c")
    reader = LocalReader(folder)
    reader.columns = replace(
        reader.columns, is_alive=np.array([True, True, False]), passages=np.array([1, 1, 5], dtype=np.int32)
    )
    assert list(wrong_counts(folder, reader)) == [
        "the columns hold 2 articles and 1 tombstones, the manifest says 3 and 0",
        "the lexical index holds 3 articles, the columns 2",
        "there are 3 vectors, the columns say 7",
    ]


def test_an_article_that_is_another_under_its_number_is_missing(tmp_path: Path) -> None:
    reader = LocalReader(tmp_path / published(tmp_path, "a", "b", "c"))
    reader.columns = replace(reader.columns, ids=["a", "c", "d"])
    assert missing_texts(reader) == ["d"]
