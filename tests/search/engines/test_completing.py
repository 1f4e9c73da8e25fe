"""Titles, names and words of an archive, found by their beginnings: as the exact engine finds them."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from search.article import Article
from search.engines.engine import EmbeddedArticle, NamedField
from search.request import Filters
from tests.exact_engine import ExactEngine
from tests.search.engines.archives import (
    BEGINNINGS,
    MODEL,
    NO_TERM,
    NOW,
    WORDS,
    Opened,
    archive,
    filled,
    filters,
    limits,
    many,
)


@many
@given(
    batches=st.lists(archive, min_size=1, max_size=2),
    filters=filters,
    typed=st.lists(st.sampled_from([*BEGINNINGS, NO_TERM, "…"]), max_size=3),
    limit=limits,
)
def test_titles_are_found_by_the_beginnings_of_their_words(
    opened: Callable[[], Opened], batches: list[list[Article]], filters: Filters, typed: list[str], limit: int
) -> None:
    reader, exact = filled(opened(), [(batch, []) for batch in batches])
    assert reader.match_title(typed, filters, limit) == exact.match_title(typed, filters, limit)


@many
@given(
    batches=st.lists(archive, min_size=1, max_size=2),
    filters=filters,
    field=st.sampled_from(["section", "tag"]),
    beginning=st.sampled_from(["s", "STORM  a", "Fé", "e", "É", "news", "newsroom", "", "…", NO_TERM]),
    limit=limits,
)
def test_names_are_found_by_their_beginnings(
    opened: Callable[[], Opened],
    batches: list[list[Article]],
    filters: Filters,
    field: NamedField,
    beginning: str,
    limit: int,
) -> None:
    reader, exact = filled(opened(), [(batch, []) for batch in batches])
    assert reader.names(field, beginning, filters, limit) == exact.names(field, beginning, filters, limit)


def test_a_title_is_found_by_words_in_any_order_whole_ones_first_then_the_newest(
    opened: Callable[[], Opened],
) -> None:
    archive = [
        Article("old", "Éclairs of the Harbour", published=NOW - timedelta(days=9)),
        Article("new", "The harbour's eclairs return", published=NOW),
        Article("longer", "Harbours without éclairs", published=NOW + timedelta(days=1)),
        Article("undated", "Harbour eclairs in winter"),
    ]
    reader, _ = filled(opened(), [(archive, [])])
    assert [hit.id for hit in reader.match_title(["HARBOUR", "écl"], Filters(NOW), 9)] == [
        *("new", "old", "undated"),
        "longer",
    ]
    assert [hit.id for hit in reader.match_title(["ecl", "harb"], Filters(NOW), 2)] == ["longer", "new"]
    assert [reader.match_title(typed, Filters(NOW), 9) for typed in ([], ["arbour"], ["harbour", "clairs"])] == [[]] * 3


def test_near_identical_titles_are_found_once_by_the_newest_that_may_be_seen(opened: Callable[[], Opened]) -> None:
    archive = [
        *(Article(f"tide-{n:03}", f"Tide table no. {n}", published=NOW - timedelta(hours=n)) for n in range(300)),
        Article("inquiry", "Tide inquiry", published=NOW - timedelta(days=99)),
    ]
    reader, _ = filled(opened(), [(archive, [])])
    assert [hit.id for hit in reader.match_title(["t"], Filters(NOW), 5)] == ["tide-000", "inquiry"]
    hidden = Filters(NOW, without_ids=frozenset({"tide-000"}))
    assert [hit.id for hit in reader.match_title(["t"], hidden, 5)] == ["tide-001", "inquiry"]


def test_of_very_many_titles_that_begin_alike_the_newest_are_found(opened: Callable[[], Opened]) -> None:
    archive = [
        Article(
            f"a{number}",
            f"{'Storm' if number % 3 else 'Harbour'} {'unseen' if number < 5 else 'seen'} x{number:x}",
            published=NOW - timedelta(hours=number // 4),
            embargo_until=NOW + timedelta(days=1) if number < 5 else None,
        )
        for number in range(16_000)
    ]
    bulk = [EmbeddedArticle(each, MODEL.embed(["storm"])) for each in archive]
    target, exact = opened(), ExactEngine()
    for writer in (target.writer(), exact):
        writer.put(bulk)
        writer.commit(1, "build")
    reader = target.engine.reader()
    for typed in (["s"], ["storm", "s"], ["s", "u"], ["sto", "h"], ["x"], ["x3e7"]):
        assert reader.match_title(typed, Filters(NOW), 8) == exact.match_title(typed, Filters(NOW), 8), typed


def test_a_name_is_counted_and_spelt_by_the_articles_that_may_be_seen(opened: Callable[[], Opened]) -> None:
    archive = [
        Article("a1", "A", tags=("harbour  Bridge", "Harbours"), published=NOW),
        Article("a2", "B", tags=("Harbour Bridge", "Harbour Merger"), published=NOW + timedelta(days=1)),
        Article("a3", "C", tags=("Harbours", "Háry János"), section="Harbour"),
        Article("a4", "D", tags=("Harbours",)),
    ]
    reader, _ = filled(opened(), [(archive, [])])
    everything, rest = Filters(NOW), Filters(NOW, without_ids=frozenset({"a2"}))
    assert reader.names("tag", "HAR", everything, 9) == ["Harbours", "Harbour Bridge", "Harbour Merger", "Háry János"]
    assert reader.names("tag", "harbour  b", rest, 9) == ["harbour  Bridge"]
    assert reader.names("tag", "har", rest, 2) == ["Harbours", "harbour  Bridge"]
    assert [reader.names("section", typed, rest, 9) for typed in ("harb", "bridge", "")] == [["Harbour"], [], []]


@many
@given(archive=archive, word=st.sampled_from([*WORDS, "closed", "ferries", NO_TERM, "…"]))
def test_the_words_of_an_archive_are_those_of_its_articles_as_they_are_written(
    opened: Callable[[], Opened], archive: list[Article], word: str
) -> None:
    reader, exact = filled(opened(), [(archive, [])])
    assert reader.words() == exact.words()
    assert reader.holds(word) == exact.holds(word)


def test_words_are_counted_by_article_lower_case_and_without_accents(opened: Callable[[], Opened]) -> None:
    archive = [
        Article("a", "Éclairs, éclairs", summary="The MAYOR closes", body="mayor"),
        Article("b", "The mayor's 1999 " + NO_TERM),
    ]
    reader, _ = filled(opened(), [(archive[:1], []), (archive[1:], [])])
    assert reader.words() == {"eclairs": 1, "the": 2, "mayor": 2, "closes": 1, "s": 1, "1999": 1}
    assert [reader.holds(word) for word in ("éclairs", "Mayor", "closing", "harbour", "", NO_TERM)] == [
        *(True, True),
        *(False, False, False, False),
    ]
