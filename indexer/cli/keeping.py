"""The commands that look after what is on disk: verify, backup, rollback, prune."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from indexer.cli.group import DONE, SOME_REFUSED, Terminal, cli, now
from indexer.cli.progress import stages, working
from indexer.follow import Follower
from indexer.keeping import prune as drop
from indexer.keeping import roll_back
from indexer.ledger_backup import back_up
from indexer.verify import Report
from indexer.verify import verify as check
from search.embedding.open import open_embedder
from search.engines.local.generation import KEPT
from search.errors import Unavailable

FINDINGS = SOME_REFUSED  # status 1: what was asked is done, and not everything is well


@cli.command()
@click.option("--fix", is_flag=True, help="Rebuild from the ledger where something is wrong that this mends.")
@click.pass_obj
def verify(terminal: Terminal, fix: bool) -> int:
    """Check the ledger and the live generation: files, footers, counts, ids, vectors, settings.

    Exit status: 0 whole, 1 something was found, 3 could not be done.

    \b
    Example:
      search-index verify --fix
    """
    embedder = open_embedder(terminal.settings)
    with working("Checking"):
        report = check(terminal.settings, embedder.identity)
    found: Report | None = None
    if fix and report.can_be_rebuilt:
        found = report
        with terminal.ledger() as ledger, stages("articles") as tell:
            Follower(terminal.settings, ledger, embedder, now).rebuild(tell, trusts_live=False)
        with working("Checking"):
            report = check(terminal.settings, embedder.identity)
    terminal.answer(
        {**_json(report), "fixed": _json(found)["checks"] if found else []},
        lambda console: _tell(console, report, found),
    )
    return DONE if report.is_whole else FINDINGS


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.pass_obj
def backup(terminal: Terminal, file: Path) -> int:
    """Copy the ledger to FILE while everything goes on: all that HOME holds can be made from it.

    To restore it: stop serve, put FILE in place of HOME/ledger.sqlite3, with no ledger.sqlite3-wal beside it, and
    run search-index rebuild.

    \b
    Example:
      search-index backup /mnt/backups/ledger.sqlite3
    """
    source = terminal.settings.ledger
    if not source.exists():
        raise Unavailable(f"there is no ledger at {source} yet")
    with working("Copying"):
        sequence, size = back_up(source, file)
    terminal.answer(
        {"file": str(file), "bytes": size, "sequence": sequence},
        lambda console: console.print(f"{file}: the ledger up to change {sequence:,}, {size / 1e6:,.1f} MB"),
    )
    return DONE


@cli.command()
@click.pass_obj
def rollback(terminal: Terminal) -> int:
    """Go back to the generation before the live one, and keep it live until the next rebuild.

    The ledger is not touched: what was withdrawn stays hidden, and everything else shows after search-index rebuild.

    \b
    Example:
      search-index rollback
    """
    left, generation = roll_back(terminal.settings)
    terminal.answer(
        {"generation": generation, "left": left},
        lambda console: console.print(
            f"Generation {generation} is live again, {left} is not; search-index rebuild publishes anew."
        ),
    )
    return DONE


@cli.command()
@click.option("--keep", type=int, default=KEPT, show_default=True, help="How many generations stay, the live one too.")
@click.pass_obj
def prune(terminal: Terminal, keep: int) -> int:
    """Drop old generations. Whoever reads one of them reads on.

    \b
    Example:
      search-index prune --keep 1
    """
    generation, dropped = drop(terminal.settings, keep)
    terminal.answer(
        {"generation": generation, "dropped": dropped},
        lambda console: console.print(f"Dropped: {', '.join(dropped) or 'nothing'}. Live is {generation}."),
    )
    return DONE


def _json(report: Report) -> dict[str, object]:
    checks = [asdict(each) for each in report.checks]
    return {"generation": report.generation, "is_whole": report.is_whole, "checks": checks}


def _tell(console: Console, report: Report, found: Report | None) -> None:
    if found:
        console.print("Found, and rebuilt from the ledger:")
        _list(console, found)
        console.print()
    _list(console, report)
    if not report.is_whole:
        advice = (
            "search-index verify --fix rebuilds it from the ledger."
            if report.can_be_rebuilt
            else "The ledger is damaged: restore it from a backup. Then run search-index rebuild."
        )
        console.print(f"\n{advice}")


def _list(console: Console, report: Report) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for each in report.checks:
        table.add_row(each.what, each.looked_at, "[bold red]wrong[/]" if each.findings else "")
        for finding in each.findings:
            table.add_row("", f"  {escape(finding)}")
    table.add_row("generation", report.generation or "none", "whole" if report.is_whole else "not whole")
    console.print(table)
