"""The command status: what is published, by what, and what waits."""

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from indexer.cli.group import Terminal, cli
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from search.embedding.open import encoder_of, may_be_of
from search.embedding.static import read_static
from search.engines.engine import differences
from search.engines.local.generation import Manifest, live_folder, read_manifest
from search.engines.local.hold import is_held
from search.errors import Corrupt, Unavailable
from search.present import Json
from search.settings import Settings


@cli.command()
@click.pass_obj
def status(terminal: Terminal) -> None:
    """Tell what is published, and what the ledger holds beyond it.

    \b
    Example:
      search-index status
    """
    state = _state(terminal.settings)

    def for_people(console: Console) -> None:
        table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
        for name, value in state.items():
            table.add_row(name.replace("_", " "), "none yet" if value is None else escape(str(value)))
        console.print(table)

    terminal.answer(state, for_people)


def _state(settings: Settings) -> Json:
    state: Json = {
        "home": str(settings.home.resolve()),
        "generation": None,
        "articles": 0,
        "tombstones": 0,
        "published_at": None,
        "model": None,
        "encoder": None,
        "query_encoder": settings.query_encoder,
        "static_encoder": _static_state(settings),
    }
    try:
        folder = live_folder(settings.index)
        manifest = read_manifest(folder)
    except Unavailable:
        sequence = 0
    except Corrupt as error:
        sequence = 0
        state |= {"damage": str(error)}
    else:
        sequence = manifest.sequence
        size = sum(record.size for record in manifest.files.values())
        state |= {
            "generation": folder.name,
            "articles": manifest.articles,
            "tombstones": manifest.tombstones,
            "published_at": manifest.published_at,
        }
        encoder, why_slower = encoder_of(settings, manifest.model)
        state |= {"model": manifest.model, "encoder": encoder, "index_megabytes": round(size / 1e6, 1)}
        state |= {"slower_because": why_slower} if why_slower else {}
        state |= _outdated(settings, manifest)
        state |= {"held": "since a rollback, until a rebuild"} if is_held(settings.index) else {}
    if not settings.ledger.exists():
        return {**state, "ledger_articles": 0, "changes_not_yet_published": 0, "events_taken_in": 0}
    with Ledger(settings.ledger) as ledger:
        waiting = ledger.count_changes(sequence)
        state |= {"ledger_articles": ledger.count(), "changes_not_yet_published": waiting}
        return {**state, "events_taken_in": EventStore(ledger).count()}


def _outdated(settings: Settings, manifest: Manifest) -> Json:
    model = manifest.model if may_be_of(manifest.model, settings.model) else settings.model
    found = differences(manifest, model, settings.language)
    return {"rebuild_needed": ", and ".join(found)} if found else {}


def _static_state(settings: Settings) -> str | None:
    """The encoder that was distilled, or what is wrong with it; None before the first."""
    try:
        encoder = read_static(settings.static_encoder)
    except Unavailable:
        return None
    except Corrupt as error:
        return str(error)
    header = encoder.header
    return f"{encoder.identity} of {header.space}, cosine {header.held_out_cosine:.3f} on held-out texts"
