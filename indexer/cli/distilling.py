"""The command that learns a query encoder from the archive: distill."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from indexer.cli.group import Terminal, cli
from indexer.cli.progress import progress
from indexer.distilling import Distilled, Distiller, is_due
from indexer.evaluating.judgments import as_typed, judged_queries
from indexer.ledger import Ledger
from indexer.lessons import wording
from search.embedding.embedder import Embedder
from search.embedding.open import open_embedder, tokenizer_of
from search.embedding.queries import STAND_IN_COSINE, may_stand_in
from search.errors import Unavailable
from search.present import Json

SEED = 1


@cli.command()
@click.option(
    "--without", type=click.Path(path_type=Path), multiple=True, metavar="DIR", help="Learn nothing from its queries."
)
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Of what is drawn by lot.")
@click.pass_obj
def distill(terminal: Terminal, without: Sequence[Path], seed: int) -> None:
    """Learn a query encoder from the archive: a table that encodes a query in a hundredth of the model's time.

    It learns from headlines, first sentences and passages, and is judged by headlines of articles held out. Killed, it
    embeds nothing twice when it runs again. With --without, no article is learnt from whose headline or first sentence
    is a query of the judged folder DIR: its figures are then fair. `rebuild` does the same where enough is new. The
    setting query_encoder says what it is used for; a service that runs takes it when it is started again.

    \b
    Example:
      search-index distill
      search-index distill --without judged/
    """
    tokenizer = tokenizer_of(terminal.settings.model)
    if tokenizer is None:
        raise Unavailable(f"model {terminal.settings.model!r} has no tokenizer.json to learn word pieces from")
    queries = [query.text for folder in without for query in judged_queries(folder)]
    unlearnt = frozenset(wording(form) for text in queries for form in (text, as_typed(text)))
    with terminal.ledger() as ledger:
        distilled = _distilled(terminal, ledger, open_embedder(terminal.settings), tokenizer, unlearnt, seed)
    terminal.answer(facts(distilled), lambda console: tell_distilled(console, distilled))


def distilled_if_due(terminal: Terminal, ledger: Ledger, articles: int) -> Distilled | None:
    """What a rebuild of so many articles learnt, None where nothing was due or the model has no word pieces."""
    embedder, tokenizer = open_embedder(terminal.settings), tokenizer_of(terminal.settings.model)
    if tokenizer is None or not is_due(terminal.settings, articles, embedder.identity):
        return None
    return _distilled(terminal, ledger, embedder, tokenizer, frozenset(), SEED)


def _distilled(
    terminal: Terminal, ledger: Ledger, embedder: Embedder, tokenizer: str, unlearnt: frozenset[str], seed: int
) -> Distilled:
    return Distiller(terminal.settings, ledger, embedder, tokenizer).distill(unlearnt, seed, progress)


def facts(distilled: Distilled) -> Json:
    """What was learnt, for programs."""
    header = distilled.header
    return {
        "identity": distilled.identity,
        "model": header.space,
        "articles": header.articles,
        "texts": header.texts,
        "embedded": distilled.embedded,
        "losses": [round(loss, 4) for loss in distilled.losses],
        "held_out_texts": header.held_out_texts,
        "held_out_cosine": header.held_out_cosine,
        "may_stand_in": may_stand_in(header),
        "megabytes": round(header.table_bytes / 1e6, 1),
        "seconds": round(distilled.seconds, 1),
    }


def tell_distilled(console: Console, distilled: Distilled) -> None:
    """What was learnt, for people."""
    header, losses = distilled.header, " ".join(f"{loss:.3f}" for loss in distilled.losses)
    verdict = "stands in for the model" if may_stand_in(header) else "does not stand in for the model"
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row(
        "learnt", f"{header.texts:,} texts in {distilled.seconds:,.1f} s, {distilled.embedded:,} embedded anew"
    )
    table.add_row("loss", f"{losses}, round by round")
    table.add_row("held out", f"cosine {header.held_out_cosine:.3f} of {header.held_out_texts:,} texts to the model's")
    table.add_row("encoder", f"{header.table_bytes / 1e6:.1f} MB; by itself {verdict} (from {STAND_IN_COSINE})")
    console.print(table)
