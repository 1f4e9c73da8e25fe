from collections.abc import Sequence
from pathlib import Path

import pytest

from search.article import Article
from search.embedding.hashing import HashingEmbedder
from search.engines.local.engine import LocalEngine
from search.engines.local.writer import LocalWriter
from search.errors import Corrupt
from search.request import Filters, Mode, SearchRequest
from search.result import SearchHit
from search.searching import Searcher
from search.settings import Settings
from search.text.analysis import Analyzer
from tests.builders import NOW, article, embedded
from tests.search.engines.local.test_generation import published

MODEL = HashingEmbedder()
FILLER = [article(f"filler-{n}", f"Council minutes {n}", body="It was said that the vote stood.") for n in range(9)]


def searched(folder: Path, query: str, *articles: Article) -> list[SearchHit]:
    """The hits by words, best first, in an archive where stop words stand everywhere."""
    writer = LocalWriter(folder, None, MODEL.identity, "english", lambda: NOW)
    writer.put(embedded([*articles, *FILLER], MODEL))
    writer.commit(1, "build")
    searcher = Searcher(LocalEngine(folder), lambda: None, Analyzer("english"), Settings())
    return list(searcher.search(SearchRequest(query, Filters(NOW), Mode.LEXICAL)).hits)


def first(hits: Sequence[SearchHit]) -> str:
    return hits[0].article.id


def test_the_who_is_more_than_a_who(tmp_path: Path) -> None:
    hits = searched(
        tmp_path,
        "The Who reunite",
        article("band", "The Who reunite", body="The tour opens here."),
        article("twins", "Who reunite in the end", body="The twins, who met here, who else."),
        article("school", "Friends who reunite", body="They, who were at the school."),
    )
    assert first(hits) == "band"


def test_a_name_of_little_words_finds_what_holds_it_side_by_side(tmp_path: Path) -> None:
    hits = searched(
        tmp_path,
        "take that",
        article("band", "Songs of Take That", body="A quiet evening at the hall."),
        article("council", "Take the bus, take the tram", body="That is what they take, they say."),
    )
    assert first(hits) == "band"


def test_an_it_outage_is_not_any_outage(tmp_path: Path) -> None:
    hits = searched(
        tmp_path,
        "IT outage",
        article("computers", "Hospital waits", body="An IT outage shut it."),
        article("power", "Outage in town", body="It was long, it was dark, and it was cold."),
    )
    assert first(hits) == "computers"


def test_an_it_department_is_told_from_any_department_by_its_capitals(tmp_path: Path) -> None:
    archive = (
        article("store", "Cuts announced", body="Shoppers say it shut a department."),
        article("computers", "Cuts announced", body="Shoppers of the IT department say so now."),
    )
    assert first(searched(tmp_path / "name", "IT department cuts", *archive)) == "computers"
    assert first(searched(tmp_path / "plain", "it department cuts", *archive)) == "store"


@pytest.mark.parametrize("place", [0, 20])  # of the block, which then is none; of the article in it
def test_a_damaged_stored_article_is_told_in_a_line(tmp_path: Path, place: int) -> None:
    published(tmp_path, "a")
    (store,) = tmp_path.rglob("*.store")
    data = store.read_bytes()
    store.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
    with pytest.raises(Corrupt, match=r"^stored articles cannot be read, run search-index verify --fix: .+$") as told:
        LocalEngine(tmp_path).reader().articles(["a"])
    assert "\n" not in str(told.value)
