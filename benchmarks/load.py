"""A generator of load: one request, repeated over connections that stay open, as fast as the answers come.

Raw sockets and fixed bytes: `http.client` takes longer to read an answer than the service takes to give it.
"""

import re
import socket
import threading
import time
from dataclasses import dataclass

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked: a path on a port of this machine, with headers of its own, each ended by CRLF."""

    port: int
    path: str
    headers: str = ""
    status: int = 200

    @property
    def request(self) -> bytes:
        """The bytes that ask for it."""
        return f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self.headers}\r\n".encode()


class Connection:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and head of an answer that is read to its end."""
        self._socket.sendall(request)
        data = self._socket.recv(CHUNK)
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        status, head = int(data[9:12]), data[:end]
        length = LENGTH.search(head)
        missing = end + 4 + (int(length[1]) if length and status != 304 else 0) - len(data)
        while missing > 0:
            missing -= len(self._more())
        return status, head

    def close(self) -> None:
        """Ends it."""
        self._socket.close()

    def _more(self) -> bytes:
        data = self._socket.recv(CHUNK)
        if not data:
            raise ConnectionError("the server hung up")
        return data


def rate(target: Target, connections: int, seconds: float) -> float:
    """Answers a second, over so many connections for so long. Raises RuntimeError for an answer of another status."""
    wrong: list[object] = []
    counts = [0] * connections
    started = time.perf_counter()
    until = started + seconds

    def ask(place: int) -> None:
        connection, request = Connection(target.port), target.request
        try:
            while time.perf_counter() < until and not wrong:
                status, _ = connection.ask(request)
                if status != target.status:
                    wrong.append(status)
                counts[place] += 1
        except OSError as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{target.path} was answered with {wrong[0]}, expected {target.status}")
    return sum(counts) / (time.perf_counter() - started)
