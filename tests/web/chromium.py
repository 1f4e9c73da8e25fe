"""A real browser for tests: Chromium without a window, told what to do over a pipe (the DevTools protocol)."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import lxml.html

from tests.web.newsroom import eventually

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --remote-debugging-pipe"
).split()
ON_PIPE = 'exec "$0" "$@" 3</proc/self/fd/{} 4>/proc/self/fd/{}'  # where Chromium takes commands from and answers to


@dataclass(frozen=True)
class Page:
    """One tab. It closes with its browser."""

    browser: "Browser"
    session: str

    def value(self, expression: str) -> Any:
        """What an expression is, in JSON's types; a promise is waited for. Fails where it throws."""
        fields = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = self.browser.ask("Runtime.evaluate", self.session, **fields)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def waited_for(self, expression: str) -> "Page":
        """The page, once an expression is true there. Fails where it does not come to be."""
        assert eventually(lambda: self.value(f"Boolean({expression})")), expression
        return self

    def document(self) -> lxml.html.HtmlElement:
        """The page as its scripts have made it."""
        return lxml.html.fromstring(self.value("document.documentElement.outerHTML"))

    def rest(self, seconds: float) -> None:
        """Leaves the page so long to itself."""
        self.value(f"new Promise((done) => setTimeout(done, {seconds * 1_000}))")


class Browser:
    """A running Chromium: opens pages, each a tab of its own."""

    def __init__(self, commands: IO[bytes], answers: IO[bytes]) -> None:
        self._commands, self._answers, self._count = commands, answers, 0
        self._told: set[tuple[str, str]] = set()  # sessions and what happened in them

    def ask(self, method: str, session: str | None = None, **fields: object) -> Any:
        """The result of one command."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": fields}
        self._commands.write(json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0")
        self._commands.flush()
        while (answer := self._next()).get("id") != self._count:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, address: str) -> Page:
        """A page that has loaded, its scripts started."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable", session)
        self.ask("Page.navigate", session, url=address)
        while (session, "Page.loadEventFired") not in self._told:
            self._next()
        return Page(self, session)

    def _next(self) -> dict[str, Any]:
        text = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "Chromium has ended"
            text += byte
        message: dict[str, Any] = json.loads(text)
        self._told.add((message.get("sessionId", ""), message.get("method", "")))
        return message


@contextmanager
def chromium(profile: Path, *flags: str) -> Iterator[Browser]:
    """A browser with an empty profile in a new folder."""
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
    command = [CHROMIUM or "", *FLAGS, *flags, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(
        ["sh", "-c", ON_PIPE.format(theirs_in, theirs_out), *command],
        pass_fds=(theirs_in, theirs_out),
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        with open(ours_out, "wb") as commands, open(ours_in, "rb") as answers:
            browser = Browser(commands, answers)
            yield browser
            browser.ask("Browser.close")
    finally:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
