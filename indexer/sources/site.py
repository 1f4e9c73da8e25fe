"""Fetching from one site, politely: one request at a time, each with a limit of bytes, time and tries.

What a feed says is untrusted, links above all: nothing is fetched from another host than the one that was named.
"""

import http.client
import time
import urllib.request
import zlib
from collections.abc import Callable
from http.client import HTTPMessage
from typing import IO, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request

from indexer.sources.paths import GZIPPED
from search.errors import InvalidValue, Unavailable

LARGEST_FEED = 50_000_000  # bytes, unpacked: what the protocol of sitemaps allows
SECONDS = 30.0  # without a byte
TRIES = 3
LONGEST_WAIT = 60.0  # seconds that a site may ask for, and be given
BUSY = (429, 503)
KEPT = "%/:?#[]@!$&'()*+,;=~"  # of an address: all but what is no address, such as é, which is written in UTF-8
AGENT = "Broadsheet (a news site's own search)"


class Fetched(NamedTuple):
    """The status of an answer, and its body where that is 200."""

    status: int
    data: bytes


class Site:
    """The site of an address. Raises InvalidValue where that is none of http or https."""

    def __init__(self, address: str, wait: Callable[[float], None] = time.sleep) -> None:
        self.host, self._wait = _host(address), wait
        if not self.host:
            raise InvalidValue("URL", address, "an http or https address")
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.HTTPDefaultErrorHandler(),
            _SameHost(self.host),
        ):
            self._opener.add_handler(handler)

    def has(self, address: str) -> bool:
        """Whether an address is on this site, www. or not."""
        return _host(address) == self.host

    def fetch(self, address: str, most: int = LARGEST_FEED) -> Fetched:
        """What an address of this site answers. Raises Unavailable where it does not, or too much."""
        if not self.has(address):
            raise Unavailable(f"{address} is not of {self.host}, and nothing else is fetched")
        for tries_left in reversed(range(TRIES)):
            request = Request(quote(address, KEPT), headers={"User-Agent": AGENT})  # noqa: S310 - `has` saw to it
            try:
                with self._opener.open(request, timeout=SECONDS) as answer:
                    return Fetched(answer.status, _unpacked(address, answer.read(most + 1), most))
            except HTTPError as error:
                with error:
                    if error.code not in BUSY or not tries_left:
                        return Fetched(error.code, b"")
                    self._wait(_wanted_wait(error.headers.get("Retry-After", "")))
            except (URLError, http.client.HTTPException, OSError, ValueError) as error:
                if not tries_left:
                    raise Unavailable(f"{address} cannot be fetched: {getattr(error, 'reason', error)}") from error
                self._wait(1.0)
        raise AssertionError("every try returns or raises")


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect within the site alone."""

    def __init__(self, host: str) -> None:
        self._host = host

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if _host(newurl) != self._host:
            raise URLError(f"it redirects to {newurl}, another site")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _host(address: str) -> str:
    """The host and port of an address, without www.; "" for what is not of http or https."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and address.isprintable() and " " not in address
    return (parts.hostname or "").removeprefix("www.") + port if is_web and parts.hostname else ""


def _unpacked(address: str, data: bytes, most: int) -> bytes:
    if data.startswith(GZIPPED):
        try:
            data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, most + 1)
        except zlib.error as error:
            raise Unavailable(f"{address} is not whole: {error}") from error
    if len(data) > most:
        raise Unavailable(f"{address} has more than {most:,} bytes")
    return data


def _wanted_wait(asked: str) -> float:
    """How long a busy site asks to wait, in seconds; a date is taken for a second."""
    return min(float(asked), LONGEST_WAIT) if asked.isascii() and asked.isdigit() else 1.0
