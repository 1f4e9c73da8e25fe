"""Every engine answers as the exact one does: the same articles, scores and order, whatever is asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.article import Article
from search.engines.engine import NOTHING, Question
from search.request import Filters
from search.result import Hit
from tests.search.engines.archives import (
    MODEL,
    NO_TERM,
    NOW,
    WORDS,
    Eithers,
    Opened,
    archive,
    articles,
    assert_same,
    eithers,
    filled,
    filters,
    limits,
    many,
    words,
)


@many
@given(
    archive=archive,
    filters=filters,
    query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    either=eithers,
    limit=limits,
)
def test_both_legs_find_what_a_full_scan_finds(
    opened: Callable[[], Opened],
    archive: list[Article],
    filters: Filters,
    query: list[str],
    either: Eithers,
    limit: int,
) -> None:
    reader, exact = filled(opened(), [(archive, [])])
    beside = Question({}, {"port strike": 0.5}, either)
    vector = MODEL.embed([" ".join(query)])[0]
    for also in (NOTHING, beside):
        found, expected = (each.match_text(query, filters, 99, also) for each in (reader, exact))
        assert_same(_rounded(found), _rounded(expected))
    assert_same(reader.match_vector(vector, filters, limit), exact.match_vector(vector, filters, limit))
    assert reader.by_date(filters, limit) == exact.by_date(filters, limit)
    some = {"a1", "a3", "a5", "a7", "unknown"}
    assert reader.among(some, filters) == exact.among(some, filters)
    oldest = exact.by_date(filters, limit, oldest_first=True)
    assert reader.by_date(filters, limit, oldest_first=True) == oldest


@many
@given(archive=archive, filters=filters, limit=limits)
def test_facets_count_what_a_full_scan_counts(
    opened: Callable[[], Opened], archive: list[Article], filters: Filters, limit: int
) -> None:
    reader, exact = filled(opened(), [(archive, []), (archive[:3], [archive[-1].id])])
    some = ["a1", "a3", "a5", "a7", "unknown"]
    assert reader.facets(filters, limit) == exact.facets(filters, limit)
    assert reader.facets(some, limit) == exact.facets(some, limit)
    assert reader.facets([], 1) == exact.facets([], 1)


@many
@given(archive=archive, filters=filters)
def test_stories_are_those_that_a_comparison_of_all_articles_finds(
    opened: Callable[[], Opened], archive: list[Article], filters: Filters
) -> None:
    reader, exact = filled(opened(), [(archive, [])])
    ids = [each.id for each in archive]
    assert reader.stories_of([*ids, "unknown"]) == exact.stories_of(ids)
    for id_ in [*ids, "unknown"]:
        assert reader.told_in(id_, filters) == exact.told_in(id_, filters)


@many
@given(
    batches=st.lists(
        st.tuples(
            st.lists(articles, max_size=6, unique_by=lambda article: article.id),
            st.lists(st.sampled_from([f"a{number}" for number in range(12)]), max_size=3),
        ),
        min_size=1,
        max_size=6,
    ),
    filters=filters,
    limit=limits,
)
def test_generations_of_puts_and_removals_hold_what_was_put_last(
    opened: Callable[[], Opened], batches: list[tuple[list[Article], list[str]]], filters: Filters, limit: int
) -> None:
    reader, exact = filled(opened(), batches)
    everything = replace(filters, phrases=(), excluded=(), any_of=())
    ids = list(exact.put_articles)
    vector = MODEL.embed(["storm bridge"])[0]
    assert_same(reader.by_date(everything, limit).hits, exact.by_date(everything, limit).hits)
    assert_same(reader.match_vector(vector, filters, limit), exact.match_vector(vector, filters, limit))
    assert reader.articles([*ids, "unknown"]) == exact.articles(ids)
    assert {id_: list(vector) for id_, vector in reader.vectors([*ids, "unknown"]).items()} == {
        id_: list(vector) for id_, vector in exact.vectors(ids).items()
    }
    assert {hit.id for hit in reader.match_text(["storm"], filters, 99)} == {
        hit.id for hit in exact.match_text(["storm"], filters, 99)
    }


@many
@given(archive=archive, text=words, limit=limits)
def test_the_strongest_words_are_those_of_the_highest_tf_idf(
    opened: Callable[[], Opened], archive: list[Article], text: str, limit: int
) -> None:
    reader, exact = filled(opened(), [(archive, [])])
    found, expected = reader.strongest_words(text, limit), exact.strongest_words(text, limit)
    assert list(found) == list(expected)
    assert list(found.values()) == pytest.approx(list(expected.values()))


@many
@given(
    batches=st.lists(archive, min_size=1, max_size=3),
    weights=st.dictionaries(st.sampled_from(WORDS), st.sampled_from([0.05, 0.7, 1.0]), min_size=1, max_size=4),
    phrases=st.dictionaries(st.sampled_from(["storm flood", "talks of the port", "bridge"]), st.just(0.1), max_size=2),
    either=eithers,
    ids=st.lists(st.sampled_from([*(f"a{number}" for number in range(12)), "unknown"]), unique=True),
)
def test_candidates_are_judged_as_a_full_scan_judges_them(
    opened: Callable[[], Opened],
    batches: list[list[Article]],
    weights: dict[str, float],
    phrases: dict[str, float],
    either: Eithers,
    ids: list[str],
) -> None:
    once = {
        each.id: each for batch in batches for each in batch
    }  # each put once: BM25 counts tombstones until a rebuild
    groups = [[each for each in batch if once[each.id] is each] for batch in batches]
    reader, exact = filled(opened(), [(batch, []) for batch in groups])
    question, vector = Question(weights, phrases, either), MODEL.embed(["storm bridge"])[0]
    assert reader.score_text(question, ids) == pytest.approx(exact.score_text(question, ids), abs=1e-5)
    words = [*weights, "unheard"]
    for instead in ({}, {words[0]: ["storm flood", "port"], "unheard": [NO_TERM, "talks"]}):
        covered, expected = (each.coverage(words, ids, instead) for each in (reader, exact))
        assert covered == pytest.approx(expected, abs=1e-5)
    alike, exactly = reader.likeness(), exact.likeness()
    assert alike.articles == exactly.articles
    assert [alike.mean, alike.deviation] == pytest.approx([exactly.mean, exactly.deviation], abs=1e-5)
    assert alike.centre.tolist() == pytest.approx(exactly.centre.tolist(), abs=1e-5)
    assert (reader.sections(ids), reader.newest(NOW)) == (exact.sections(ids), exact.newest(NOW))
    assert reader.tags([*ids, "unknown"]) == exact.tags(ids)
    instants = [NOW + timedelta(seconds=seconds) for seconds in (-86_400, -1, 0, 1, 86_400)]
    assert [reader.moments_passed(at) for at in instants] == [exact.moments_passed(at) for at in instants]
    assert reader.score_vector(vector, ids) == pytest.approx(exact.score_vector(vector, ids), abs=1e-5)


def test_a_filter_that_n_articles_match_gives_n_however_rare(opened: Callable[[], Opened]) -> None:
    archive = [
        Article(f"a{number:04}", "storm over the bridge", section="Rare" if number % 100 == 0 else "News")
        for number in range(1_000)
    ]
    reader, _ = filled(opened(), [(archive[:600], []), (archive[600:], [])])
    rare = Filters(NOW, sections=["rare"])
    wanted = [f"a{number:04}" for number in range(0, 1_000, 100)]
    vector = MODEL.embed(["harbour"])[0]
    assert [hit.id for hit in reader.match_vector(vector, rare, 10)] == wanted
    assert sorted(hit.id for hit in reader.match_text(["bridge"], rare, 10)) == wanted
    assert [hit.id for hit in reader.by_date(rare, 10).hits] == wanted


def test_equals_fall_to_the_newest_then_to_the_id_even_where_the_list_is_cut(
    opened: Callable[[], Opened],
) -> None:
    archive = [
        Article(f"a{number:03}", "storm over the bridge", published=NOW + timedelta(days=number % 3))
        for number in range(90)
    ]
    reader, exact = filled(opened(), [(archive, [])])
    everything, vector = Filters(NOW), MODEL.embed(["storm over the bridge"])[0]
    for limit in (1, 7, 31, 90, 200):
        assert_same(reader.match_vector(vector, everything, limit), exact.match_vector(vector, everything, limit))
        assert_same(reader.match_text(["storm"], everything, limit), exact.match_text(["storm"], everything, limit))


def test_a_phrase_does_not_run_from_one_part_of_an_article_into_the_next(
    opened: Callable[[], Opened],
) -> None:
    reader, _ = filled(opened(), [([Article("a1", "storm bridge", body="bridge strike", summary="talks")], [])])
    found = [
        phrase
        for phrase in ("storm bridge", "bridge storm", "bridge talks", "bridge strike")
        if reader.by_date(Filters(NOW, phrases=[phrase]), 1).total
    ]
    assert found == ["storm bridge", "bridge strike"]


def _rounded(hits: Sequence[Hit]) -> list[Hit]:
    """Scores to five places, so that two sums of the same numbers tie in both engines; then in order again."""
    return sorted(
        (hit._replace(score=round(hit.score, 5)) for hit in hits),
        key=lambda h: (-h.score, -h.published, h.id),
    )
