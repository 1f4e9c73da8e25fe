import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlencode

import pytest

from benchmarks.memory import descendants
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from search.settings import ARENAS
from tests.web.newsroom import article_path, bearer, eventually

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 20.0

Run: TypeAlias = Callable[..., "Service"]


@dataclass(frozen=True)
class Service:
    """The real server in a process of its own."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> tuple[int, Any]:
        """Status and body of one request on a connection of its own; the body is parsed where it is JSON."""
        return self.send(path, json.dumps(body) if body is not None else None, method)

    def send(self, path: str, data: str | None, method: str = "POST") -> tuple[int, Any]:
        """The same with a body as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {**bearer("secret"), "Content-Type": "application/json"}
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            text = response.read().decode()
            return response.status, json.loads(text) if response.headers.get_content_subtype() == "json" else text
        finally:
            connection.close()

    def is_alive(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except OSError:
            return False

    def found(self, **query: object) -> list[str]:
        status, answer = self.ask("GET", f"/api/search?{urlencode(query)}")
        assert status == 200, answer
        return [hit["id"] for hit in answer["hits"]]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Exit status and standard error after a signal. Fails where it takes longer than ten seconds."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors

    def outcome(self) -> tuple[str, str]:
        """What it says on standard output and error until it ends of itself, or is killed for not ending."""
        try:
            return self.process.communicate(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """Ends the process, its worker and all, in the middle of whatever it does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def start(home: Path, port: int, *command: str) -> Service:
    environment = {**os.environ, "SEARCH_MODEL": "hashing", "SEARCH_ADMIN_TOKEN": "secret"}
    process = subprocess.Popen(
        [sys.executable, "-m", "web", "--home", str(home), *command, "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return Service(process, port)


def started(home: Path, *command: str) -> Service:
    service = start(home, free_port(), *command)
    assert eventually(lambda: service.is_alive() or service.process.poll() is not None, START_SECONDS)
    assert service.process.poll() is None, service.process.communicate()
    return service


def test_events_that_were_acknowledged_are_counted_when_the_service_is_told_to_stop(tmp_path: Path) -> None:
    service = started(tmp_path, "serve")
    event = {"type": "view", "article": "rain", "visitor": "v"}
    status, answer = service.ask("POST", "/api/events", {"events": [event] * 9})
    service.stop()
    assert (status, answer["accepted"]) == (202, 9)
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        assert EventStore(ledger).count() == 9


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = started(tmp_path_factory.mktemp("home"), "serve")
    yield service
    service.stop()


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts services that the test stops; what it leaves is killed."""
    running: list[Service] = []

    def run(home: Path, *command: str) -> Service:
        running.append(started(home, *command))
        return running[-1]

    yield run
    for service in running:
        if service.process.poll() is None:
            service.kill()


def test_an_article_lives_and_goes(service: Service) -> None:
    record = {"title": "Harbour bridge closes", "body": "Rust.", "published": "2026-05-10"}
    status, answer = service.ask("PUT", "/api/articles/bridge?wait=visible", record)
    assert (status, answer["accepted"]) == (200, 1)
    assert service.ask("GET", "/readyz")[0] == 200
    assert service.found(q="harbour bridge") == ["bridge"]
    assert "Harbour bridge closes" in service.ask("GET", "/articles/bridge")[1]
    assert service.ask("DELETE", "/api/articles/bridge")[0] == 200
    assert service.found(q="harbour bridge") == []
    assert service.ask("GET", "/api/articles/bridge")[0] == 404


@pytest.mark.parametrize("id_", ["https://news.example//tide?page=2#top", "/a//b/", "100% é", "../x"])
def test_an_id_of_any_text_gets_through_the_server(service: Service, id_: str) -> None:
    assert service.ask("PUT", f"{article_path(id_)}?wait=visible", {"title": "Tide table"})[0] == 200
    status, answer = service.ask("GET", article_path(id_))
    assert (status, answer["id"]) == (200, id_)
    assert service.ask("DELETE", article_path(id_))[0] == 200


@pytest.mark.parametrize("path", ["/search?q=%ff%00", "/search?q=%ed%a0%80", "/%ff", "/api/search?q=" + "(" * 20_000])
def test_what_no_browser_sends_is_no_error_of_the_server(service: Service, path: str) -> None:
    service.ask("PUT", "/api/articles/x?wait=visible", {"title": "Rain"})
    assert service.ask("GET", path)[0] in (200, 400, 404, 414)


def test_readers_get_whole_answers_while_articles_change(service: Service) -> None:
    service.ask("PUT", "/api/articles/steady?wait=visible", {"title": "Steady rain", "body": "It rains."})
    is_over = threading.Event()
    paths = [
        "/api/search?q=rain",
        "/search?q=steady",
        "/articles/steady",
        "/api/articles/steady/related",
        "/api/search",
    ]

    def read() -> list[tuple[int, str]]:
        answers = []
        while not is_over.is_set():
            answers += [(service.ask("GET", path)[0], path) for path in paths]
        return answers

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for number in range(20):
            record = {"title": f"Rain, part {number}", "body": "It rains. " * (number + 1)}
            waiting = "?wait=visible" if number % 2 else ""
            status, answer = service.ask("PUT", f"/api/articles/part-{number % 15}{waiting}", record)
            assert status == 200, answer
        is_over.set()
        answers = [answer for reader in readers for answer in reader.result()]
    assert len(answers) > 20
    assert [answer for answer in answers if answer[0] != 200] == []
    assert service.ask("GET", "/api/articles/part-4")[1]["title"] == "Rain, part 19"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_promptly_and_quietly(run: Run, tmp_path: Path, number: signal.Signals) -> None:
    service = run(tmp_path, "serve")
    service.ask("PUT", "/api/articles/a", {"title": "Rain"})
    began = time.monotonic()
    status, errors = service.stop(number)
    assert (status, errors) == (0, "")
    assert time.monotonic() - began < 5


def test_what_was_acknowledged_is_there_after_a_kill(run: Run, tmp_path: Path) -> None:
    first = run(tmp_path, "serve")
    sequence = first.ask("PUT", "/api/articles/a", {"title": "Rain"})[1]["sequence"]
    first.kill()
    second = run(tmp_path, "serve")
    assert eventually(lambda: second.ask("GET", "/readyz")[0] == 200)
    assert second.found(q="rain") == ["a"]
    assert second.ask("PUT", "/api/articles/b", {"title": "Sun"})[1]["sequence"] == sequence + 1
    assert second.stop()[0] == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_the_worker_keeps_to_few_arenas_of_memory_that_was_freed(service: Service) -> None:
    environments = [Path(f"/proc/{each}/environ").read_bytes() for each in descendants(service.process.pid)[1:]]
    assert environments
    assert all(f"MALLOC_ARENA_MAX={ARENAS}".encode() in each.split(b"\0") for each in environments)


def test_a_worker_does_not_outlive_the_process_that_watches_it(run: Run, tmp_path: Path) -> None:
    service = run(tmp_path, "serve")
    service.process.kill()
    service.process.communicate(timeout=10)  # until whoever holds its pipes has ended
    assert not service.is_alive()
    assert run(tmp_path, "serve").stop()[0] == 0


def test_a_port_that_is_taken_is_told_in_a_sentence(service: Service, tmp_path: Path) -> None:
    refused = start(tmp_path, service.port, "serve")
    output, errors = refused.outcome()
    assert (refused.process.returncode, output) == (3, "")
    assert errors.startswith(f"search-index: cannot listen on 127.0.0.1 port {service.port}: ")
    assert "Traceback" not in errors
    assert service.is_alive()


def test_a_ledger_that_is_not_whole_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"no ledger at all " * 500)
    refused = start(tmp_path, free_port(), "serve")
    output, errors = refused.outcome()
    assert (refused.process.returncode, output) == (3, "")
    assert errors == f"search-index: {tmp_path}/ledger.sqlite3 is not a whole ledger: file is not a database\n"


def test_the_demo_serves_the_sample_newsroom_where_it_says(run: Run, tmp_path: Path) -> None:
    demo = run(tmp_path, "--json", "demo")
    assert demo.ask("GET", "/readyz")[0] == 200
    assert "harbour-bridge-closes" in demo.found(q="harbour bridge inquiry")
    demo.process.send_signal(signal.SIGTERM)
    output, _ = demo.process.communicate(timeout=10)
    said = json.loads(output.splitlines()[0])
    assert said["address"] == f"http://127.0.0.1:{demo.port}"
    assert said["articles"] >= 80
    assert demo.process.returncode == 0


def test_a_host_may_be_a_name(run: Run, tmp_path: Path) -> None:
    service = run(tmp_path, "serve", "--host", "localhost")
    assert service.ask("GET", "/healthz")[0] == 200


def test_a_wrong_line_among_the_synonyms_is_told_before_anything_is_said_to_run(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_text("mayor\n")
    refused = start(tmp_path, free_port(), "serve")
    output, errors = refused.outcome()
    assert (refused.process.returncode, output) == (2, "")
    assert f"{tmp_path}/synonyms.txt:1 is 'mayor', allowed: words parted by commas" in " ".join(errors.split())
    assert "Traceback" not in errors


def test_more_than_can_be_done_at_once_is_refused_in_time_and_the_rest_is_answered(run: Run, tmp_path: Path) -> None:
    service = run(tmp_path, "serve", "--threads", "1")
    lines = [
        {"id": f"a{number}", "title": "Rain over the harbour", "body": "It rains. " * 200} for number in range(200)
    ]
    many = "\n".join(json.dumps(line) for line in lines)
    assert service.send("/api/articles?wait=visible", many)[0] == 200

    def ask(reader: int) -> list[int]:
        words = [f"/api/search?q=rain+harbour+{reader}+{number}&size=50" for number in range(5)]
        return [service.ask("GET", path)[0] for path in words]

    with ThreadPoolExecutor(60) as pool:
        answers = [pool.submit(ask, reader) for reader in range(60)]
        assert service.ask("GET", "/healthz")[0] == 200
        statuses = [status for answer in answers for status in answer.result()]
    assert set(statuses) == {200, 503}
    assert service.ask("GET", "/api/search?q=rain")[0] == 200
    assert service.stop()[0] == 0
