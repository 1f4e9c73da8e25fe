"""Answers that were given, kept in bounded memory: the least lately asked goes first.

An entry is right while the state it was made from is the service's own: `Service.state`. So nothing that was
withdrawn, put under embargo or expired meanwhile is answered.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.http import parse_etags

from web.present import ANY_PAGE, SECURITY

JSON = "application/json"
MOST_BYTES = 64_000_000  # of all answers together: some ten thousand lists of articles
LARGEST_ANSWER = 1_000_000  # bytes; a larger one is made each time
OVERHEAD = 1_000  # bytes that an entry takes beside its body and its address
LONGEST_AGE = timedelta(minutes=1)  # for what no state holds: how popular articles are, and how old "latest" is
SHARED = (
    ("Cache-Control", "no-cache"),  # keep it, but ask before each use: it may be withdrawn
    *ANY_PAGE.items(),
    *SECURITY.items(),
)

Asked = tuple[str, ...]  # a request as it was written


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of a route: its type, its body (JSON without its end), and what its content is known by."""

    route: str
    mimetype: str
    body: bytes
    etag: str

    def told(self, if_none_match: str | None, started: float) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body for a client, who may hold the same already; `started` by `time.perf_counter`."""
        headers = [("ETag", f'W/"{self.etag}"'), *SHARED]
        if if_none_match and parse_etags(if_none_match).contains_weak(self.etag):
            return 304, headers, b""
        body = self.body
        if self.mimetype == JSON:
            body += b',"took_ms":%.2f}\n' % ((time.perf_counter() - started) * 1000)
        mimetype = self.mimetype if self.mimetype == JSON else f"{self.mimetype}; charset=utf-8"
        return 200, [("Content-Type", mimetype), ("Content-Length", str(len(body))), *headers], body


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer, what it was made from, and when."""

    kept: Kept
    state: Hashable
    made: datetime

    def is_right(self, state: Hashable, now: datetime) -> bool:
        """Whether it would be made the same now."""
        return self.state == state and self.made <= now < self.made + LONGEST_AGE


class AnswerCache:
    """The last answer to every request, at most `most_bytes` of them."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[Asked, Entry] = OrderedDict()

    def find(self, asked: Asked) -> Entry | None:
        """The last answer, which may be right no more."""
        with self._lock:
            entry = self._entries.get(asked)
            if entry:
                self._entries.move_to_end(asked)
            return entry

    def keep(self, asked: Asked, entry: Entry) -> None:
        """Keeps an answer in place of the one before, unless it is too large, and forgets what there is no room for."""
        size = _size(asked, entry)
        if size > min(LARGEST_ANSWER, self._most_bytes):
            return
        with self._lock:
            before = self._entries.pop(asked, None)
            self._bytes += size - (_size(asked, before) if before else 0)
            self._entries[asked] = entry
            while self._bytes > self._most_bytes:
                self._bytes -= _size(*self._entries.popitem(last=False))

    def __len__(self) -> int:
        """How many answers are kept, old ones too."""
        return len(self._entries)


def _size(asked: Asked, entry: Entry) -> int:
    return sum(map(len, asked)) + len(entry.kept.body) + OVERHEAD
