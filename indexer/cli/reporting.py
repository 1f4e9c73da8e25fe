"""The command that tells whether it works for readers: report."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.cli.group import Terminal, cli, now
from indexer.ledger_report import ReportStore
from indexer.reporting.page import report_page
from indexer.reporting.present import report_answer
from indexer.reporting.report import MOST_DAYS, QueryRates, Report, read_report
from indexer.reporting.words import preferred, told
from search.errors import InvalidValue

SHOWN_POSITIONS = 10  # the first page
SHOWN_QUERIES = 10


@cli.command()
@click.option("--days", default=7, show_default=True, help=f"How many, today among them; at most {MOST_DAYS}.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write it as a page with plots, too.")
@click.pass_obj
def report(terminal: Terminal, days: int, html: Path | None) -> None:
    """Tell what readers were shown, clicked and searched, by the events that the site told.

    In brackets: 95% intervals (Wilson's). A query is in it once three visitors asked it on one day.

    \b
    Example:
      search-index report --days 28
      search-index report --html report.html
    """
    with terminal.ledger() as ledger:
        found = read_report(ReportStore(ledger), now(), days)
    if html:
        if not html.parent.is_dir():
            raise InvalidValue("--html", str(html), "a file in a folder that is there")
        html.write_text(report_page(found, terminal.settings.site_name), encoding="utf-8")
    terminal.answer(report_answer(found), lambda console: _show(console, found))


def _show(console: Console, report: Report) -> None:
    first, last = report.days[0].day, report.days[-1].day
    console.print(f"{first} to {last}" if first != last else f"{first}")
    if report.is_empty:
        console.print("no events were told: docs/measuring-readers.md says how a site tells them")
        return
    if report.places:
        _show_places(console, report)
    console.print(
        f"\n{report.searches.searches:,} searches: {told(report.unanswered_rate)} found nothing,"
        f" {told(report.clicked_rate)} led to a click"
    )
    for title, queries in (
        ("Asked most", report.popular),
        ("Found nothing", report.unanswered),
        ("Found something, and were clicked less than the others", report.unclicked),
    ):
        if queries:
            _show_queries(console, title, queries[:SHOWN_QUERIES])
    if report.preference:
        console.print("\n" + preferred(report.preference))


def _show_places(console: Console, report: Report) -> None:
    table = _table("\nClick-through by place")
    for heading in ("Place", "Impressions", "Clicks", "Click-through"):
        table.add_column(heading, justify="right" if heading in ("Impressions", "Clicks") else "left")
    for each in report.places:
        table.add_row(each.place, f"{each.all.of:,}", f"{each.all.count:,}", told(each.all))
    console.print(table)
    placed = [each for each in report.places if each.positions]
    if not placed:
        return
    table = _table("\nby position")
    table.add_column("", justify="right")
    for each in placed:
        table.add_column(each.place)
    for position in range(1, SHOWN_POSITIONS + 1):
        rates = [each.positions.get(position) for each in placed]
        if any(rates):
            table.add_row(str(position), *(told(rate) if rate else "" for rate in rates))
    console.print(table)


def _show_queries(console: Console, title: str, queries: Sequence[QueryRates]) -> None:
    table = _table(f"\n{title}")
    for heading in ("Searches", "Found nothing", "Clicked, of the rest", "Query"):
        table.add_column(heading, justify="right" if heading == "Searches" else "left")
    for each in queries:
        nothing = f"{each.unanswered.share:.0%}" if each.unanswered.count else ""
        table.add_row(f"{each.searches:,}", nothing, told(each.clicked), Text(each.text))
    console.print(table)


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
