"""The papers tell the truth: commands, routes, parameters, settings, fields and files are there, and all are told."""

import re
from dataclasses import MISSING
from pathlib import Path
from typing import Any

import click
import pytest

from indexer.clean.article import _FIELDS
from indexer.cli.group import cli
from indexer.sources.paths import SOURCES
from search.settings import ENVIRONMENT, Settings
from tests.builders import settings
from web.app import create_app
from web.cli import MODULES
from web.params import BoxesParams, HotParams, RelatedParams, SearchParams, SuggestParams

ROOT = Path(__file__).resolve().parent.parent
PAPERS = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
]


def paper(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_tells_every_command_and_no_other() -> None:
    assert MODULES
    told = set(re.findall(r"^\| `search-index (\w+)", paper("README.md"), re.MULTILINE))
    assert told == set(cli.commands)


@pytest.mark.parametrize("name", PAPERS)
def test_every_command_line_in_the_papers_is_one_that_parses(name: str) -> None:
    for line in re.findall(r"^(?:\.venv/bin/|\s*SEARCH_\w+=\S+ )*search-index (.*)$", paper(name), re.MULTILINE):
        words = re.findall(r'"[^"]*"|\S+', line)
        command: click.Command = cli.commands[words[0]]
        if isinstance(command, click.Group) and words[1:] and words[1] in command.commands:
            command = command.commands[words[1]]
        context = click.Context(command)
        options = {opt for parameter in command.params for opt in (*parameter.opts, *parameter.secondary_opts)}
        assert all(word in options for word in words[1:] if word.startswith("--")), line
        assert context.command.help


def test_every_command_shows_an_example_and_every_option_says_what_it_does() -> None:
    for name, command in cli.commands.items():
        assert "Example:" in (command.help or ""), name
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, f"{name} {option.name}"


def test_every_route_is_told_and_every_told_route_is_there(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path), lambda: None, lambda: pytest.fail("no request, no clock"))
    routes = {
        f"{method} {re.sub('<.*?>', 'ID', rule.rule)}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = set(re.findall(r"((?:GET|PUT|DELETE|POST) /[\w./]*)", paper("docs/API.md")))
    assert told == routes


@pytest.mark.parametrize("model", [SearchParams, SuggestParams, RelatedParams, HotParams, BoxesParams])
def test_every_parameter_is_told(model: Any) -> None:
    text = paper("docs/API.md")
    assert [name for name in (f.alias or n for n, f in model.model_fields.items()) if f"`{name}`" not in text] == []


def test_every_setting_its_variable_and_its_default_are_told() -> None:
    text = paper("README.md")
    for name in Settings.__dataclass_fields__:
        if name != "home":
            row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
            assert (f"`{ENVIRONMENT[name]}`" in row) if name in ENVIRONMENT else "SEARCH_" not in row
            setting = Settings.__dataclass_fields__[name]
            default = setting.default if setting.default_factory is MISSING else setting.default_factory()
            assert f"`{default}`" in row or (default == "" and "empty" in row), row


def test_every_field_of_an_article_and_every_format_is_told() -> None:
    text = paper("README.md")
    assert [name for name in _FIELDS if f"`{name}`" not in text] == []
    assert [suffix for suffix in SOURCES if f"`{suffix}`" not in text] == []


@pytest.mark.parametrize("name", PAPERS)
def test_every_link_picture_and_make_target_is_there(name: str) -> None:
    text, folder = paper(name), (ROOT / name).parent
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("http")]
    assert [link for link in links if not (folder / link).exists()] == []
    targets = set(re.findall(r"^(\w+):", paper("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make (\w+)", text, re.MULTILINE)) <= targets
    modules = re.findall(r"python -m (benchmarks\.\w+)", text)
    assert [module for module in modules if not (ROOT / (module.replace(".", "/") + ".py")).exists()] == []


def test_ci_runs_the_command_of_the_readme() -> None:
    assert "make test" in paper("README.md")
    assert "make test" in paper(".ci/run")
