"""kill -9 at random moments and at every kind of step: nothing acknowledged is lost, what is live is always whole."""

import random
from pathlib import Path

from indexer.accept import accept
from indexer.item import Item
from indexer.ledger import Ledger
from indexer.verify import verify
from tests.builders import NOW, record, settings
from tests.indexer.following import follower, found, live
from tests.reliability.children import started, told
from tests.reliability.crashing import write_until_killed
from tests.reliability.demand import points

LONGEST_LIFE = 0.3  # seconds: a child's two or three publishes
MOST_STEPS = 200  # durable steps: about three publishes, each with a merge
APART = 1_000  # between the numbers of two children's articles


def killed(home: Path, point: int, moments: random.Random) -> list[tuple[str, str]]:
    """What a writer acknowledged until it was killed: at a step of its own, or at a moment of ours."""
    dies_at = moments.randint(1, MOST_STEPS) if moments.random() < 0.5 else None
    child, acknowledged = started(write_until_killed, home, point * APART, point % 5 == 0, dies_at)
    child.join(None if dies_at else moments.uniform(0.02, LONGEST_LIFE))
    child.kill()
    child.join()
    assert child.exitcode == -9, "it died of something else"
    return told(acknowledged)


def test_killed_anywhere_it_loses_nothing_acknowledged_and_leaves_a_whole_generation(tmp_path: Path) -> None:
    moments = random.Random(7)
    put, gone, merged = {"first"}, set[str](), False
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        accept([Item(record(id="first"), "test", 1)], ledger)
        follower(ledger, tmp_path).rebuild()
        for point in range(1, points(60, 1_000) + 1):
            for what, id_ in killed(tmp_path, point, moments):
                (put if what == "put" else gone).add(id_)
            merged |= any(segment.has_graph for segment in live(tmp_path).segments)
            report = verify(settings(tmp_path), "hashing-64")
            assert report.is_whole, (point, report)
            assert {id_ for id_ in put - gone if ledger.article(id_) is None} == set()
            assert {id_ for id_ in gone if ledger.article(id_)} == set()
            shown = set(found(tmp_path)) - ledger.hidden_from(live(tmp_path).token, NOW)
            assert shown.isdisjoint(gone)
        follower(ledger, tmp_path).follow()
        assert put - gone <= set(found(tmp_path))
        assert gone.isdisjoint(found(tmp_path))
        assert len(put) > point / 2, "the children were killed before they had done anything"
        assert follower(ledger, tmp_path).rebuild().articles == len(found(tmp_path))
    assert not list((tmp_path / "index").glob("*.building"))
    assert merged, "no child had merged anything"
