from collections.abc import Mapping, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.article import Article
from search.embedding.embedder import Embedder
from search.embedding.hashing import HashingEmbedder
from search.request import Filters, Mode, SearchRequest, Sort, Spelling
from search.result import SearchResult
from search.searching import Searcher
from search.settings import Settings
from search.text.analysis import Analyzer
from search.text.synonyms import Synonyms, parse_synonyms
from tests.builders import NOW, article, embedded, utc
from tests.exact_engine import ExactEngine
from tests.tables import encoder

MODEL = HashingEmbedder()
ARCHIVE = [
    article("bridge", "Harbour Bridge closes", body="A crack was found.", published=utc(2026, 4, 1)),
    article("inquiry", "Bridge inquiry opens", body="The chair asked for silence.", published=utc(2026, 4, 20)),
    article("ferry", "Ferry queue grows", body="The bridge is shut.", published=utc(2026, 4, 10)),
    article("football", "Athletic win again", body="Two late goals.", published=utc(2026, 4, 15)),
]


ENGLISH = Analyzer("english")


def searcher(
    articles: Sequence[Article] = ARCHIVE, model: Embedder | None = MODEL, weight: float = 0.5, synonyms: str = ""
) -> Searcher:
    engine = ExactEngine()
    engine.put(embedded(articles, MODEL))
    rules = parse_synonyms(synonyms, "synonyms.txt")
    return Searcher(engine, lambda: model, ENGLISH, Settings(semantic_weight=weight), Synonyms(rules, ENGLISH))


def found(text: str, **fields: object) -> list[str]:
    request = SearchRequest(text, Filters(NOW), **fields)  # type: ignore[arg-type]
    return [hit.article.id for hit in searcher().search(request).hits]


def test_the_score_is_the_weighted_sum_of_both_legs() -> None:
    result = searcher(weight=0.3).search(SearchRequest("bridge inquiry", Filters(NOW)))
    for hit in result.hits:
        parts = hit.ranked.parts.values()
        share = hit.ranked.factors["freshness"]
        assert hit.ranked.hit.score == pytest.approx(share * sum(part.weight * part.normalised for part in parts))
        assert {leg: part.weight for leg, part in hit.ranked.parts.items()}.items() <= {
            "lexical": 0.7,
            "semantic": 0.3,
        }.items()
    assert result.hits[0].article.id == "inquiry"


def test_one_leg_alone_weighs_everything() -> None:
    result = searcher().search(SearchRequest("bridge inquiry", Filters(NOW), Mode.LEXICAL))
    assert (result.hits[0].article.id, result.hits[0].ranked.hit.score) == ("inquiry", 1.0)  # the newest: no age
    assert {leg for hit in result.hits for leg in hit.ranked.parts} == {"lexical"}


def test_by_date_every_word_must_appear() -> None:
    assert found("bridge shut", sort=Sort.NEWEST) == ["ferry"]
    assert found("bridge", sort=Sort.NEWEST) == ["inquiry", "ferry", "bridge"]
    assert found("bridge", sort=Sort.OLDEST) == ["bridge", "ferry", "inquiry"]


def test_an_empty_query_lists_the_newest_of_what_the_filters_allow() -> None:
    assert found("") == ["inquiry", "football", "ferry", "bridge"]
    assert found("-bridge") == ["football"]
    assert found("", sort=Sort.OLDEST, size=2, page=2) == ["football", "inquiry"]


def test_quotes_and_exclusions_bind_both_legs() -> None:
    assert found('"harbour bridge"') == ["bridge"]
    assert set(found("bridge -inquiry")) == {"bridge", "ferry"}
    assert found('"no such phrase"') == []


def test_pages_are_slices_of_one_order_and_agree_on_the_total() -> None:
    whole = searcher().search(SearchRequest("bridge inquiry ferry", Filters(NOW), size=50))
    pages = [searcher().search(SearchRequest("bridge inquiry ferry", Filters(NOW), page=n, size=1)) for n in (1, 2, 3)]
    assert [page.hits[0].article.id for page in pages] == [hit.article.id for hit in whole.hits[:3]]
    assert {page.total for page in pages} == {whole.total}


@pytest.mark.parametrize("model", [None, HashingEmbedder(128)])
def test_without_its_model_a_search_is_lexical_and_says_so(model: Embedder | None) -> None:
    result = searcher(model=model).search(SearchRequest("bridge", Filters(NOW), Mode.SEMANTIC))
    assert {hit.article.id for hit in result.hits} == {"bridge", "inquiry", "ferry"}
    assert result.degraded == ["semantic"]
    assert searcher(model=model).search(SearchRequest("bridge", Filters(NOW), Mode.LEXICAL)).degraded == []


