"""The commands by which the newsroom steers: list, put and delete signals, read the log."""

from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.clean.signal import clean_author, clean_signal
from indexer.cli.group import Terminal, cli, now
from indexer.ledger_signals import Signals
from search.errors import NotFound
from search.present import signal_log, signal_shown
from search.signal import LOWEST_PIN, Kind, Place, Signal, SignalChange

KINDS = click.Choice([kind.value for kind in Kind])
PLACES = click.Choice([place.value for place in Place])
AUTHOR = click.option("--author", default="", help="Who wants it, for the log.")


@cli.group(invoke_without_command=True)
@click.option("--article", metavar="ID", help="Only those of this article.")
@click.option("--place", type=PLACES, help="Only those that hold there.")
@click.pass_context
def signals(context: click.Context, article: str | None, place: str | None) -> None:
    """List what the newsroom wants: articles pinned, boosted, buried or excluded.

    \b
    Example:
      search-index signals --place search
      search-index signals put bridge-first --kind pin --article bridge --place search --query "harbour bridge"
    """
    if context.invoked_subcommand:
        return
    terminal: Terminal = context.obj
    with terminal.ledger() as ledger:
        chosen = [
            each
            for each in Signals(ledger).all()
            if article in (None, each.article) and (place is None or each.is_of(Place(place)))
        ]
    shown = [signal_shown(each, now()) for each in chosen]
    terminal.answer({"signals": shown}, lambda console: _list(console, chosen))


@signals.command()
@click.argument("id", metavar="ID")
@click.option("--kind", type=KINDS, required=True, help="What is done with the article.")
@click.option("--article", metavar="ID", required=True, help="The article.")
@click.option("--place", type=PLACES, required=True, help="In which lists.")
@click.option("--query", default="", help="Only in searches for just this; case and spacing aside.")
@click.option("--section", default="", help="Only in lists of this section.")
@click.option("--position", type=int, help=f"Where a pin stands, 1 to {LOWEST_PIN}.  [default: 1]")
@click.option("--start", metavar="TIME", default="", help="From when on, ISO 8601; UTC if it names no zone.")
@click.option("--end", metavar="TIME", default="", help="Until when; then it is over.")
@AUTHOR
@click.option("--note", default="", help="Why, for the colleagues.")
@click.pass_obj
def put(terminal: Terminal, /, **fields: object) -> None:
    """Put a signal, in place of the one with this ID: the next request sees it.

    \b
    Example:
      search-index signals put bridge-first --kind pin --article bridge --place search --query "harbour bridge"
      search-index signals put no-storm --kind exclude --article storm --place all --end 2026-06-01
    """
    signal = clean_signal(fields)
    with terminal.ledger() as ledger:
        Signals(ledger).put(signal, now())
    terminal.answer({"signal": signal_shown(signal, now())}, lambda console: _list(console, [signal]))


@signals.command()
@click.argument("id_", metavar="ID")
@AUTHOR
@click.pass_obj
def delete(terminal: Terminal, id_: str, author: str) -> None:
    """Delete a signal: the next request does without it.

    \b
    Example:
      search-index signals delete bridge-first --author ada
    """
    with terminal.ledger() as ledger:
        signal = Signals(ledger).delete(id_, clean_author(author), now())
    if signal is None:
        raise NotFound(f"there is no signal {id_!r}")
    terminal.answer({"signal": signal_shown(signal, now())}, lambda console: console.print("deleted"))


@signals.command()
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 1_000), help="How many changes.")
@click.pass_obj
def log(terminal: Terminal, limit: int) -> None:
    """Tell who changed which signal and when, the last change first.

    \b
    Example:
      search-index signals log --limit 20
    """
    with terminal.ledger() as ledger:
        changes = Signals(ledger).log(limit)
    terminal.answer({"changes": signal_log(changes, now())}, lambda console: _list_changes(console, changes))


def _list(console: Console, chosen: Sequence[Signal]) -> None:
    headings = ("Id", "Kind", "Article", "Place", "Section", "Query", "Start", "End", "Author", "Note")
    rows = [(each.id, *_cells(each), each.author, each.note) for each in chosen]
    _print(console, headings, rows)


def _list_changes(console: Console, changes: Sequence[SignalChange]) -> None:
    headings = ("At", "Author", "", "Id", "Kind", "Article", "Place", "Section", "Query", "Start", "End")
    rows = [
        (f"{each.at:%Y-%m-%d %H:%M:%S}", each.author, each.action, each.signal.id, *_cells(each.signal))
        for each in changes
    ]
    _print(console, headings, rows)


def _cells(signal: Signal) -> tuple[str, ...]:
    kind = f"{signal.kind} {signal.position}" if signal.position else str(signal.kind)
    times = [f"{time:%Y-%m-%d %H:%M}" if time else "" for time in (signal.start, signal.end)]
    return (kind, signal.article, str(signal.place), signal.section, signal.query, *times)


def _print(console: Console, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose times are UTC; nothing but a word where there are no rows."""
    if not rows:
        console.print("none")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, no_wrap=heading == "Id")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
