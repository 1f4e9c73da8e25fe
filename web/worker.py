"""The worker: the process that answers, which the server spawns and watches."""

import atexit
import gc
import multiprocessing
import os
import signal
import sys
import threading
from datetime import UTC, datetime

from flask import Flask

from search.embedding.embedder import Embedder
from search.embedding.open import open_embedder
from search.embedding.remembering import RememberingEmbedder
from search.settings import read_settings
from web.app import create_app
from web.intake import Intake
from web.loading import LoadingEmbedder
from web.publishing import Publisher

SWITCH_SECONDS = 0.001  # that a thread waits for the interpreter: a publish lets go of it at hundreds of system calls
STOP_SECONDS = 5.0  # for a build to end when the service does


def application() -> Flask:
    """The service over the HOME of the environment, its model loading; what the server's worker process calls."""
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    noted, note = os.pipe()
    os.set_blocking(note, False)
    signal.set_wakeup_fd(note, warn_on_full_buffer=False)
    threading.Thread(target=_signal_main_thread, args=(noted,), name="signals", daemon=True).start()
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = read_settings()
    embedder = LoadingEmbedder(lambda: _settled(open_embedder(settings)))
    embedder.start()
    app = create_app(settings, embedder, lambda: datetime.now(UTC))
    service = app.extensions["broadsheet"]
    atexit.register(_leave, service.intake, service.publisher)
    return app


def _settled(embedder: Embedder) -> Embedder:
    """The embedder, loaded and remembering, and what it brought out of the garbage collector's sight: 100 ms a look."""
    embedder.embed(["what a model reads first is slow"])
    gc.collect()
    gc.freeze()
    return RememberingEmbedder(embedder)


def _leave(intake: Intake, publisher: Publisher) -> None:
    """Ends the worker without tearing Python down around threads that are in native code: that can hang."""
    intake.stop(STOP_SECONDS)
    publisher.stop(STOP_SECONDS)
    sys.stderr.flush()
    os._exit(0)  # a build that is cut off publishes nothing; what was acknowledged is in the ledger


def _signal_main_thread(noted: int) -> None:
    """Gives the main thread the first signal that any thread was given: it alone handles them, and else sleeps on."""
    number = os.read(noted, 1)[0]
    signal.pthread_kill(threading.main_thread().ident or 0, number)


def _end_with_parent() -> None:
    """Ends this worker when the process that watches it is killed: alone, it would hold the port for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)  # what was acknowledged is in the ledger
