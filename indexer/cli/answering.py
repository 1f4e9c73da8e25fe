"""The commands that answer in the terminal: search and related."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from indexer.cli.group import Terminal, cli, now
from indexer.cli.narrowing import narrowed, narrowing
from indexer.cli.progress import working
from indexer.events.popularity import current
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from indexer.ledger_signals import Signals
from search.article import Article
from search.embedding.embedder import Embedder
from search.embedding.open import open_embedder
from search.embedding.queries import STATIC, open_static
from search.engines.open import open_engine
from search.present import related_answer, search_answer
from search.ranking.popularity import Popularity, unread
from search.recommending import Recommender
from search.request import Filters, Mode, RelatedMode, RelatedRequest, SearchRequest, Sort, Spelling
from search.result import Part, Ranked, SearchResult
from search.searching import Searcher
from search.settings import Settings
from search.signal import Signal
from search.text.analysis import Analyzer
from search.thesaurus import site_synonyms

Row = tuple[Article, Ranked]
MODES = click.Choice([mode.value for mode in Mode])
RELATED_MODES = click.Choice([mode.value for mode in RelatedMode])
SPELLING = {False: Spelling.AUTO, True: Spelling.OFF}
SORTS = click.Choice([sort.value for sort in Sort])


@cli.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--mode", type=MODES, default=Mode.HYBRID.value, show_default=True, help="Which legs look.")
@click.option("--sort", type=SORTS, default=Sort.RELEVANCE.value, show_default=True, help="The order of hits.")
@narrowing
@click.option("--page", default=1, show_default=True, help="Which page of hits.")
@click.option("--size", default=10, show_default=True, help="Hits on a page, at most 50.")
@click.option("--facets", is_flag=True, help="Count all hits by section, tag, author and so on.")
@click.option("--explain", is_flag=True, help="Show what each score is made of.")
@click.option("--as-typed", is_flag=True, help="Put no misspelt word right.")
@click.pass_obj
def search(
    terminal: Terminal,
    /,
    query: Sequence[str],
    mode: str,
    sort: str,
    page: int,
    size: int,
    facets: bool,
    explain: bool,
    as_typed: bool,
    **filters: Any,
) -> None:
    """Search the published articles.

    "Words in quotes" must appear, -word must not (after --, so that it is not taken for an option).

    \b
    Example:
      search-index search harbour bridge inquiry
      search-index search --section Metro --from 2026-05-01 --facets ferry
      search-index search --sort newest -- '"port strike" -bananas'
    """
    settings = terminal.settings
    within, spelling = narrowed(visible(settings), **filters), SPELLING[as_typed]
    request = SearchRequest(" ".join(query), within, Mode(mode), Sort(sort), page, size, spelling, facets)
    result = _searcher(settings, request.mode).search(request, live_signals(settings))
    terminal.answer(search_answer(request, result, explain=explain), partial(_show, request, result, explain))


def _show(request: SearchRequest, result: SearchResult, explain: bool, console: Console) -> None:
    """What people see of a search."""
    if result.corrected:
        console.print(f"Showing results for {escape(result.corrected)}; --as-typed searches {escape(request.text)}")
    console.print(f"{result.total:,} found" + (f", without: {', '.join(result.degraded)}" if result.degraded else ""))
    if result.suggested:
        console.print(f"Did you mean {escape(result.suggested)}?")
    for text in result.broader:
        console.print(f"Try: {escape(text)}")
    _list(console, [(hit.article, hit.ranked) for hit in result.hits], explain)
    for field, counts in (result.facets or {}).items():
        if counts:
            told = ", ".join(f"{escape(each.value)} {each.count:,}" for each in counts)
            console.print(f"[bold]{field.capitalize()}[/bold]: {told}")


@cli.command()
@click.argument("article", metavar="ID")
@click.option("--limit", default=5, show_default=True, help="How many articles, at most 50.")
@click.option("--mode", type=RELATED_MODES, default="balanced", show_default=True, help="What age does.")
@click.option("--explain", is_flag=True, help="Show what each score is made of.")
@click.pass_obj
def related(terminal: Terminal, article: str, limit: int, mode: str, explain: bool) -> None:
    """Find what to read after an article.

    \b
    Example:
      search-index related harbour-bridge-closes
    """
    settings = terminal.settings
    analyzer = Analyzer(settings.language)
    recommender = Recommender(open_engine(settings), analyzer, settings, _popularity(settings))
    request = RelatedRequest(article, visible(settings), limit, RelatedMode(mode))
    result = recommender.related(request, live_signals(settings))

    def for_people(console: Console) -> None:
        console.print(f"After [bold]{escape(result.article.title)}[/bold]:")
        if result.fallback:
            newest = "newest of its section" if result.fallback == "section" else "newest"
            console.print(f"Nothing is on topic. The {newest}:")
        _list(console, [(item.article, item.ranked) for item in result.items], explain)

    terminal.answer(related_answer(result, explain=explain), for_people)


def _searcher(settings: Settings, mode: Mode) -> Searcher:
    """A searcher as the service has it, its model loaded where the mode needs one."""
    analyzer = Analyzer(settings.language)
    synonyms = site_synonyms(settings, analyzer)
    popularity, engine, static = _popularity(settings), open_engine(settings), open_static(settings)
    is_enough = settings.query_encoder == STATIC and static is not None and static.space == engine.reader().model
    embedder = None if mode is Mode.LEXICAL or is_enough else _loaded(settings)
    return Searcher(engine, lambda: embedder, analyzer, settings, synonyms, popularity, static)


def _popularity(settings: Settings) -> Popularity:
    """How popular articles are now, as the ledger has it."""
    if not settings.ledger.exists():
        return unread
    with Ledger(settings.ledger) as ledger:
        return current(EventStore(ledger), now())


def _loaded(settings: Settings) -> Embedder:
    embedder = open_embedder(settings)
    with working("Loading the model"):
        embedder.embed(["a first text loads it"])
    return embedder


def visible(settings: Settings, sections: Sequence[str] = ()) -> Filters:
    """Filters that leave out what the ledger withdrew after the live generation was made."""
    if not settings.ledger.exists():
        return Filters(now(), sections)
    token = open_engine(settings).reader().token
    with Ledger(settings.ledger) as ledger:
        return Filters(now(), sections, without_ids=ledger.hidden_from(token, now()))


def live_signals(settings: Settings) -> Sequence[Signal]:
    """The signals in the ledger."""
    if not settings.ledger.exists():
        return ()
    with Ledger(settings.ledger) as ledger:
        return Signals(ledger).all()


def _list(console: Console, rows: Sequence[Row], explain: bool) -> None:
    """Hits as a table: an id whole, so that it can be copied; a score where there is one; its parts if asked for."""
    if not rows:
        return
    legs = list(dict.fromkeys(leg for _, ranked in rows for leg in ranked.parts)) if explain else []
    factors = list(dict.fromkeys(name for _, ranked in rows for name in ranked.factors)) if explain else []
    pinned = ["pinned"] if explain and any(ranked.is_pinned for _, ranked in rows) else []
    has_scores = any(ranked.hit.score for _, ranked in rows)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in [*(["Score"] if has_scores else []), *legs, *factors, *pinned, "Date", "Section"]:
        table.add_column(heading)
    table.add_column("Title", ratio=1)
    table.add_column("Id", style="dim", no_wrap=True)
    for article, ranked in rows:
        date = article.published.date().isoformat() if article.published else ""
        shares = [_share(ranked.parts.get(leg)) for leg in legs]
        shares += [f"× {ranked.factors[name]:.3f}" if name in ranked.factors else "" for name in factors]
        shares += ["yes" if ranked.is_pinned else "" for _ in pinned]
        cells = [*([f"{ranked.hit.score:.3f}"] if has_scores else []), *shares, date, article.section]
        table.add_row(*cells, Text(article.title), Text(article.id))
    console.print(table)


def _share(part: Part | None) -> str:
    return f"{part.weight} × {part.normalised:.3f}" if part else ""
