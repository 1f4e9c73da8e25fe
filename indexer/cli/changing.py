"""The commands that change the index: rebuild, add, import, remove."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.accept import Accepted, accept, withdraw
from indexer.cli.compiling import compile_where_wanted
from indexer.cli.distilling import distilled_if_due, facts, tell_distilled
from indexer.cli.group import DONE, SOME_REFUSED, Terminal, cli, now
from indexer.cli.progress import progress, stages
from indexer.decide import Withdraw
from indexer.distilling import Distilled
from indexer.follow import Follower, Published
from indexer.item import Item, Refusal
from indexer.ledger import Ledger
from indexer.sources.paths import inputs
from indexer.sources.rss import read_rss
from indexer.sources.site import Site
from indexer.sources.sitemap import read_sitemap
from indexer.sources.wordpress import read_wordpress
from search.embedding.open import open_embedder
from search.engines.local.generation import live_name
from search.errors import BroadsheetError

SITES: Mapping[str, Callable[[str, Site], Iterator[Item | Refusal]]] = {
    "rss": read_rss,
    "sitemap": read_sitemap,
    "wordpress": read_wordpress,
}
RESTORE = click.option("--restore", is_flag=True, help="Take articles back that were withdrawn.")
PATHS = click.Path(path_type=Path, allow_dash=True)


@cli.command()
@click.option("--from", "first", type=PATHS, multiple=True, metavar="PATH...", help="Add these articles first.")
@RESTORE
@click.argument("more", type=PATHS, nargs=-1, metavar="")
@click.pass_obj
def rebuild(terminal: Terminal, first: tuple[Path, ...], restore: bool, more: tuple[Path, ...]) -> int:
    """Build the index anew from the ledger, after adding PATHs' articles.

    Unchanged text is not embedded again. The old generation serves until the new one is published. Where enough is
    new, a query encoder is learnt from it then: see distill.

    \b
    Example:
      search-index rebuild --from archive.jsonl.gz today/
    """
    if more and not first:
        raise click.UsageError("paths come after --from")
    with terminal.ledger() as ledger:
        accepted = _accept(ledger, (*first, *more), restore)
        compile_where_wanted(terminal.settings)
        with _kept_told(lambda: _report(terminal, accepted, None)), stages("articles") as tell:
            published = _follower(terminal, ledger).rebuild(tell)
        distilled = distilled_if_due(terminal, ledger, published.articles)
    return _report(terminal, accepted, published, distilled)


@cli.command()
@RESTORE
@click.argument("paths", type=PATHS, nargs=-1, required=True, metavar="PATH...")
@click.pass_obj
def add(terminal: Terminal, restore: bool, paths: tuple[Path, ...]) -> int:
    """Add articles and publish them at once.

    PATH is JSON lines (.jsonl or .ndjson, also with .gz), JSON, an article page (.html, .txt), a folder of them, or
    - for JSON lines on stdin.

    \b
    Example:
      search-index add today.jsonl story.html
    """
    with terminal.ledger() as ledger:
        accepted = _accept(ledger, paths, restore)
        with _kept_told(lambda: _report(terminal, accepted, None)), stages("articles") as tell:
            published = _follower(terminal, ledger).follow(tell)
    return _report(terminal, accepted, published)


@cli.command("import")
@click.argument("kind", type=click.Choice(list(SITES)))
@click.argument("address", metavar="URL")
@click.option("--limit", type=click.IntRange(1), help="At most so many articles, the first that the site lists.")
@click.pass_obj
def import_(terminal: Terminal, kind: str, address: str, limit: int | None) -> int:
    """Fetch the articles of a site and publish them: its RSS or Atom feed, its sitemap, or a WordPress.

    Pages are fetched one at a time, and from the site of URL alone. What was withdrawn stays so.

    \b
    Example:
      search-index import rss https://paper.example/feed
      search-index import sitemap https://paper.example/sitemap.xml --limit 1000
      search-index import wordpress https://paper.example
    """
    site = Site(address)
    with terminal.ledger() as ledger:
        with progress("Fetching", "articles") as advance:
            items = _counted(islice(SITES[kind](address, site), limit), lambda done: advance(done, limit or 0))
            accepted = accept(items, ledger)
        with _kept_told(lambda: _report(terminal, accepted, None)), stages("articles") as tell:
            published = _follower(terminal, ledger).follow(tell)
    return _report(terminal, accepted, published)


def _counted(items: Iterable[Item | Refusal], tell: Callable[[int], None]) -> Iterator[Item | Refusal]:
    """The same items; `tell` is told how many have come."""
    for number, item in enumerate(items, start=1):
        tell(number)
        yield item


@cli.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def remove(terminal: Terminal, ids: tuple[str, ...]) -> int:
    """Withdraw articles: no answer holds them from here on, and no later add or rebuild brings them back.

    Only PUT, or add --restore, does.

    \b
    Example:
      search-index remove harbour-bridge-closes
    """
    with terminal.ledger() as ledger:
        decisions, _ = withdraw(ids, ledger)
        outcomes = {
            id_: "withdrawn" if isinstance(each, Withdraw) else each.why
            for id_, each in zip(ids, decisions, strict=True)
        }
        generation = live_name(terminal.settings.index)
        if any(isinstance(each, Withdraw) for each in decisions):
            with _kept_told(lambda: _tell_outcomes(terminal, outcomes, generation)):
                generation = _follower(terminal, ledger).follow().generation
    _tell_outcomes(terminal, outcomes, generation)
    return DONE if all(isinstance(each, Withdraw) for each in decisions) else SOME_REFUSED


def _tell_outcomes(terminal: Terminal, outcomes: Mapping[str, str], generation: str | None) -> None:
    def for_people(console: Console) -> None:
        for id_, outcome in outcomes.items():
            console.print(f"{id_}: {outcome}", markup=False, soft_wrap=True)

    terminal.answer({"articles": outcomes, "generation": generation}, for_people)


@contextmanager
def _kept_told(tell: Callable[[], object]) -> Iterator[None]:
    """Tells what the ledger keeps though it could not be published; why not is told after it."""
    try:
        yield
    except (BroadsheetError, OSError):
        tell()
        raise


def _accept(ledger: Ledger, paths: tuple[Path, ...], restores: bool) -> Accepted:
    source = inputs(paths)
    with progress("Reading", "bytes") as advance:
        return accept(source.items(lambda done: advance(done, source.size)), ledger, restores=restores)


def _follower(terminal: Terminal, ledger: Ledger) -> Follower:
    return Follower(terminal.settings, ledger, open_embedder(terminal.settings), now)


def _report(
    terminal: Terminal, accepted: Accepted, published: Published | None, distilled: Distilled | None = None
) -> int:
    done = asdict(published) if published else {"generation": live_name(terminal.settings.index), "is_new": False}
    learnt = {"distilled": facts(distilled)} if distilled else {}

    def for_people(console: Console) -> None:
        _tell(console, accepted, published)
        if distilled:
            tell_distilled(console, distilled)

    terminal.answer({**asdict(accepted), **done, **learnt}, for_people)
    return SOME_REFUSED if accepted.refused else DONE


def _tell(console: Console, accepted: Accepted, published: Published | None) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    if accepted.added + accepted.updated + accepted.unchanged + accepted.withdrawn + accepted.refused:
        table.add_row("read", f"{accepted.added:,} new, {accepted.updated:,} changed, {accepted.unchanged:,} as before")
    if accepted.withdrawn:
        table.add_row("left out", f"{accepted.withdrawn:,} that were withdrawn; --restore takes them back")
    if accepted.ignored:
        names = ", ".join(f"{name} ({count:,})" for name, count in accepted.ignored.items())
        table.add_row("passed over", Text(f"fields that no article has: {names}"))
    if published and published.is_new:
        rate = published.applied / max(published.seconds, 1e-9)
        table.add_row("indexed", f"{published.applied:,} articles in {published.seconds:,.1f} s ({rate:,.0f} a second)")
        table.add_row("embedded", f"{published.embedded:,} new texts")
    if published:
        state = "published" if published.is_new else "unchanged"
        table.add_row("generation", f"{published.generation}, {published.articles:,} articles, {state}")
    console.print(table)
    if accepted.refused:
        console.print(f"\n{accepted.refused:,} refused:", style="bold red")
        for refusal in accepted.refusals:
            console.print(f"  {refusal}", markup=False, soft_wrap=True)
        if accepted.refused > len(accepted.refusals):
            console.print(f"  and {accepted.refused - len(accepted.refusals):,} more")
