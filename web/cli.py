"""The command line whole: the indexer's commands and those that need the service."""

import sys

from indexer.cli import changing
from indexer.cli.group import run

COMMANDS = (changing,)


def main() -> None:
    """Runs `search-index`."""
    sys.exit(run())
