"""The boxes of a page in the terminal: hot, topics, and what a reader may like."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.cli.answering import live_signals, visible
from indexer.cli.group import Terminal, cli
from indexer.events.traffic import readership
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from search.engines.open import open_engine
from search.foryou import ForYou
from search.present import for_you_answer, hot_answer, topic_answer, topics_answer
from search.ranking.hotness import Readership, Reading, nobody
from search.reasons import because_read
from search.request import MOST_HOT_DAYS, ForYouRequest, HotRequest, TopicsRequest
from search.result import ForYouItem, HotItem, Topic
from search.settings import Settings
from search.topics import Topics
from search.trending import Trender

NOTHING = "Nothing found."


@cli.command()
@click.option("--days", default=7, show_default=True, help=f"Over which views count, at most {MOST_HOT_DAYS}.")
@click.option("--section", multiple=True, help="Only this section; may be given again.")
@click.option("--limit", default=5, show_default=True, help="How many articles, at most 50.")
@click.pass_obj
def hot(terminal: Terminal, days: int, section: Sequence[str], limit: int) -> None:
    """List what readers go to, one article a story.

    \b
    Example:
      search-index hot --days 1 --section Sport
    """
    settings = terminal.settings
    request = HotRequest(visible(settings, section), days, limit)
    result = Trender(open_engine(settings), _reading(settings)).hot(request, live_signals(settings))

    def for_people(console: Console) -> None:
        if result.fallback and result.items:
            console.print("Nobody is known to have read anything. By dates and stories:")
        _list(console, result.items)

    terminal.answer(hot_answer(request, result), for_people)


@cli.command()
@click.argument("slug", required=False)
@click.option("--limit", default=8, show_default=True, help="How many topics, or articles of SLUG, at most 50.")
@click.pass_obj
def topics(terminal: Terminal, slug: str | None, limit: int) -> None:
    """List what the site writes about now, or the articles of one topic, the newest first.

    \b
    Example:
      search-index topics
      search-index topics tag-harbour-bridge
    """
    settings = terminal.settings
    request, found = TopicsRequest(visible(settings), limit), Topics(open_engine(settings))
    if slug is not None:
        page = found.topic(slug, request, live_signals(settings))
        terminal.answer(topic_answer(page), lambda console: _list_articles(console, page.topic))
        return
    result = found.top(request, live_signals(settings))
    terminal.answer(topics_answer(result), lambda console: _list_topics(console, result.topics))


@cli.command()
@click.argument("read", metavar="ID...", nargs=-1)
@click.option("--limit", default=10, show_default=True, help="How many articles, at most 50.")
@click.pass_obj
def recommend(terminal: Terminal, read: Sequence[str], limit: int) -> None:
    """List what to read next for somebody who has read these articles, the last one last.

    \b
    Example:
      search-index recommend rhubarb-and-cardamom-buns harbour-bridge-closes
    """
    settings = terminal.settings
    for_you = ForYou(open_engine(settings), settings, _reading(settings))
    result = for_you.recommend(ForYouRequest(read, visible(settings), limit), live_signals(settings))

    def for_people(console: Console) -> None:
        if result.unknown:
            console.print(f"{result.unknown:,} of these are unknown, or nobody may see them.")
        _list_for_you(console, result.items)

    terminal.answer(for_you_answer(result), for_people)


def _reading(settings: Settings) -> Reading:
    """The readership that the ledger has now."""

    def read(window: timedelta, now: datetime) -> Readership:
        with Ledger(settings.ledger) as ledger:
            return readership(EventStore(ledger), window, now)

    return read if settings.ledger.exists() else nobody


def _list(console: Console, items: Sequence[HotItem]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Score", "Views", "", "Date", "Section"):
        table.add_column(heading)
    table.add_column("Title", ratio=1)
    table.add_column("Id", style="dim", no_wrap=True)
    for item in items:
        article = item.article
        date = article.published.date().isoformat() if article.published else ""
        cells = [f"{item.ranked.hit.score:.2f}", str(item.views), "rising" if item.is_rising else "", date]
        table.add_row(*cells, Text(article.section), Text(article.title), Text(article.id))
    console.print(table if items else NOTHING)


def _list_for_you(console: Console, items: Sequence[ForYouItem]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("Date")
    table.add_column("Title", ratio=1)
    table.add_column("Why", ratio=1)
    table.add_column("Id", style="dim", no_wrap=True)
    for item in items:
        article = item.article
        date = article.published.date().isoformat() if article.published else ""
        table.add_row(date, Text(article.title), Text(because_read(item)), Text(article.id))
    console.print(table if items else NOTHING)


def _list_topics(console: Console, topics: Sequence[Topic]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Kind", "Articles", "Topic"):
        table.add_column(heading)
    table.add_column("Lead", ratio=1)
    table.add_column("Slug", style="dim", no_wrap=True)
    for topic in topics:
        table.add_row(topic.kind, str(topic.size), Text(topic.label), Text(topic.lead.title), Text(topic.slug))
    console.print(table if topics else NOTHING)


def _list_articles(console: Console, topic: Topic) -> None:
    console.print(Text(f"{topic.label}: {topic.size:,} in all"))
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("Date")
    table.add_column("Title", ratio=1)
    table.add_column("Id", style="dim", no_wrap=True)
    for article in topic.articles:
        date = article.published.date().isoformat() if article.published else ""
        table.add_row(date, Text(article.title), Text(article.id))
    console.print(table)
