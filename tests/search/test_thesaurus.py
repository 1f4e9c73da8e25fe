from pathlib import Path

import pytest

from search.errors import InvalidValue, Unavailable
from search.text.analysis import Analyzer
from search.text.synonyms import LARGEST_FILE
from search.thesaurus import site_synonyms
from tests.builders import settings

ENGLISH = Analyzer("english")


def synonyms_of(home: Path, word: str) -> list[str]:
    found = site_synonyms(settings(home), ENGLISH).alternatives([word])
    return [other for each in found for other in each.others]


def test_a_home_without_the_file_has_no_synonyms(tmp_path: Path) -> None:
    assert synonyms_of(tmp_path, "mayor") == []


def test_the_file_is_read_as_utf_8_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_bytes("\ufeffmaire, bürgermeister\n".encode())
    assert synonyms_of(tmp_path, "maire") == ["bürgermeister"]


def test_what_is_no_text_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_bytes(b"a, b\nc, \xff\n")
    with pytest.raises(InvalidValue, match=r"synonyms\.txt:2 is b'\\xff', allowed: UTF-8"):
        synonyms_of(tmp_path, "a")


def test_a_wrong_line_is_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_text("alone\n")
    with pytest.raises(InvalidValue, match=rf"{tmp_path}/synonyms\.txt:1 is 'alone', allowed: words parted by"):
        synonyms_of(tmp_path, "a")


def test_a_file_too_large_is_refused_and_one_just_as_large_as_allowed_is_read(tmp_path: Path) -> None:
    text = "a, b\n#"
    (tmp_path / "synonyms.txt").write_text(text + "x" * (LARGEST_FILE - len(text)))
    assert synonyms_of(tmp_path, "a") == ["b"]
    (tmp_path / "synonyms.txt").write_text(text + "x" * (LARGEST_FILE - len(text) + 1))
    with pytest.raises(InvalidValue, match="more than 1,000,000 bytes', allowed: at most 1,000,000"):
        synonyms_of(tmp_path, "a")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").mkdir()
    with pytest.raises(Unavailable, match="cannot read .*synonyms.txt: Is a directory"):
        synonyms_of(tmp_path, "a")
