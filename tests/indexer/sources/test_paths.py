import gzip
import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.item import Item, Refusal
from indexer.sources.paths import inputs
from search.errors import InvalidValue, Unavailable

PAGE = (
    "<html><head><title>Storm closes the harbour</title></head><body><article><h1>Storm closes the harbour</h1>"
    + (
        "<p>Waves broke over the quay for hours, and by noon on Tuesday the ferries had stopped running altogether.</p>"
        "<p>The harbour master said that nobody could remember a storm of such force so late in the spring.</p>"
    )
    + "</article></body></html>"
)
TEXT = """Storm closes the harbour

Waves broke over the quay for hours, and by noon on Tuesday the ferries had stopped running altogether.

The harbour master said that nobody could remember a storm of such force so late in the spring of a year.
"""


def found(*paths: Path) -> list[Item | Refusal]:
    return list(inputs(paths).items(lambda done: None))


def written(file: Path, data: str | bytes = '{"id": "a"}\n') -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", b'{"id": "a"}\n'),
        ("a.JSONL", b'{"id": "a"}\n'),
        ("2026.05.10.jsonl", b'{"id": "a"}\n'),
        ("a.jsonl.gz", gzip.compress(b'{"id": "a"}\n')),
        ("a.b.Jsonl.GZ", gzip.compress(b'{"id": "a"}\n')),
        ("a.ndjson", b'{"id": "a"}\n'),
        ("a.ndjson.gz", gzip.compress(b'{"id": "a"}\n')),
        ("a.json", b'{\n"id": "a"\n}'),
    ],
)
def test_the_end_of_a_name_says_how_a_file_is_read(tmp_path: Path, name: str, data: bytes) -> None:
    file = written(tmp_path / name, data)
    assert found(file) == [Item({"id": "a"}, str(file), 1)]


@pytest.mark.parametrize(("name", "data"), [("a.html", PAGE), ("a.htm", PAGE), ("a.txt", TEXT)])
def test_a_page_is_one_item_with_its_paragraphs(tmp_path: Path, name: str, data: str) -> None:
    file = written(tmp_path / name, data)
    (page,) = found(file)
    assert isinstance(page, Item)
    assert (page.record["title"], page.origin, page.line, page.site) == (
        "Storm closes the harbour",
        str(file),
        1,
        "",
    )
    assert [block.split()[0] for block in page.blocks] == ["Waves", "The"]
    assert page.record["body"] == "\n\n".join(page.blocks)


@pytest.mark.parametrize(
    ("name", "data", "field", "allowed"),
    [
        ("a.html", b"", "page", "HTML"),
        ("a.txt", b"", "page", "a page with the text of an article"),
        ("a.txt", b"\xff\xfeS\x00", "page", "UTF-8"),
    ],
)
def test_a_page_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, data: bytes, field: str, allowed: str
) -> None:
    file = written(tmp_path / name, data)
    (refusal,) = found(file)
    assert isinstance(refusal, Refusal)
    assert (refusal.origin, refusal.line, refusal.field, refusal.allowed) == (str(file), 1, field, allowed)


def test_a_folder_is_all_articles_below_it_in_the_order_of_their_names(tmp_path: Path) -> None:
    names = ["b.jsonl", "a/z.json", "a/b/c.jsonl", "a.jsonl"]
    for name in names:
        written(tmp_path / name)
    for other in ["readme.md", "image.jpg", "jsonl", "a/.DS_Store", "old.jsonl.bak", "a.gz"]:
        written(tmp_path / other)
    origins = [str(Path(each.origin).relative_to(tmp_path)) for each in found(tmp_path)]
    assert origins == ["a/b/c.jsonl", "a/z.json", "a.jsonl", "b.jsonl"]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_paths_are_read_in_the_order_they_were_given(tmp_path: Path) -> None:
    first, second = written(tmp_path / "b.jsonl"), written(tmp_path / "a.jsonl")
    assert [each.origin for each in found(first, second)] == [str(first), str(second)]


@pytest.mark.parametrize("name", ["a.csv", "a", "a.gz", "a.json.gz", "a.jsonl.zip", ".jsonl"])
def test_a_file_of_no_known_format_is_refused_before_anything_is_read(tmp_path: Path, name: str) -> None:
    file = written(tmp_path / name)
    with pytest.raises(InvalidValue) as caught:
        inputs((written(tmp_path / "good.jsonl"), file))
    allowed = "a name that ends in .jsonl, .jsonl.gz, .ndjson, .ndjson.gz, .json, .html, .htm, .txt"
    assert (caught.value.field, caught.value.allowed) == ("file", allowed)


def test_a_path_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"^there is no file or folder .*/missing\.jsonl$"):
        inputs((written(tmp_path / "good.jsonl"), tmp_path / "missing.jsonl"))


def test_a_dash_is_json_lines_on_stdin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = b'{"id": "a"}\n\n{"id": "b"}'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
    file = written(tmp_path / "c.jsonl")
    assert found(Path("-"), file) == [
        Item({"id": "a"}, "stdin", 1),
        Item({"id": "b"}, "stdin", 3),
        Item({"id": "a"}, str(file), 1),
    ]


def test_json_lines_on_stdin_may_be_gzipped(monkeypatch: pytest.MonkeyPatch) -> None:
    data = gzip.compress(b'{"id": "a"}\n')
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
    assert found(Path("-")) == [Item({"id": "a"}, "stdin", 1)]


def test_a_pipe_is_json_lines_whatever_its_name(tmp_path: Path) -> None:
    pipe, file = tmp_path / "63", written(tmp_path / "c.jsonl")
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        pool.submit(pipe.write_bytes, b'{"id": "b"}\n')
        assert found(pipe, file) == [Item({"id": "b"}, str(pipe), 1), Item({"id": "a"}, str(file), 1)]


def test_progress_is_told_in_bytes_up_to_the_size_of_all_files(tmp_path: Path) -> None:
    files = tuple(written(tmp_path / name, '{"id": "a"}\n' * 3) for name in ("a.jsonl", "b.jsonl"))
    source = inputs(files)
    told: list[int] = []
    for _ in source.items(told.append):
        pass
    assert (told, source.size) == ([12, 24, 36, 36, 48, 60, 72, 72], 72)
