"""Every engine answers as the exact one does: the same articles, scores and order, whatever is asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.article import Article
from search.embedding.hashing import HashingEmbedder
from search.engines.engine import NOTHING, EmbeddedArticle, Engine, NamedField, Question, Reader, Writer
from search.engines.local.engine import LocalEngine
from search.engines.local.graph import SIZES, Sizes
from search.engines.local.writer import LocalWriter
from search.request import Filters
from search.result import Hit
from tests.exact_engine import ExactEngine

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
MODEL = HashingEmbedder()
WORDS = "storm flood bridge harbour closes again mayor port strike talks the of in it".split()

words = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
moments = st.sampled_from([-3 * 86_400, -0.9, -0.000001, 0, 0.1, 0.9, 86_400, 3 * 86_400])
times = st.none() | moments.map(lambda seconds: NOW + timedelta(seconds=seconds))
articles = st.builds(
    Article,
    id=st.sampled_from([f"a{number}" for number in range(12)]),
    title=words.map(lambda text: text or "untitled"),
    summary=words,
    body=words,
    published=times,
    section=st.sampled_from(["", "News", "Sport"]),
    tags=st.lists(st.sampled_from(["Storm Ada", "ferry", "é"]), unique=True, max_size=2).map(tuple),
    authors=st.lists(st.sampled_from(["Ada Brill", "Jo Corrie"]), unique=True, max_size=2).map(tuple),
    source=st.sampled_from(["", "Wire"]),
    language=st.sampled_from(["", "en"]),
    access=st.sampled_from(["free", "subscriber"]),
    embargo_until=times,
    expires_at=times,
)
BEGINNINGS = "s st STORM flo b brídge h t the o a c".split()
NO_TERM = "y" * 41  # longer than any term of the index
phrases = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join) | st.just(NO_TERM), max_size=1
)
filters = st.builds(
    Filters,
    now=moments.map(lambda seconds: NOW + timedelta(seconds=seconds)),
    sections=st.lists(st.sampled_from(["news", "SPORT", "none"]), max_size=2),
    tags=st.lists(st.sampled_from(["storm ada", "Ferry", "É"]), max_size=2),
    authors=st.lists(st.sampled_from(["ada  brill", "nobody"]), max_size=1),
    sources=st.lists(st.just("wire"), max_size=1),
    languages=st.lists(st.just("en"), max_size=1),
    access=st.lists(st.sampled_from(["free", "subscriber"]), max_size=1),
    published_from=st.none() | st.just(NOW - timedelta(days=1)),
    published_to=st.none() | st.just(NOW + timedelta(days=1)),
    phrases=phrases,
    excluded=phrases,
    any_of=st.lists(st.lists(st.sampled_from([*WORDS, "port strike", NO_TERM]), min_size=1, max_size=2), max_size=1),
    without_ids=st.frozensets(st.sampled_from(["a1", "a2", "unknown"]), max_size=2),
)
limits = st.integers(1, 15)
Eithers = list[dict[str, float]]
eithers = st.lists(
    st.dictionaries(st.sampled_from(["storm flood", "talks", NO_TERM]), st.sampled_from([0.7, 0.4]), min_size=1),
    max_size=2,
)


class Opened(Protocol):
    """An engine under test: where it is written, and where it is read."""

    @property
    def engine(self) -> Engine: ...

    def writer(self) -> Writer: ...


class OpenedLocal:
    def __init__(self, folder: Path, sizes: Sizes = SIZES) -> None:
        self.folder, self.sizes, self.engine = folder, sizes, LocalEngine(folder, sizes)

    def writer(self) -> Writer:
        base = self.engine.reader() if (self.folder / "CURRENT").exists() else None
        return LocalWriter(self.folder, base, MODEL.identity, "english", lambda: NOW, sizes=self.sizes)


def opened_with_graphs(folder: Path) -> Opened:
    """Every segment has a graph, and every search asks it."""
    return OpenedLocal(folder, Sizes(segment=1, step=0))


ENGINES: dict[str, Callable[[Path], Opened]] = {"local": OpenedLocal, "local, by graphs": opened_with_graphs}


@pytest.fixture(params=ENGINES)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Opened]:
    return lambda: ENGINES[request.param](tmp_path_factory.mktemp(request.param))


def embedded(batch: Sequence[Article]) -> list[EmbeddedArticle]:
    """Articles with a vector for each of their parts: passages need a thousand words, which no test wants to read."""
    parts = [[text for text in (each.title, each.summary, each.body) if text] for each in batch]
    return [EmbeddedArticle(each, MODEL.embed(own)) for each, own in zip(batch, parts, strict=True)]


def filled(opened: Opened, batches: Sequence[tuple[Sequence[Article], Sequence[str]]]) -> tuple[Reader, ExactEngine]:
    """The engine and the oracle after the same puts and removals, each batch a generation."""
    exact = ExactEngine()
    for sequence, (batch, removed) in enumerate(batches, start=1):
        for writer in (opened.writer(), exact):
            writer.put(embedded(batch))
            writer.remove(removed)
            writer.commit(sequence, f"build {sequence}")
    return opened.engine.reader(), exact


def assert_same(found: Sequence[Hit], expected: Sequence[Hit]) -> None:
    assert [(hit.id, hit.published) for hit in found] == [(hit.id, hit.published) for hit in expected]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-5)


many = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
archive = st.lists(articles, min_size=1, max_size=15, unique_by=lambda article: article.id)


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
