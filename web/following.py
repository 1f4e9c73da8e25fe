"""The command follow: publishing apart from the service, as where readers are answered by another process."""

import signal
import time

import click
from rich.console import Console

from indexer.cli.compiling import compile_where_wanted
from indexer.cli.group import DONE, Terminal, cli, now
from indexer.follow import Follower
from search.embedding.open import open_embedder
from search.engines.engine import Reader
from search.engines.local.engine import LocalEngine
from web.publishing import Publisher

LOOK_SECONDS = 1.0  # between looks for a signal that another thread was given: the main thread alone handles them
STOP_SECONDS = 5.0  # for a build to end when it is told to stop


@cli.command()
@click.pass_obj
def follow(terminal: Terminal) -> int:
    """Publish what reaches the ledger, until stopped: serve does it by itself.

    Each generation is told as it comes to be live; with --json, one object a line.

    \b
    Example:
      search-index follow
    """
    settings, engine = terminal.settings, LocalEngine(terminal.settings.index)
    compile_where_wanted(settings)
    with terminal.ledger() as ledger:
        follower = Follower(settings, ledger, open_embedder(settings), now, engine)
        publisher = Publisher(lambda: follower, lambda reader: _tell(terminal, reader), ledger, engine)
        publisher.start()
        for number in (signal.SIGINT, signal.SIGTERM):  # the shell has commands in the background ignore the first
            signal.signal(number, signal.default_int_handler)
        try:
            while True:
                time.sleep(LOOK_SECONDS)
        except KeyboardInterrupt:  # what is cut off publishes nothing
            publisher.stop(STOP_SECONDS)
    return DONE


def _tell(terminal: Terminal, reader: Reader) -> None:
    def for_people(console: Console) -> None:
        console.print(f"generation {reader.generation} is live, up to change {reader.sequence:,}")

    terminal.answer({"generation": reader.generation, "sequence": reader.sequence}, for_people)
