"""A process to kill: it accepts articles, says which are safe, and publishes, for ever.

python -m tests.indexer.crashing HOME FIRST
"""

import sys
from itertools import count
from pathlib import Path

from indexer.accept import accept
from indexer.follow import Follower
from indexer.item import Item
from indexer.ledger import Ledger
from search.embedding.hashing import HashingEmbedder
from tests.builders import NOW, record, settings


def run(home: Path, first: int) -> None:
    """Adds articles a{first}, a{first + 1} … and names each on stdout once the ledger holds it."""
    site = settings(home)
    with Ledger(site.ledger) as ledger:
        follower = Follower(site, ledger, HashingEmbedder(), lambda: NOW)
        for number in count(first):
            accept([Item(record(id=f"a{number}", body=f"Waves of number {number}."), "crashing", 1)], ledger)
            print(f"a{number}", flush=True)
            if number % 2:
                follower.rebuild()
            else:
                follower.follow()


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]))
