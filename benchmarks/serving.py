"""What a cached answer costs: `python -m benchmarks.serving [--rounds N] [--json]`.

`search-index serve` serves the sample newsroom with the hashing embedder, and a Flask route that does nothing is served
beside it with the same settings of the same server. In each round every path is asked for a second, one after the
other, over four connections. Prints answers a second, the median of the rounds, and the median of their ratios to the
empty route's of the same round.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.load import Connection, Target, rate
from web.serving import NEWSROOM

CONNECTIONS = 4
SECONDS = 1.0  # that a path is asked in a round
START_SECONDS = 30.0
RELATED = "/api/articles/harbour-bridge-closes/related"
BARE = "an empty Flask route"


def main() -> None:
    """Measures, and prints a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="how often every path is asked (9)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    rows = measure(arguments.rounds)
    if arguments.json:
        print(json.dumps(rows))
        return
    table = Table(box=None)
    for heading in ("", "answers a second", "of the empty route"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, (a_second, ratio) in rows.items():
        table.add_row(name, f"{a_second:,.0f}", f"{ratio:.0%}")
    Console().print(table)


def measure(rounds: int) -> dict[str, tuple[float, float]]:
    """By path, answers a second and the share of what the empty route does."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "SEARCH_MODEL": "hashing", "SEARCH_HOME": home}
        rebuild = [sys.executable, "-m", "web", "rebuild", "--from", str(NEWSROOM)]
        subprocess.run(rebuild, env=environment, check=True, capture_output=True)
        port, bare = free_port(), free_port()
        serve = [sys.executable, "-m", "web", "serve", "--port", str(port)]
        with (
            running(serve, f"{RELATED}", port, environment),
            running([sys.executable, "-m", "benchmarks.bare", str(bare)], "/", bare, environment),
        ):
            targets = asked(port, bare)
            rates: dict[str, list[float]] = {name: [] for name in targets}
            for number in range(rounds + 1):
                for name, target in targets.items():
                    measured = rate(target, CONNECTIONS, SECONDS)
                    rates[name] += [measured] if number else []  # the first is a warm-up
    return {
        name: (median(own), median(mine / empty for mine, empty in zip(own, rates[BARE], strict=True)))
        for name, own in rates.items()
    }


def asked(port: int, bare: int) -> dict[str, Target]:
    """Every path that is measured, by what it is."""
    connection = Connection(port)
    _, head = connection.ask(Target(port, RELATED).request)
    connection.close()
    etag = next(line for line in head.decode().split("\r\n") if line.lower().startswith("etag:")).split(": ", 1)[1]
    search = "/api/search?q=harbour+bridge"
    return {
        BARE: Target(bare, "/"),
        "related, cached": Target(port, RELATED),
        "related, not changed (304)": Target(port, RELATED, f"If-None-Match: {etag}\r\n", 304),
        "the widget, cached": Target(port, "/widgets/related/harbour-bridge-closes"),
        "a search, cached": Target(port, search),
        "the server without Flask": Target(bare, "/plain"),
    }


@contextmanager
def running(command: list[str], path: str, port: int, environment: dict[str, str]) -> Iterator[None]:
    """A server in a process of its own, while it lasts, from when it answers."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port, path):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} does not answer")
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=START_SECONDS)


def answers(port: int, path: str) -> bool:
    """Whether a path is answered with 200."""
    try:
        connection = Connection(port)
    except OSError:
        return False
    try:
        return connection.ask(Target(port, path).request)[0] == 200
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


if __name__ == "__main__":
    main()
