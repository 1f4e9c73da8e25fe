"""Eight readers beside a writer: no error, no mixed generation, nothing withdrawn shown, and nothing that grows."""

import ctypes
import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from indexer.accept import accept
from indexer.item import Item
from search.article import Article
from search.engines.local.graph import Sizes
from search.settings import ARENAS
from tests.builders import record
from tests.reliability.demand import points
from tests.web.newsroom import Newsroom, article_path

ROOT = Path(__file__).resolve().parents[2]
READERS = 8
M_ARENA_MAX = -8  # mallopt's name for MALLOC_ARENA_MAX, in glibc's malloc.h
SIZES = Sizes(segment=60, step=0)  # rows of a merge: one in some eight publishes
PAUSE_SECONDS = points(100, 0) / 1_000  # between requests in CI, whose time is short
TOLD = 6  # articles that every edition changes, all in one transaction
WITHDRAWN = 20
LOOKED_AT = 16  # publishes: tantivy merges segments of one size by eight
GROWTH_MEGABYTES = 40  # what Python, tantivy and malloc may keep for later
PATHS = [
    "/api/search?q=edition&mode=lexical&size=50&spelling=off",
    "/api/search?q=edition+harbour&size=50&spelling=off",
    "/api/search?size=50",
    "/api/suggest?q=edi",
    article_path("told0") + "/related",
    "/search?q=edition",
    "/articles/told0",
]


class Desk:
    """What the writer has done, for the readers to hold answers against."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.gone: set[str] = set()  # acknowledged
        self.edition_of: dict[str, int] = {}  # by generation
        self.seen: dict[str, set[int]] = {}  # editions that answers of a generation held
        self.is_over = threading.Event()

    def publish(self, edition: int) -> None:
        """One edition, in one transaction: all told articles anew and one of its own; every fifth of these goes."""
        service = self.newsroom.app.extensions["broadsheet"]
        told = [record(id=f"told{n}", title=f"Edition e{edition}e", body="Harbour waves.") for n in range(TOLD)]
        own = record(id=f"own{edition}", title=f"Harbour of e{edition}e", body="Calm.")
        sequence = accept([Item(each, "test", 1) for each in (*told, own)], service.changes).sequence
        assert service.publisher.wait_until_visible(sequence, 60)
        self.edition_of[service.engine.reader().generation] = edition
        if edition % 5 == 0 and len(self.gone) < WITHDRAWN:
            assert self.newsroom.delete(f"own{edition}").status_code == 200
            self.gone.add(f"own{edition}")

    def rebuild(self) -> None:
        """`search-index rebuild`, in a process of its own: the rows of what was replaced are gone."""
        command = [sys.executable, "-m", "web", "--home", str(self.newsroom.settings.home), "--json", "rebuild"]
        environment = {**os.environ, "SEARCH_MODEL": "hashing"}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
        assert json.loads(done.stdout)["is_new"]

    def read(self, number: int) -> int:
        """Asks until all is over; how many answers there were. Fails at the first wrong one."""
        client, answers = self.newsroom.app.test_client(), 0
        while not self.is_over.wait(PAUSE_SECONDS):
            path = PATHS[(number + answers) % len(PATHS)]
            gone = frozenset(self.gone)
            response = client.get(path, buffered=True)
            assert response.status_code == 200, (path, response.text)
            if response.is_json:
                self.hold(path, response.get_json(), gone)
            else:
                assert not any(f'/articles/{id_}"' in response.text for id_ in gone)
            answers += 1
        return answers

    def hold(self, path: str, answer: Mapping[str, object], gone: frozenset[str]) -> None:
        cards = answer.get("hits", answer.get("items", []))
        assert isinstance(cards, list)
        assert {card["id"] for card in cards}.isdisjoint(gone), path
        editions = {int(card["title"].split("e")[-2]) for card in cards if card["id"].startswith("told")}
        assert len(editions) <= 1, (path, "two generations in one answer", editions)
        self.seen.setdefault(str(answer["generation"]), set()).update(editions)


def few_arenas() -> None:
    """Has malloc keep to as many arenas as the service does, from now on; in other C libraries than glibc nothing."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(M_ARENA_MAX, int(ARENAS))


def least_held(desk: Desk, editions: range) -> tuple[int, int]:
    """The fewest files and megabytes that are held after each of some publishes: both swing as segments are merged."""
    held = []
    for edition in editions:
        desk.publish(edition)
        held.append(now_held())
    files, megabytes = zip(*held, strict=True)
    return min(files), min(megabytes)


def now_held() -> tuple[int, int]:
    """Open files and mapped ones, and resident megabytes, of this process."""
    gc.collect()
    files = len(os.listdir("/proc/self/fd"))
    maps = sum("/index/" in line for line in Path("/proc/self/maps").read_text().splitlines())
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return files + maps, pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def test_readers_get_whole_current_answers_while_editions_are_published_and_withdrawn_and_all_is_rebuilt(
    tmp_path: Path,
) -> None:
    few_arenas()
    desk = Desk(Newsroom(tmp_path, [Article("first", "Harbour first")]))
    desk.newsroom.app.extensions["broadsheet"].engine.sizes = SIZES
    editions = points(100, 10_000)
    with ThreadPoolExecutor(READERS) as pool:
        desk.publish(1)
        readers = [pool.submit(desk.read, number) for number in range(READERS)]
        try:
            for edition in range(2, editions // 2 + 1 - LOOKED_AT):
                desk.publish(edition)
            files, megabytes = least_held(desk, range(editions // 2 + 1 - LOOKED_AT, editions // 2 + 1))
            desk.rebuild()
            for edition in range(editions // 2 + 1, editions + 1 - LOOKED_AT):
                desk.publish(edition)
            files_now, megabytes_now = least_held(desk, range(editions + 1 - LOOKED_AT, editions + 1))
        finally:
            desk.is_over.set()
        answers = [reader.result() for reader in readers]
    assert min(answers) > 0
    assert len(desk.gone) == min(WITHDRAWN, editions // 5)
    assert len(desk.edition_of) == editions
    assert {name for name, seen in desk.seen.items() if len(seen) > 1} == set()
    assert {n: desk.seen.get(n) or {edition} for n, edition in desk.edition_of.items()} == {
        n: {edition} for n, edition in desk.edition_of.items()
    }
    assert files_now <= files + 30, "files stay open"
    assert megabytes_now <= megabytes + GROWTH_MEGABYTES, "memory grows"
    reader = desk.newsroom.app.extensions["broadsheet"].engine.reader()
    assert len(list((tmp_path / "index" / reader.generation / "lexical").glob("*.store"))) <= editions // 5
    assert any(segment.has_graph for segment in reader.segments), "no vectors were merged in the background"
    print(f"{sum(answers):,} answers; open files {files} then {files_now}; MB {megabytes} then {megabytes_now}")
