"""From nothing to an answer: `python -m benchmarks.start [HOME] [--rounds N] [--json]`.

Starts `search-index serve` over HOME and asks every 20 ms: seconds until `/readyz` says 200, until a search is
answered at all, and until one is answered by meaning too; seconds of the processors, of all its processes, until then.
Memory is told when it is ready, and after 200 searches: of the process that watches, and of the one that answers, its
own and the mapped files. Medians of the rounds; the first, which reads from disk what the others find in memory, is
told apart.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import quote

from benchmarks.memory import descendants, resident
from benchmarks.serving import free_port
from benchmarks.speed import NEWSROOM, fetched, queries_of
from benchmarks.vectors import show

STEP_SECONDS = 0.02  # from one question to the next
PATIENCE_SECONDS = 300.0
SEARCHES = 200

Figures = dict[str, float]


def main() -> None:
    """Measures, and prints a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, nargs="?", default=Path("data/local"), metavar="HOME")
    parser.add_argument("--rounds", type=int, default=5, help="how often it is started (5)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    rounds = [start(arguments.home) for _ in range(arguments.rounds)]
    rows = {
        name: (rounds[0][name], round(median(each[name] for each in rounds[1:] or rounds), 2)) for name in rounds[0]
    }
    if arguments.json:
        print(json.dumps(rows))
        return
    show(
        f"search-index serve, {arguments.rounds} starts",
        ("", "first", "median of the others"),
        [(name, *figures) for name, figures in rows.items()],
    )


def start(home: Path) -> Figures:
    """One start: seconds, and megabytes."""
    port, began = free_port(), time.monotonic()
    with served(home, port) as process:
        figures = {"seconds to readyz": until(lambda: answered(port, "/readyz") is not None, process, began)}
        figures |= memories(process.pid, "ready")
        figures["seconds to an answer"] = until(lambda: search(port) is not None, process, began)
        figures["seconds to an answer by meaning"] = until(lambda: is_by_meaning(search(port)), process, began)
        figures["seconds of the processors until then"] = round(sum(map(spent, descendants(process.pid))), 2)
        queries = queries_of(NEWSROOM)
        connection = HTTPConnection("127.0.0.1", port)
        for number in range(SEARCHES):
            fetched(connection, f"{queries[number % len(queries)]} {number}")  # none is in the cache
        figures |= memories(process.pid, f"{SEARCHES} searches")
    return figures


@contextmanager
def served(home: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The service in processes of its own, while it lasts."""
    command = [sys.executable, "-m", "web", "--home", str(home), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE_SECONDS)


def until(is_so: Callable[[], bool], process: "subprocess.Popen[bytes]", began: float) -> float:
    """Seconds since it began when something is so. Raises RuntimeError where it never is."""
    while not is_so():
        if process.poll() is not None or time.monotonic() > began + PATIENCE_SECONDS:
            raise RuntimeError("the service did not start: see above")
        time.sleep(STEP_SECONDS)
    return round(time.monotonic() - began, 2)


def search(port: int) -> bytes | None:
    """The answer to a search, None where there is none yet."""
    return answered(port, f"/api/search?size=10&q={quote('harbour bridge')}")


def answered(port: int, path: str) -> bytes | None:
    """What a path is answered with, None where not with 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
    except OSError:
        return None
    finally:
        connection.close()
    return body if response.status == 200 else None


def is_by_meaning(answer: bytes | None) -> bool:
    """Whether a search was answered by both legs, whichever encoder stands before the semantic one.

    >>> is_by_meaning(b'{"degraded": ["semantic"]}'), is_by_meaning(b'{"degraded": ["model"]}'), is_by_meaning(None)
    (False, True, False)
    """
    return answer is not None and "semantic" not in json.loads(answer)["degraded"]


def memories(process: int, when: str) -> Figures:
    """Megabytes of the process that watches, and of those that answer."""
    watching, *answering = [resident(each) for each in descendants(process)]
    return {
        f"MB of the watcher, {when}": watching.own,
        f"MB of its own, {when}": round(sum(each.own for each in answering), 1),
        f"MB of mapped files, {when}": round(sum(each.files for each in answering), 1),
    }


def spent(process: int) -> float:
    """Seconds of the processors that a process has used, by all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
