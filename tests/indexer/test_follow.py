import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.accept import accept, withdraw
from indexer.decide import Add, Update
from indexer.follow import Follower, Published
from indexer.ledger import Ledger
from indexer.sources.paths import inputs
from search.article import ArticleId
from search.embedding.hashing import HashingEmbedder
from search.engines.local.generation import FORMAT, damaged_files
from search.errors import Unavailable
from search.request import Filters
from search.result import Hit
from tests.builders import NOW, article, settings
from tests.indexer.following import ALL, Counting, Failing, add, follower, found, generations, is_whole, live, untimed

HOUR = timedelta(hours=1)
NEWSROOM = Path(__file__).parent.parent.parent / "data" / "newsroom" / "corpus.jsonl"


def test_a_rebuild_publishes_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b", body="Waves."))
    published = follower(ledger, tmp_path).rebuild()
    assert untimed(published) == Published("000001", True, articles=2, applied=2, embedded=2, seconds=0.0)
    reader = live(tmp_path)
    assert (reader.generation, reader.sequence, reader.model) == ("000001", 2, "hashing-64")
    assert reader.articles(["a", "b", "c"]) == {"a": article("a"), "b": article("b", body="Waves.")}
    assert is_whole(tmp_path)


def test_a_second_rebuild_of_the_same_is_unchanged_and_embeds_nothing(ledger: Ledger, tmp_path: Path) -> None:
    embedder = Counting()
    add(ledger, article("a"), article("b"))
    follower(ledger, tmp_path, embedder).rebuild()
    embedder.texts.clear()
    again = follower(ledger, tmp_path, embedder).rebuild()
    assert again == Published("000001", False, articles=2, applied=0, embedded=0, seconds=0.0)
    assert embedder.texts == []


def test_a_rebuild_brings_an_index_of_the_format_before_up_to_this_one(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b"))
    follower(ledger, tmp_path).rebuild()
    file = tmp_path / "index" / "000001" / "manifest.json"
    (file.parent / "manifest.sha256").unlink()
    file.write_text(file.read_text().replace(f'"format": {FORMAT}', '"format": 4'))
    assert found(tmp_path) == ["a", "b"]
    assert untimed(follower(ledger, tmp_path).rebuild()) == Published("000002", True, 2, 2, 0, 0.0)


def test_a_rebuild_embeds_only_new_text(ledger: Ledger, tmp_path: Path) -> None:
    embedder = Counting()
    add(ledger, article("a"), article("b", body="Waves."))
    follower(ledger, tmp_path, embedder).rebuild()
    embedder.texts.clear()
    ledger.record([Update(article("a", section="Weather")), Add(article("c", title="Sun")), Update(article("b"))])
    again = follower(ledger, tmp_path, embedder).rebuild()
    assert (again.is_new, again.applied, again.embedded, embedder.texts) == (True, 3, 1, ["Sun"])


def test_an_empty_ledger_is_published_as_an_empty_generation(ledger: Ledger, tmp_path: Path) -> None:
    assert untimed(follower(ledger, tmp_path).rebuild()) == Published("000001", True, 0, 0, 0, 0.0)
    assert (found(tmp_path), is_whole(tmp_path)) == ([], True)


def test_following_applies_only_changes(ledger: Ledger, tmp_path: Path) -> None:
    embedder = Counting()
    add(ledger, *(article(f"a{number}", body=f"Wave {number}.") for number in range(30)))
    follower(ledger, tmp_path, embedder).rebuild()
    embedder.texts.clear()
    ledger.record([Update(article("a3", body="Calm.")), Add(article("b", body="Sun."))])
    told = follower(ledger, tmp_path, embedder).follow()
    assert untimed(told) == Published("000002", True, articles=31, applied=2, embedded=2, seconds=0.0)
    assert embedder.texts == ["Storm closes the harbour\nCalm.", "Storm closes the harbour\nSun."]
    assert live(tmp_path).articles(["a3", "a4", "b"]) == {
        "a3": article("a3", body="Calm."),
        "a4": article("a4", body="Wave 4."),
        "b": article("b", body="Sun."),
    }
    assert is_whole(tmp_path)


def test_following_without_changes_publishes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article())
    follower(ledger, tmp_path).rebuild()
    assert follower(ledger, tmp_path).follow() == Published("000001", False, 1, 0, 0, 0.0)
    assert generations(tmp_path) == ["000001"]


