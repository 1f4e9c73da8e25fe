"""What the newsroom's signals do to searches and related articles, end to end but for the index."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.embedding.hashing import HashingEmbedder
from search.errors import NotFound
from search.ranking.editorial import BOOST, BURY
from search.recommending import Recommender
from search.request import Filters, Mode, RelatedMode, RelatedRequest, SearchRequest, Sort
from search.result import Ranked, SearchResult
from search.searching import Searcher
from search.settings import Settings
from search.signal import Kind, Place, Signal
from search.text.analysis import Analyzer
from tests.builders import NOW, article, embedded, signal, utc
from tests.exact_engine import ExactEngine

MODEL, ENGLISH = HashingEmbedder(), Analyzer("english")
LATER = NOW + timedelta(hours=1)
WIRE = "A research ship was freed from the ice off Greenland after nineteen days, its owners said on Saturday."
ARCHIVE = [
    article("bridge", "Harbour Bridge closes", body="A crack was found.", published=utc(2026, 4, 1), section="Metro"),
    article("inquiry", "Bridge inquiry opens", body="The chair asked for silence.", published=utc(2026, 4, 20)),
    article("ferry", "Ferry queue grows", body="The bridge is shut.", published=utc(2026, 4, 10), section="Metro"),
    article("football", "Athletic win again", body="Two late goals.", published=utc(2026, 4, 15), section="Sport"),
    article("ship", "Ship freed", body=WIRE, published=utc(2026, 4, 16)),
    article("wire", "Ship freed from the ice", body=WIRE, published=utc(2026, 4, 16)),
    article("secret", "Bridge plans", embargo_until=LATER),
]
ENGINE = ExactEngine()
ENGINE.put(embedded(ARCHIVE, MODEL))
SEARCHER = Searcher(ENGINE, lambda: MODEL, ENGLISH, Settings())
RECOMMENDER = Recommender(ENGINE, ENGLISH, Settings())

ids = st.sampled_from([each.id for each in ARCHIVE] + ["unknown"])
steers = st.builds(
    lambda kind, id_, position, number: signal(
        kind, id_, id=f"s{number}", position=position if kind is Kind.PIN else None
    ),
    st.sampled_from(list(Kind)),
    ids,
    st.integers(1, 10),
    st.integers(0, 99),
)
texts = st.sampled_from(["bridge", "", "bridge inquiry ferry", "ship ice", "-bridge", "asdfgh"])


def search(text: str, *signals: Signal, filters: Filters = Filters(NOW), **fields: object) -> SearchResult:  # noqa: B008
    return SEARCHER.search(SearchRequest(text, filters, **fields), signals)  # type: ignore[arg-type]


def found(text: str, *signals: Signal, filters: Filters = Filters(NOW), **fields: object) -> list[str]:  # noqa: B008
    return [hit.article.id for hit in search(text, *signals, filters=filters, **fields).hits]


def related(id_: str, *signals: Signal, **fields: object) -> list[str]:
    request = RelatedRequest(id_, Filters(NOW), **fields)  # type: ignore[arg-type]
    return [item.article.id for item in RECOMMENDER.related(request, signals).items]


@given(st.lists(steers, max_size=6), texts, st.integers(1, 3))
def test_pages_partition_the_whole_list_which_holds_nothing_twice_and_nothing_excluded(
    signals: list[Signal], text: str, size: int
) -> None:
    whole = search(text, *signals, size=50)
    listed = [hit.article.id for hit in whole.hits]
    count = -(-len(listed) // size) + 1
    pages = [search(text, *signals, page=page, size=size) for page in range(1, count + 1)]
    assert [hit.article.id for page in pages for hit in page.hits] == listed
    assert {page.total for page in pages} == {whole.total} == {len(listed)}
    assert len(set(listed)) == len(listed)
    excluded = {each.article for each in signals if each.kind is Kind.EXCLUDE}
    assert excluded.isdisjoint(listed)
    assert {"secret", "unknown"}.isdisjoint(listed)


@given(st.lists(steers.filter(lambda each: each.kind is Kind.PIN), max_size=3), texts)
def test_pins_leave_the_others_in_their_order_with_their_scores(pins: list[Signal], text: str) -> None:
    own = {each.article for each in pins} | {"ship", "wire"}  # which are versions of one text
    plain = [(hit.article.id, hit.ranked.hit.score) for hit in search(text).hits]
    steered = [(hit.article.id, hit.ranked.hit.score) for hit in search(text, *pins).hits]
    assert [each for each in steered if each[0] not in own] == [each for each in plain if each[0] not in own]


def test_a_pin_puts_an_article_on_page_one_of_its_query_alone_though_it_does_not_match() -> None:
    pin = signal(article="football", query="bridge", position=2)
    before = found("bridge")
    assert "football" not in before
    assert found("bridge", pin) == [before[0], "football", *before[1:]]
    assert found("Bridge ", pin, page=2, size=2) == before[1:3]
    assert found("bridge inquiry", pin) == found("bridge inquiry")


def test_a_query_counts_as_typed_and_as_corrected() -> None:
    typed, meant = signal(article="football", query="bridgge"), signal(article="football", query="bridge")
    assert search("bridgge").corrected == "bridge"
    assert found("bridgge", typed)[0] == found("bridgge", meant)[0] == "football"
    assert found("bridge", typed) == found("bridge")


def test_a_pin_of_a_section_stands_in_searches_of_that_section() -> None:
    pin = signal(article="ferry", section="metro")
    metro = Filters(NOW, sections=["METRO"])
    assert (found("", filters=metro), found("", pin, filters=metro)) == (["ferry", "bridge"], ["ferry", "bridge"])
    pin = signal(article="bridge", section="metro")
    assert found("", pin, filters=metro) == ["bridge", "ferry"]
    assert found("", pin) == found("")


@pytest.mark.parametrize(
    "filters",
    [
        Filters(NOW, sections=["Metro"]),
        Filters(NOW, without_ids=frozenset({"football"})),
        Filters(NOW, published_to=utc(2026, 4, 12)),
    ],
)
def test_a_pin_passes_the_filters_of_a_request_or_is_not_there(filters: Filters) -> None:
    assert found("bridge", signal(article="football"), filters=filters) == found("bridge", filters=filters)


def test_a_pin_binds_to_quotes_and_exclusions() -> None:
    assert found('"bridge inquiry"', signal(article="football")) == ["inquiry"]
    assert found("-goals", signal(article="football")) == found("-goals")


def test_an_article_that_nobody_may_see_is_not_pinned() -> None:
    pin = signal(article="secret")
    assert found("bridge", pin) == found("bridge")
    assert found("bridge", pin, filters=Filters(LATER))[0] == "secret"


def test_where_nothing_answers_only_a_pin_that_names_the_query_stands() -> None:
    anywhere, named = signal(article="football"), signal(article="football", query="asdfgh qwerty")
    assert (found("asdfgh qwerty", anywhere), found("asdfgh qwerty", named)) == ([], ["football"])
    assert search("asdfgh qwerty", anywhere).total == 0
    assert search("asdfgh qwerty", named).total == 1


def test_the_order_of_time_is_the_readers_and_only_exclusions_hold() -> None:
    steers = [signal(article="football"), signal(Kind.BOOST, "bridge"), signal(Kind.EXCLUDE, "ferry")]
    for mode in Mode:
        plain = found("bridge", sort=Sort.OLDEST, mode=mode)
        assert found("bridge", *steers, sort=Sort.OLDEST, mode=mode) == [id_ for id_ in plain if id_ != "ferry"]


def test_the_front_page_has_its_pins_and_does_without_what_is_excluded() -> None:
    plain = found("")
    steers = [signal(article="bridge", position=2), signal(Kind.EXCLUDE, "football")]
    rest = [id_ for id_ in plain if id_ not in ("bridge", "football")]
    assert found("", *steers) == [rest[0], "bridge", *rest[1:]]
    assert search("", *steers).total == len(plain) - 1


def times(ranked: Ranked, factor: float) -> Ranked:
    """The same with its score multiplied by what the newsroom wishes."""
    hit = ranked.hit._replace(score=ranked.hit.score * factor)
    return replace(ranked, hit=hit, factors={**ranked.factors, "editorial": factor})


def test_a_boost_and_a_bury_are_factors_that_lift_nothing_that_does_not_match() -> None:
    plain = {hit.article.id: hit.ranked for hit in search("bridge").hits}
    hits = search("bridge", signal(Kind.BOOST, "ferry"), signal(Kind.BURY, "inquiry"), signal(Kind.BOOST, "football"))
    steered = {hit.article.id: hit.ranked for hit in hits.hits}
    assert steered == {
        **plain,
        "ferry": times(plain["ferry"], BOOST),
        "inquiry": times(plain["inquiry"], BURY),
    }


def test_a_pinned_version_stands_for_the_others() -> None:
    (hit,) = search("ship ice").hits
    other = {"ship": "wire", "wire": "ship"}[hit.article.id]
    assert hit.ranked.versions == (other,)
    (steered,) = search("ship ice", signal(article=other)).hits
    assert (steered.article.id, steered.ranked.versions) == (other, (hit.article.id,))


def test_signals_of_other_places_and_times_change_no_search() -> None:
    plain = search("bridge")
    for other in (signal(place=Place.RELATED, article="football"), signal(article="football", start=LATER)):
        assert search("bridge", other) == plain


def test_related_articles_are_pinned_boosted_and_excluded() -> None:
    plain = related("bridge")
    assert plain == ["ferry"]
    for place in (Place.RELATED, Place.ALL):
        assert related("bridge", signal(article="football", place=place)) == ["football", *plain][:5]
        assert "ferry" not in related("bridge", signal(Kind.EXCLUDE, "ferry", place))
    assert related("bridge", signal(article="football")) == plain


def test_a_pinned_related_article_says_so_and_keeps_its_own_score() -> None:
    request = RelatedRequest("bridge", Filters(NOW))
    plain = {item.article.id: item.ranked for item in RECOMMENDER.related(request).items}
    pin = signal(article="ferry", place=Place.RELATED)
    first = RECOMMENDER.related(request, [pin]).items[0]
    assert (first.article.id, first.reason.kind, first.reason.text) == ("ferry", "pinned", "Chosen by the editors")
    assert (first.ranked.hit, first.ranked.is_pinned) == (plain["ferry"].hit, True)


def test_signals_of_a_section_hold_after_its_articles() -> None:
    pin = signal(article="football", place=Place.RELATED, section="metro")
    assert related("bridge", pin)[0] == "football"
    assert "football" not in related("inquiry", pin)


def test_an_article_is_never_beside_itself_and_can_be_read_though_it_is_excluded() -> None:
    assert "bridge" not in related("bridge", signal(article="bridge", place=Place.RELATED))
    assert related("bridge", signal(Kind.EXCLUDE, "bridge", Place.ALL)) == related("bridge")
    with pytest.raises(NotFound):
        related("secret", signal(article="secret", place=Place.ALL))


def test_background_holds_no_pin_of_what_came_later() -> None:
    pin = signal(article="football", place=Place.RELATED)
    assert "football" not in related("bridge", pin, mode=RelatedMode.BACKGROUND)
    assert related("inquiry", pin, mode=RelatedMode.BACKGROUND)[0] == "football"


def test_pins_stand_before_the_newest_where_nothing_is_on_topic() -> None:
    plain = RECOMMENDER.related(RelatedRequest("football", Filters(NOW), 3))
    pin = signal(article="bridge", place=Place.RELATED, position=2)
    steered = RECOMMENDER.related(RelatedRequest("football", Filters(NOW), 3), [pin])
    assert plain.fallback == steered.fallback == "newest"
    first, second, _ = (item.article.id for item in plain.items)
    assert [(item.article.id, item.reason.kind) for item in steered.items] == [
        (first, "newest"),
        ("bridge", "pinned"),
        (second, "newest"),
    ]
