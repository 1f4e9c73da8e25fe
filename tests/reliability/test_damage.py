"""Flipped bytes and cut files: verify finds every one, and no answer over them ends the process."""

import random
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from indexer.accept import accept
from indexer.ledger import Ledger
from indexer.sources.paths import inputs
from indexer.verify import verify
from tests.builders import article, settings
from tests.indexer.following import add, follower
from tests.reliability.children import started, told
from tests.reliability.demand import points
from tests.web.newsroom import Newsroom

NEWSROOM = Path(__file__).parents[2] / "data" / "newsroom" / "corpus.jsonl"
PATIENCE_SECONDS = 60.0
ASKED = [
    "/api/search?q=harbour+bridge+inquiry",
    "/api/search?q=%22harbour+bridge%22+-ferry&mode=lexical",
    "/api/search?sort=newest&section=News",
    "/api/suggest?q=har",
    "/api/articles/harbour-bridge-closes",
    "/api/articles/harbour-bridge-closes/related?explain=1",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample newsroom, and one article after it: some files are links into the generation before."""
    home = tmp_path_factory.mktemp("home")
    with Ledger(home / "ledger.sqlite3") as ledger:
        accept(inputs((NEWSROOM,)).items(lambda done: None), ledger)
        follower(ledger, home).rebuild()
        add(ledger, article("late"))
        follower(ledger, home).follow()
    return home


def files_of(home: Path) -> list[Path]:
    folder = home / "index" / "000002"
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.stat().st_size)


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The same with one byte another, or cut short."""
    place = dice.randrange(len(data))
    if dice.random() < 0.25:
        return data[:place]
    return data[:place] + bytes([data[place] ^ dice.randint(1, 255)]) + data[place + 1 :]


def test_verify_finds_every_flipped_byte_and_every_truncation_of_every_file(home: Path) -> None:
    dice, files, missed = random.Random(11), files_of(home), []
    assert verify(settings(home), "hashing-64").is_whole
    assert len(files) > 15
    for case in range(points(200, 2_000)):
        file = files[case % len(files)]
        data = file.read_bytes()
        file.write_bytes(damaged(data, dice))
        if verify(settings(home), "hashing-64").is_whole:
            missed.append(file.name)
        file.write_bytes(data)
    assert missed == []
    assert verify(settings(home), "hashing-64").is_whole


def ask(home: Path, says: Connection) -> None:
    """Asks a service of its own over the home; a native panic counts as an error of the server."""
    newsroom = Newsroom(home)
    for path in ASKED:
        try:
            says.send(newsroom.client.get(path).status_code)
        except BaseException as error:  # what granian would have turned into a 500
            says.send(f"{type(error).__name__}")


def test_a_service_over_damaged_files_answers_or_refuses_and_no_signal_ends_it(home: Path) -> None:
    dice, files = random.Random(12), files_of(home)
    said = set()
    for case in range(points(20, 2_000)):
        file = files[case % len(files)]
        data = file.read_bytes()
        file.write_bytes(damaged(data, dice))
        child, answers = started(ask, home)
        statuses = told(answers)
        child.join(PATIENCE_SECONDS)
        file.write_bytes(data)
        assert (child.exitcode, len(statuses)) == (0, len(ASKED)), (file.name, statuses)
        said |= set(statuses)
    assert {200, 503} <= said
