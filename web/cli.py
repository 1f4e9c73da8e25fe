"""The command line whole: the indexer's commands and those that need the service."""

import sys

from indexer.cli import answering, boxes, changing, distilling, evaluating, keeping, reporting, signals, status, tuning
from indexer.cli.group import run
from web import following, serving

MODULES = (
    changing,
    answering,
    boxes,
    signals,
    status,
    keeping,
    reporting,
    distilling,
    evaluating,
    tuning,
    serving,
    following,
)  # each adds its commands to the group when it is imported


def main() -> None:
    """Runs `search-index`."""
    sys.exit(run())
