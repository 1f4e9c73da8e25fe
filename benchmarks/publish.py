"""How soon a change is seen, and what that costs readers: `python -m benchmarks.publish HOME [--changes N] [--json]`.

HOME is what `search-index rebuild` made; it is changed, so give a copy. `search-index serve` runs over it. First four
readers ask searches as fast as answers come, each another one: three words of a title. Then changes come one at a
time, by PUT, each asked for again until it is seen; then both at once. Prints the milliseconds from a change's
acknowledgement until readers see it, those of the readers' answers with and without changes, the seconds of processor
that the service takes for a change, and the load of the machine.
"""

import argparse
import json
import os
import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.load import Connection, Target
from benchmarks.serving import free_port, running
from indexer.ledger import Ledger
from search.settings import Settings

READERS = 4
SECONDS = 20.0  # that readers read without changes
PAUSE_SECONDS = 0.3  # between changes: the next is not there before the last is seen
POLL_SECONDS = 0.01
PATIENCE_SECONDS = 60.0
WORDS = 3  # of a query
TITLES = 20_000
TOKEN = "benchmark"  # noqa: S105 - of a service that lives as long as this does
JSON = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Readers:
    """Asks while the block lasts; what every answer took, in milliseconds."""

    port: int
    titles: Sequence[str]
    milliseconds: list[float] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def read(self, number: int) -> None:
        """One reader, until it is over."""
        connection = Connection(self.port)
        for query in queries(self.titles, number):
            if self.is_over.is_set():
                break
            started = time.perf_counter()
            status, _ = connection.ask(Target(self.port, f"/api/search?q={quote(query)}").request)
            if status != 200:
                raise RuntimeError(f"{query} was answered with {status}")
            self.milliseconds.append((time.perf_counter() - started) * 1000)
        connection.close()

    def __enter__(self) -> "Readers":
        for number in range(READERS):
            threading.Thread(target=self.read, args=(number,)).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.is_over.set()


def main() -> None:
    """Measures, and prints a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, metavar="HOME")
    parser.add_argument("--changes", type=int, default=100, help="with readers, and as many without (100)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    rows = measure(arguments.home, arguments.changes)
    if arguments.json:
        print(json.dumps(rows))
        return
    table = Table(title="milliseconds, but for the last three rows", box=None)
    for heading in ("", "median", "p99"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, values in rows.items():
        table.add_row(name, *(f"{value:,.1f}" for value in values))
    Console().print(table)


def measure(home: Path, changes: int) -> dict[str, list[float]]:
    """By what it is, the median and the 99th percentile; or one figure."""
    with Ledger(Settings(home=home).ledger) as ledger:
        titles = [each.article.title for each in ledger.changes(0, TITLES, "") if each.article]
    port = free_port()
    environment = {**os.environ, "SEARCH_HOME": str(home), "SEARCH_ADMIN_TOKEN": TOKEN}
    with running([sys.executable, "-m", "web", "serve", "--port", str(port)], "/readyz", port, environment):
        wait_for_the_model(port)
        list(publish(port, 3))  # a warm-up
        with Readers(port, titles) as alone:
            time.sleep(SECONDS)
        before = processor_seconds()
        unread = list(publish(port, changes))
        taken = processor_seconds() - before
        with Readers(port, titles[::-1]) as disturbed:
            read = list(publish(port, changes))
    return {
        "a change is seen, nobody reading": percentiles(unread),
        "a change is seen, four readers": percentiles(read),
        "a reader's answer, no changes": percentiles(alone.milliseconds),
        "a reader's answer, changes": percentiles(disturbed.milliseconds),
        "answers": [len(alone.milliseconds), len(disturbed.milliseconds)],
        "processor seconds of a change": [taken / changes],
        "load of the machine": [os.getloadavg()[0]],
    }


def publish(port: int, changes: int) -> Iterator[float]:
    """Changes one article after the other; the milliseconds from each acknowledgement until it is seen."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    for number in range(changes):
        title = f"Harbour {time.time_ns()}"
        body = {"title": title, "body": f"The harbour is open, {number}.", "published": datetime.now(UTC).isoformat()}
        path = f"/api/articles/benchmark-{number}"
        asked(connection, "PUT", path, json.dumps(body))
        started = time.perf_counter()
        while title not in asked(connection, "GET", path):
            if time.perf_counter() - started > PATIENCE_SECONDS:
                raise RuntimeError(f"change {number} was not seen")
            time.sleep(POLL_SECONDS)
        yield (time.perf_counter() - started) * 1000
        time.sleep(PAUSE_SECONDS)


def asked(connection: HTTPConnection, method: str, path: str, body: str | None = None) -> str:
    """The body of an answer."""
    connection.request(method, path, body, JSON if body else {})
    response = connection.getresponse()
    said = response.read().decode()
    if response.status not in (200, 404):
        raise RuntimeError(f"{method} {path} was answered with {response.status}: {said}")
    return said


def wait_for_the_model(port: int) -> None:
    """Until a search answers by meaning too."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while json.loads(asked(connection, "GET", "/api/search?q=harbour"))["degraded"]:
        if time.monotonic() > deadline:
            raise RuntimeError("the model does not load")
        time.sleep(0.2)


def processor_seconds() -> float:
    """What the children of this process have taken, and theirs."""
    ticks = 0
    parents = {os.getpid()}
    for process in sorted(int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[1]) in parents:
            parents.add(process)
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def queries(titles: Sequence[str], seed: int) -> Iterator[str]:
    """Three neighbouring words of one title after the other, for ever."""
    lot = random.Random(seed)
    while True:
        words = lot.choice(titles).split()
        first = lot.randrange(max(len(words) - WORDS, 0) + 1)
        yield " ".join(words[first : first + WORDS])[:100]


def percentiles(milliseconds: Sequence[float]) -> list[float]:
    """Median and 99th percentile."""
    return np.percentile(milliseconds, [50, 99]).tolist() if milliseconds else []


if __name__ == "__main__":
    main()
