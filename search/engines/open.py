"""Which engine runs."""

from typing import TYPE_CHECKING

from search.settings import Settings

if TYPE_CHECKING:
    from search.engines.local.engine import LocalEngine


def open_engine(settings: Settings) -> "LocalEngine":
    """The engine that the settings name; nothing is read before its first reader is asked for."""
    from search.engines.local.engine import LocalEngine

    return LocalEngine(settings.index)
