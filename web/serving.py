"""The commands that need the service: serve and demo."""

import logging
import multiprocessing
import os
import socket
from dataclasses import replace
from pathlib import Path

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from indexer.accept import accept
from indexer.cli.compiling import compile_where_wanted
from indexer.cli.group import Terminal, cli, now
from indexer.cli.progress import stages
from indexer.events.sample import take_sample
from indexer.follow import Follower
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from indexer.sources.paths import inputs
from search.embedding.open import open_embedder
from search.errors import Unavailable
from search.settings import MOST_THREADS, Settings, to_environment
from search.text.analysis import Analyzer
from search.thesaurus import site_synonyms
from web.admission import server_threads

NEWSROOM = Path(__file__).resolve().parent.parent / "data" / "newsroom" / "corpus.jsonl"
NEWSROOM_READERS = NEWSROOM.with_name("events.jsonl")
NEWSROOM_NAME = "The Tarrowmouth Gazette"


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 answers the network too.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where to listen.")
@click.option("--threads", type=click.IntRange(1, MOST_THREADS), help="Requests at once; the setting's default is 4.")
@click.pass_obj
def serve(terminal: Terminal, host: str, port: int, threads: int | None) -> None:
    """Run the service, and publish what reaches the ledger.

    \b
    Example:
      SEARCH_ADMIN_TOKEN=secret search-index serve --port 8000
    """
    listening = _listening_address(terminal.settings, host, port)
    address = _url(listening, port)
    terminal.answer(
        {"address": address, "home": str(terminal.settings.home)},
        lambda console: console.print(f"Broadsheet is at [bold]{address}/[/bold] (Ctrl-C stops it)"),
    )
    _serve(replace(terminal.settings, threads=threads or terminal.settings.threads), listening, port)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 answers the network too.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where to listen.")
@click.pass_obj
def demo(terminal: Terminal, host: str, port: int) -> None:
    """Build the sample newsroom, serve it, and say where to look. It is kept in HOME/demo.

    \b
    Example:
      search-index demo --port 8000
    """
    if not NEWSROOM.exists():
        raise Unavailable(f"the sample newsroom is not at {NEWSROOM}")
    settings = replace(terminal.settings, home=terminal.settings.home / "demo")  # apart from the site's own articles
    listening = _listening_address(settings, host, port)
    source = inputs((NEWSROOM,))
    with Ledger(settings.ledger) as ledger:
        accept(source.items(lambda done: None), ledger)
        take_sample(NEWSROOM_READERS, EventStore(ledger), now())
        compile_where_wanted(settings)
        with stages("articles") as tell:
            published = Follower(settings, ledger, open_embedder(settings), now).rebuild(tell)
    address = _url(listening, port)
    places = {
        "front": f"{address}/",
        "search": f"{address}/search?q=harbour+bridge+inquiry",
        "article": f"{address}/articles/harbour-bridge-closes",
        "api": f"{address}/api/search?q=why+was+the+bridge+shut&explain=1",
    }
    terminal.answer(
        {"articles": published.articles, "address": address, **places},
        lambda console: console.print(
            "The sample newsroom is served; Ctrl-C stops it. Where to look:",
            *(f"  {name:<8} {place}" for name, place in places.items()),
            sep="\n",
        ),
    )
    _serve(replace(settings, site_name=NEWSROOM_NAME), listening, port)


def _listening_address(settings: Settings, host: str, port: int) -> str:
    """The host as a number, when the service can listen there and open its files. Raises Unavailable, or InvalidValue.

    Found out before anything is said to run: granian itself shares a port that is taken, and knows no names.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Unavailable(f"cannot listen on {host} port {port}: {error.strerror}") from error
    Ledger(settings.ledger).close()
    site_synonyms(settings, Analyzer(settings.language))
    return str(address[0])


def _url(address: str, port: int) -> str:
    """Where a browser on this machine finds it.

    >>> _url("0.0.0.0", 8000), _url("::1", 8000)
    ('http://127.0.0.1:8000', 'http://[::1]:8000')
    """
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of granian's log tells anything: not that its threads are many, as most of them only wait."""
    return "Python threads" not in record.getMessage()


def _serve(settings: Settings, address: str, port: int) -> None:
    """Serves until it is told to stop.

    The worker is a process of its own that reads its settings from the environment; spawned and not forked, since a
    fork of a process that has used FAISS or torch can hang.
    """
    for variable, value in to_environment(settings).items():
        os.environ[variable] = value
    multiprocessing.set_start_method("spawn", force=True)
    logging.getLogger("_granian").addFilter(_is_news)
    server = Server(
        "web.worker:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=server_threads(settings.threads),
        factory=True,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    server.serve()
