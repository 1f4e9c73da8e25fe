import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from indexer.cli.group import cli, run
from tests.builders import record
from tests.indexer.cli.told import STORM, Told, written


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search"], "Missing argument 'QUERY...'"),
        (["search", "x", "--page", "0"], "page is 0, allowed: 1 to 100 at size 10"),
        (["search", "x", "--page", "one"], "'one' is not a valid integer"),
        (["search", "x", "--size", "51"], "size is 51, allowed: 1 to 50"),
        (["search", "x", "--mode", "magic"], "'magic' is not one of"),
        (["search", "x" * 257], "allowed: at most 256 characters"),
        (["search", "x " * 33], "q is '33 words', allowed: at most 32"),
        (["related", "storm", "--limit", "0"], "limit is 0, allowed: 1 to 50"),
        (["related"], "Missing argument 'ID'"),
        (["remove"], "Missing argument 'ID...'"),
        (["add"], "Missing argument 'PATH...'"),
        (["--engine", "magic", "status"], "engine is 'magic', allowed: local"),
        (["fly"], "No such command 'fly'"),
        (["status", "--fast"], "No such option"),
        ([], "Usage:"),
    ],
)
def test_wrong_usage_is_status_2_with_what_is_allowed_on_stderr(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    told = Told(capsys, "--json", *arguments)
    assert (told.status, told.out) == (2, "")
    assert said in told.err


def test_home_goes_before_the_environment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other"
    assert Told(capsys, "--home", str(other), "--json", "status").json["home"] == str(other)


def test_a_wrong_settings_file_is_told_by_its_place(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("colour = 'red'")
    told = Told(capsys, "status")
    assert (told.status, f"setting in {home / 'settings.toml'} is 'colour', allowed:" in told.err) == (2, True)


def test_a_ledger_that_is_none_is_status_3(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "ledger.sqlite3").write_text("Dear diary, " * 1_000)
    told = Told(capsys, "add", written(tmp_path, STORM))
    assert (told.status, "ledger.sqlite3 is not a whole ledger" in told.err) == (3, True)


@pytest.mark.parametrize("option", ["--json", "--home", "--engine"])
def test_an_option_of_all_commands_that_stands_behind_one_is_told_where_it_belongs(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    told = Told(capsys, "search", "harbour", option)
    assert (told.status, told.out) == (2, "")
    assert f"{option} stands before the command: search-index {option} …" in told.err


def test_a_reader_that_has_enough_is_no_failure(tmp_path: Path) -> None:
    articles = written(tmp_path, *(record(id=f"{number}", access="x") for number in range(100)))
    command = [sys.executable, "-c", "import sys; from indexer.cli import changing, group; sys.exit(group.run())"]
    with subprocess.Popen([*command, "add", articles], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 0)


GROUPS = [command for command in cli.commands.values() if isinstance(command, click.Group)]
COMMANDS = [
    [],
    *([name] for name in sorted(cli.commands)),
    *([str(group.name), name] for group in GROUPS for name in sorted(group.commands)),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_shows_an_example(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    told = Told(capsys, *command, "--help")
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith(f"Usage: search-index {' '.join(command)}".rstrip())
    assert re.search(rf"Example:\s+(SEARCH_\w+=\S+ )?search-index {' '.join(command)}", told.out)


IN_GROUPS = [command for group in GROUPS for command in group.commands.values()]


def test_every_option_is_explained_or_has_a_default_that_says_it() -> None:
    options = [option for command in [cli, *cli.commands.values(), *IN_GROUPS] for option in command.params]
    unsaid = [
        option.name
        for option in options
        if isinstance(option, click.Option) and not (option.help or option.show_default)
    ]
    assert unsaid == []


class NativePanic(BaseException):
    """As pyo3 raises where Rust panics: no Exception."""


@pytest.mark.parametrize("error", [NativePanic("index out of bounds"), ZeroDivisionError("a bug")])
def test_a_bug_or_a_native_panic_is_told_whole_and_never_as_some_refused(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    @cli.command("panic")
    def panic() -> None:
        raise error

    try:
        assert run(["panic"]) == 3
    finally:
        del cli.commands["panic"]
    assert str(error) in capsys.readouterr().err
