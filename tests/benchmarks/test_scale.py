"""Archives of rising size, from one ledger that is filled once."""

import json
from pathlib import Path

import pytest

from benchmarks.memory import Memory
from benchmarks.scale import HELD_OUT, build, embed, figures, prepare
from indexer.decide import Add
from indexer.follow import SLICE
from indexer.ledger import Ledger
from search.engines.open import open_engine
from search.errors import Unavailable
from search.request import Filters
from tests.builders import NOW, article, settings
from tests.indexer.following import Counting, Failing


def test_held_out_headlines_are_queries_and_are_not_in_the_archive(tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(number), "title": f"headline {number}"}) for number in range(1, HELD_OUT + 101)]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    home = settings(tmp_path / "home")
    assert prepare(tmp_path, home, HELD_OUT + 50, 500) == 1
    assert json.loads((home.home / "queries.json").read_text()) == [f"headline {HELD_OUT}"]
    assert build(home, 40)["articles"] == 40
    assert build(home, HELD_OUT + 50)["articles"] == HELD_OUT + 49
    reader = open_engine(settings(home.home / "40")).reader()
    titles = {each.title for each in reader.articles([str(row) for row in range(40)]).values()}
    assert titles == {f"headline {number}" for number in range(1, 41)}
    assert reader.by_date(Filters(NOW), 1).total == 40


def test_what_was_done_before_is_not_done_again(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        "\n".join(json.dumps({"id": str(number), "title": f"headline {number}"}) for number in range(HELD_OUT)),
        encoding="utf-8",
    )
    home = settings(tmp_path / "home")
    assert prepare(tmp_path, home, HELD_OUT, 500) == 1
    (tmp_path / "corpus.jsonl").unlink()
    assert prepare(tmp_path, home, HELD_OUT, 500) == 1


def test_embedding_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        ledger.record(Add(article(str(number), f"headline {number}")) for number in range(3 * SLICE))
        with pytest.raises(Unavailable):
            embed(ledger, Failing(batches=1), lambda done, total: None)
        model = Counting()
        embed(ledger, model, lambda done, total: None)
        assert len(model.texts) == 2 * SLICE
        assert ledger.count_vectors(model.identity) == 3 * SLICE


def test_memory_is_told_by_the_article() -> None:
    rows = figures([1.0, 2.0, 3.0], [5.0, 6.0, 7.0], Memory(own=50.0, files=200.0), 100_000)
    assert (rows["p50 ms, vector given"], rows["p50 ms, encoded"]) == (2.0, 6.0)
    assert (rows["bytes own, an article"], rows["bytes mapped, an article"]) == (500, 2000)