def test_while_the_model_loads_its_table_finds_by_meaning_and_the_answer_says_so() -> None:
    engine = ExactEngine()
    engine.put(embedded(ARCHIVE, MODEL))
    static = encoder(("bridge", "ferry"), MODEL)
    own = Searcher(engine, lambda: None, ENGLISH, Settings(), static=static)
    result = own.search(SearchRequest("bridge", Filters(NOW), Mode.SEMANTIC))
    expected = searcher().search(SearchRequest("bridge", Filters(NOW), Mode.SEMANTIC))
    assert (result.degraded, expected.degraded) == (["model"], [])
    assert [hit.article.id for hit in result.hits] == [hit.article.id for hit in expected.hits]
    chosen = Searcher(engine, lambda: None, ENGLISH, Settings(query_encoder="static"), static=static)
    assert chosen.search(SearchRequest("bridge", Filters(NOW), Mode.SEMANTIC)).degraded == []


def test_what_shares_nothing_with_the_query_is_not_found() -> None:
    assert found("quantum lasagne") == []


def test_a_query_without_a_word_finds_nothing_and_no_query_lists_all() -> None:
    assert found("!!! ...") == []
    assert len(found("  ")) == len(ARCHIVE)


def test_by_date_stop_words_need_not_appear_but_where_there_is_nothing_else() -> None:
    assert found("is the bridge shut", sort=Sort.NEWEST) == ["ferry"]
    assert found("the", sort=Sort.NEWEST) == ["inquiry", "ferry"]


def test_a_word_that_no_index_holds_is_not_passed_over() -> None:
    assert found("bridge " + "y" * 41, sort=Sort.NEWEST) == []
    assert found(f'bridge "{"y" * 41}"') == []


MISSPELT = [*ARCHIVE, article("athletics", "Athletic ground sold", published=utc(2026, 4, 12))]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("sort", Sort)
def test_a_misspelt_query_is_answered_as_the_right_one(mode: Mode, sort: Sort) -> None:
    misspelt, right = (SearchRequest(text, Filters(NOW), mode, sort) for text in ("athletci", "athletic"))
    answer, expected = searcher(MISSPELT).search(misspelt), searcher(MISSPELT).search(right)
    assert (answer.corrected, expected.corrected) == ("athletic", None)
    assert expected.total >= 2
    assert (answer.hits, answer.total) == (expected.hits, expected.total)
    assert searcher(MISSPELT).rank(misspelt) == searcher(MISSPELT).rank(right)


def test_with_spelling_off_what_was_typed_is_searched_and_the_right_words_offered_where_nothing_is_found() -> None:
    typed = SearchRequest("athletci", Filters(NOW), Mode.LEXICAL, spelling=Spelling.OFF)
    answer = searcher().search(typed)
    assert (answer.total, answer.corrected, answer.suggested) == (0, None, "athletic")
    nothing_near = SearchRequest("quantum", Filters(NOW), Mode.LEXICAL, spelling=Spelling.OFF)
    assert searcher().search(nothing_near).suggested is None


def test_a_word_is_right_from_the_generation_that_brings_it() -> None:
    readers = []
    for articles in (ARCHIVE, [*ARCHIVE, article("athletci", "Athletci, a place")]):
        engine = ExactEngine()
        engine.put(embedded(articles, MODEL))
        readers.append(engine)

    class Following:
        def reader(self) -> ExactEngine:
            return readers[0]

    following = Searcher(Following(), lambda: MODEL, Analyzer("english"), Settings())
    assert following.search(SearchRequest("athletci", Filters(NOW))).corrected == "athletic"
    del readers[0]
    assert following.search(SearchRequest("athletci", Filters(NOW))).corrected is None


BODY = "The latest of 2024"
MATCHES = [
    article("old", "Match report", body=BODY, section="Sport", published=utc(2024, 4, 1)),
    article("new", "A match report", body=BODY, section="Sport", published=utc(2026, 4, 20)),
    article("guide", "The match report, a guide", body=BODY, section="Guides", published=utc(2020, 1, 1)),
]


def factors(text: str, **fields: object) -> dict[str, float]:
    engine = ExactEngine()
    engine.put(embedded(MATCHES, MODEL))
    searcher = Searcher(engine, lambda: MODEL, Analyzer("english"), Settings(**fields))  # type: ignore[arg-type]
    hits = searcher.search(SearchRequest(text, Filters(NOW))).hits
    return {hit.article.id: round(hit.ranked.factors["freshness"], 3) for hit in hits}