def test_following_before_the_first_publish_builds_it(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b"))
    assert untimed(follower(ledger, tmp_path).follow()) == Published("000001", True, 2, 2, 2, 0.0)


def test_progress_is_told_up_to_the_total(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b"))
    told: list[tuple[str, int, int]] = []
    follower(ledger, tmp_path).rebuild(lambda doing, done, total: told.append((doing, done, total)))
    assert told == [("Indexing", done, 2) for done in (0, 2, 2)]


def test_what_was_withdrawn_is_gone_from_everywhere(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a", body="Waves."), article("b", body="Waves."))
    follower(ledger, tmp_path).rebuild()
    withdraw(["a"], ledger)
    follower(ledger, tmp_path).follow()
    reader = live(tmp_path)
    vector = HashingEmbedder().embed(["Waves."])[0]
    assert [hit.id for hit in reader.match_text(["waves"], Filters(NOW), 10)] == ["b"]
    assert [hit.id for hit in reader.match_vector(vector, Filters(NOW), 10)] == ["b"]
    assert (found(tmp_path), reader.by_date(Filters(NOW), 1).total) == (["b"], 1)
    assert (dict(reader.articles(["a"])), dict(reader.vectors(["a"]))) == ({}, {})


def test_when_the_last_article_is_withdrawn_an_empty_generation_is_left(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article())
    follower(ledger, tmp_path).rebuild()
    withdraw(["storm"], ledger)
    assert follower(ledger, tmp_path).follow().articles == 0
    assert (found(tmp_path), is_whole(tmp_path)) == ([], True)


def test_what_comes_back_after_it_was_withdrawn_is_found_once(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b"))
    follower(ledger, tmp_path).rebuild()
    withdraw(["a"], ledger)
    follower(ledger, tmp_path).follow()
    add(ledger, article("a", body="Again."))
    follower(ledger, tmp_path).follow()
    assert found(tmp_path) == ["a", "b"]
    assert live(tmp_path).articles(["a"]) == {"a": article("a", body="Again.")}


def test_what_has_expired_is_left_out(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a", expires_at=NOW), article("b", expires_at=NOW + HOUR))
    assert follower(ledger, tmp_path).rebuild().articles == 1
    assert (found(tmp_path, NOW - HOUR), found(tmp_path, NOW + HOUR)) == (["b"], [])


def test_an_article_that_expires_by_an_edit_is_taken_out(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b"))
    follower(ledger, tmp_path).rebuild()
    ledger.record([Update(article("a", expires_at=NOW - HOUR))])
    assert follower(ledger, tmp_path).follow().articles == 1
    assert found(tmp_path, NOW - 2 * HOUR) == ["b"]


def test_what_is_under_embargo_is_indexed_and_seen_when_that_ends(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a", embargo_until=NOW + HOUR), article("b"))
    assert follower(ledger, tmp_path).rebuild().articles == 2
    reader, vector = live(tmp_path), HashingEmbedder().embed(["storm"])[0]

    def seen(filters: Filters) -> list[list[ArticleId]]:
        legs = [reader.by_date(filters, 10).hits, reader.match_text(["storm"], filters, 10)]
        return [sorted(hit.id for hit in leg) for leg in [*legs, reader.match_vector(vector, filters, 10)]]

    assert seen(Filters(NOW)) == [["b"]] * 3
    assert seen(Filters(NOW + HOUR)) == [["a", "b"]] * 3


def test_three_generations_are_kept_and_a_reader_of_an_older_one_still_answers(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a0"))
    follower(ledger, tmp_path).rebuild()
    first = live(tmp_path)
    for number in range(1, 6):
        add(ledger, article(f"a{number}"))
        follower(ledger, tmp_path).follow()
    assert generations(tmp_path) == ["000004", "000005", "000006"]
    assert first.articles(["a0"]) == {"a0": article("a0")}
    assert [hit.id for hit in first.match_text(["storm"], Filters(NOW), 10)] == ["a0"]


def test_generations_never_change_after_they_are_named(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b"))
    follower(ledger, tmp_path).rebuild()
    first = live(tmp_path)
    withdraw(["a"], ledger)
    add(ledger, article("c"))
    follower(ledger, tmp_path).follow()
    assert damaged_files(tmp_path / "index" / "000001", first.manifest) == []
    assert sorted(hit.id for hit in first.by_date(Filters(NOW), ALL).hits) == ["a", "b"]


QUERIES = [
    "harbour bridge inquiry",
    "why was the bridge shut",
    "mercury before sunrise",
    "ferry fares",
    "election",
]


def answers(home: Path) -> list[list[Hit]]:
    reader, embedder = live(home), HashingEmbedder()
    now = Filters(NOW)
    found = [reader.match_text(query.split(), now, ALL) for query in QUERIES]
    found += [reader.match_vector(vector, now, ALL) for vector in embedder.embed(QUERIES)]
    return [*found, reader.by_date(now, ALL).hits]


def fill_from_newsroom(ledger: Ledger) -> None:
    told = accept(inputs((NEWSROOM,)).items(lambda done: None), ledger)
    assert (told.refused, told.added > 50) == (0, True)


def test_the_index_can_be_deleted_and_rebuilt_to_the_same_answers_without_the_model(
    ledger: Ledger, tmp_path: Path
) -> None:
    fill_from_newsroom(ledger)
    follower(ledger, tmp_path).rebuild()
    before = answers(tmp_path)
    shutil.rmtree(tmp_path / "index")
    told = follower(ledger, tmp_path, Failing(9, identity="hashing-64")).rebuild()
    assert (told.is_new, told.embedded) == (True, 0)
    assert answers(tmp_path) == before
    assert min(map(len, before)) > 0


def test_changes_followed_one_by_one_give_the_answers_of_a_rebuild(ledger: Ledger, tmp_path: Path) -> None:
    fill_from_newsroom(ledger)
    follower(ledger, tmp_path).rebuild()
    ids = found(tmp_path)
    for number, id_ in enumerate(ids[:9]):
        edited = ledger.article(id_)
        assert edited is not None
        ledger.record([Update(replace(edited, body=f"{edited.body}\n\nBridge {number}."))])
        withdraw([ids[-1 - number]], ledger)
        follower(ledger, tmp_path).follow()
    followed = answers(tmp_path)
    assert follower(ledger, tmp_path).rebuild().is_new
    rebuilt = answers(tmp_path)
    assert followed[len(QUERIES) :] == rebuilt[len(QUERIES) :]  # by vector and by date: exact
    for before, after in zip(followed, rebuilt, strict=True):  # BM25 counts replaced articles until a merge
        assert {hit.id for hit in before} == {hit.id for hit in after}
    assert not follower(ledger, tmp_path).rebuild().is_new


def test_following_with_another_model_asks_for_a_rebuild(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"))
    follower(ledger, tmp_path, Counting("small")).rebuild()
    add(ledger, article("b"))
    with pytest.raises(Unavailable, match=r"small.*large.*: run search-index rebuild$"):
        follower(ledger, tmp_path, Counting("large")).follow()
    assert (found(tmp_path), live(tmp_path).model) == (["a"], "small")


def test_following_with_another_language_asks_for_a_rebuild(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article())
    follower(ledger, tmp_path).rebuild()
    german = Follower(settings(tmp_path, language="german"), ledger, HashingEmbedder(), lambda: NOW)
    with pytest.raises(Unavailable, match=r"english.*german.*: run search-index rebuild$"):
        german.follow()
    assert german.rebuild().is_new
    assert live(tmp_path).manifest.language == "german"


def test_a_rebuild_with_another_model_embeds_everything_and_going_back_nothing(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b", body="Waves."))
    follower(ledger, tmp_path, Counting("small")).rebuild()
    large = follower(ledger, tmp_path, Counting("large")).rebuild()
    assert (large.is_new, large.embedded, live(tmp_path).model) == (True, 2, "large")
    small = follower(ledger, tmp_path, Counting("small")).rebuild()
    assert (small.is_new, small.embedded, live(tmp_path).model) == (True, 0, "small")


def test_an_index_of_another_ledger_is_not_continued_but_rebuilt(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, article("a"), article("b"), article("c"))
    follower(ledger, tmp_path).rebuild()
    with Ledger(tmp_path / "restored.sqlite3") as restored:
        add(restored, article("a"))
        with pytest.raises(Unavailable, match="of another ledger, .*: run search-index rebuild"):
            follower(restored, tmp_path).follow()
        assert found(tmp_path) == ["a", "b", "c"]
        assert follower(restored, tmp_path).rebuild().is_new
        assert found(tmp_path) == ["a"]
