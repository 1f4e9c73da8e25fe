"""The shape of the code, held by tests: who may import whom, how long a file may be, what the map says is there."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"search": 0, "indexer": 1, "web": 2}
LONGEST_FILE = 300  # lines
LONGEST_FUNCTION = 40
LAZY = {"search/engines/open.py", "search/embedding/open.py", "indexer/distilling.py", "web/__main__.py"}
SQL_HOME = "indexer/ledger.py"


def sources() -> list[str]:
    """Every Python file of the three packages, as a path from the root."""
    return sorted(str(file.relative_to(ROOT)) for floor in FLOORS for file in (ROOT / floor).rglob("*.py"))


def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports(path: str) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports, and whether at its top."""
    module = tree(path)
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node in module.body
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            yield node.module or "", node in module.body


@pytest.mark.parametrize("path", sources())
def test_imports_go_down_and_stand_at_the_top(path: str) -> None:
    own = path.split("/")[0]
    for name, is_top in imports(path):
        package = name.split(".")[0]
        assert package not in {"tests", "benchmarks"}, f"{path} imports {name}"
        assert FLOORS.get(package, -1) <= FLOORS[own], f"{path} imports {name}: upward"
        assert is_top or path in LAZY, f"{path} imports {name} inside a function"
        assert own == "web" or package not in {"flask", "werkzeug", "granian"}, f"{path} imports {name}"
        assert path == SQL_HOME or package not in {"apsw", "sqlite3"}, f"{path} imports {name}"


def test_no_import_goes_round_in_a_circle() -> None:
    modules = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in sources()}
    graph = {name: {target for target, _ in imports(path) if target in modules} for name, path in modules.items()}
    while free := [name for name, targets in graph.items() if not targets]:
        graph = {name: targets - set(free) for name, targets in graph.items() if name not in free}
    assert graph == {}


@pytest.mark.parametrize("path", sources())
def test_files_and_functions_are_short(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8").count("\n") <= LONGEST_FILE
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef) and not _holds_routes(path, node):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{path}:{node.lineno} {node.name} has {length} lines"


def _holds_routes(path: str, node: ast.FunctionDef) -> bool:
    """A blueprint's function is as long as its routes: they are what is held short."""
    is_blueprint = path.startswith("web/routes/") or path == "web/errors.py"
    return is_blueprint and any(isinstance(inner, ast.FunctionDef) for inner in node.body)


def test_only_follow_writes_indexes() -> None:
    writers = [path for path in sources() if "search.engines.local.writer" in {name for name, _ in imports(path)}]
    assert writers == ["indexer/follow.py"]


def test_only_settings_reads_the_environment() -> None:
    reads = re.compile(r"os\.getenv|os\.environ(?!\[)|os\.environ\[[^]]*\](?! =)")
    assert [path for path in sources() if reads.search((ROOT / path).read_text())] == ["search/settings.py"]


def test_nobody_leaves_work_undone_in_the_code() -> None:
    marks = re.compile("TODO" + "|FIXME|XXX|NotImplemented")
    assert [path for path in sources() if marks.search((ROOT / path).read_text(encoding="utf-8"))] == []


def test_package_roots_hold_a_docstring_and_nothing_else() -> None:
    for path in sources():
        if path.endswith("__init__.py"):
            assert [type(node) for node in tree(path).body] == [ast.Expr], path


def test_every_path_on_the_map_exists_and_every_module_is_on_it() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:search|indexer|web|data|tests|benchmarks|docs|\.ci)/[\w./-]*)`", text))
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists() and not path.startswith("data/local")] == []
    folders = {str(Path(path).parent) + "/" for path in sources()}
    assert [folder for folder in sorted(folders) if folder not in named] == []


def test_every_dependency_says_why_it_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    declared = {re.split(r"[=<>\[]", requirement)[0] for requirement in listed}
    told = set(re.findall(r"^\| `([a-z0-9-]+)`", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE))
    assert told == declared


def test_nothing_from_the_measuring_data_is_in_the_project() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in tracked if name.startswith("data/") and not name.startswith("data/newsroom/")] == []