def test_age_takes_a_little_from_a_score_and_more_where_the_query_asks_for_news() -> None:
    assert factors("match report") == {"new": 1.0, "old": 0.95, "guide": 0.95}
    assert factors("latest match report") == {"new": 1.0, "old": 0.7, "guide": 0.7}


def test_a_year_in_the_query_prefers_what_is_of_it() -> None:
    assert factors("match report 2024") == {"old": 1.0, "new": 0.7, "guide": 0.7}


def test_an_evergreen_section_does_not_age_and_another_ages_by_its_own_half_life() -> None:
    two_years = (utc(2026, 4, 20) - utc(2024, 4, 1)).days
    found = factors("match report", evergreen=["guides"], half_lives={"Sport": two_years})
    assert found == {"new": 1.0, "old": 0.975, "guide": 1.0}


def read_by(popular: Mapping[str, float]) -> SearchResult:
    engine = ExactEngine()
    engine.put(embedded(ARCHIVE, MODEL))
    settings = Settings()
    searcher = Searcher(engine, lambda: MODEL, ENGLISH, settings, popularity=lambda ids, now: popular)
    return searcher.search(SearchRequest("bridge inquiry", Filters(NOW)))


def test_being_read_by_few_takes_a_little_from_a_score_and_explains_it() -> None:
    before = {
        hit.article.id: hit.ranked for hit in searcher().search(SearchRequest("bridge inquiry", Filters(NOW))).hits
    }
    after = {hit.article.id: hit.ranked for hit in read_by({"bridge": 1.0, "ferry": 0.5}).hits}
    assert {id_: ranked.factors["popularity"] for id_, ranked in after.items()} == {
        "bridge": 1.0,
        "ferry": 0.975,
        "inquiry": 0.95,
    }
    for id_, ranked in after.items():
        assert ranked.hit.score == pytest.approx(before[id_].hit.score * ranked.factors["popularity"])


def test_where_nobody_reads_every_score_is_the_same_to_the_last_digit() -> None:
    assert read_by({}) == searcher().search(SearchRequest("bridge inquiry", Filters(NOW)))


def test_popularity_is_that_of_the_time_of_the_search() -> None:
    asked: list[object] = []
    engine = ExactEngine()
    engine.put(embedded(ARCHIVE, MODEL))

    def popularity(ids: Sequence[str], now: object) -> Mapping[str, float]:
        asked.append((set(ids), now))
        return {}

    Searcher(engine, lambda: MODEL, ENGLISH, Settings(), popularity=popularity).search(
        SearchRequest("bridge", Filters(NOW))
    )
    assert asked == [({"bridge", "inquiry", "ferry"}, NOW)]


def offered(text: str, **fields: object) -> list[str]:
    request = SearchRequest(text, Filters(NOW), **fields)  # type: ignore[arg-type]
    answer = searcher().search(request)
    assert not (answer.total and answer.broader)
    return list(answer.broader)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("sort", Sort)
def test_where_nothing_is_found_broader_searches_are_offered_that_find_something(mode: Mode, sort: Sort) -> None:
    assert offered('"crack bridge"', mode=mode, sort=sort) == ["crack bridge"]
    assert offered("harbour -bridge", mode=mode, sort=sort) == ["harbour"]
    assert offered("bridge", mode=mode, sort=sort) == []
    assert offered("quantum lasagne", mode=mode, sort=sort) == []


def test_a_broader_search_is_made_from_what_was_searched() -> None:
    assert offered('athletci "no such phrase"', mode=Mode.LEXICAL) == ["athletic no such phrase", "athletic"]


PARTS = ["bridge", '"harbour bridge"', '"bridge harbour"', "-bridge", "-ferry", "goals", "quantum", "lasagne"]
parts = st.sampled_from(PARTS)


@example('bridge bridge "harbour bridge" -bridge goals', Mode.HYBRID, Sort.RELEVANCE, True)
@given(
    st.lists(parts, min_size=1, max_size=5).map(" ".join), st.sampled_from(Mode), st.sampled_from(Sort), st.booleans()
)
def test_every_broader_search_that_is_offered_finds_something(
    text: str, mode: Mode, sort: Sort, has_model: bool
) -> None:
    search = searcher(model=MODEL if has_model else None).search
    for each in search(SearchRequest(text, Filters(NOW), mode, sort)).broader:
        assert search(SearchRequest(each, Filters(NOW), mode, sort)).total
