"""Which engine runs."""

from search.engines.engine import Engine
from search.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """The engine that the settings name; nothing is read before its first reader is asked for."""
    from search.engines.local.engine import LocalEngine

    return LocalEngine(settings.index)
