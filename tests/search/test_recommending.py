from datetime import timedelta

import pytest

from search.article import Article
from search.embedding.hashing import HashingEmbedder
from search.errors import NotFound
from search.recommending import Recommender
from search.request import Filters, RelatedMode, RelatedRequest
from search.result import RelatedResult
from search.settings import Settings
from search.text.analysis import Analyzer
from tests.builders import NOW, article, embedded
from tests.exact_engine import ExactEngine

MODEL = HashingEmbedder()
ARCHIVE = [
    article("crack", "Crack shuts Harbour Bridge", body="Engineers found a crack in the steel of the bridge."),
    article(
        "inquiry",
        "Bridge inquiry hears of the crack",
        body="The crack in the steel was known, an engineer said.",
    ),
    article("ferry", "Ferry queue grows", body="The bridge is shut, so everyone takes the ferry."),
    article("football", "Athletic win again", body="Two late goals at the park."),
]


def recommender(articles: list[Article] = ARCHIVE) -> Recommender:
    engine = ExactEngine()
    engine.put(embedded(articles, MODEL))
    return Recommender(engine, Analyzer("english"), Settings())


def test_the_nearest_in_words_and_meaning_come_first_and_never_the_article_itself() -> None:
    items = recommender().related(RelatedRequest("crack", Filters(NOW), 2)).items
    assert [item.article.id for item in items] == ["inquiry", "ferry"]
    assert set(items[0].reason.shared) <= {"Crack", "steel", "Bridge", "Engineers"}
    assert items[0].reason.shared


def test_what_is_read_stands_before_what_is_not_and_where_nobody_reads_nothing_changes() -> None:
    engine = ExactEngine()
    engine.put(embedded(ARCHIVE, MODEL))
    request = RelatedRequest("crack", Filters(NOW), 2)

    def related(popular: dict[str, float]) -> RelatedResult:
        return Recommender(engine, Analyzer("english"), Settings(), lambda ids, now: popular).related(request)

    assert related({}) == recommender().related(request)
    factors = [item.ranked.factors["popularity"] for item in related({"inquiry": 0.5}).items]
    assert factors == [0.975, 0.95]


def test_filters_bind_related_articles_too() -> None:
    items = recommender().related(RelatedRequest("crack", Filters(NOW, without_ids=frozenset({"inquiry"})))).items
    assert "inquiry" not in [item.article.id for item in items]


def test_an_article_nobody_may_see_has_no_related_articles() -> None:
    hidden = article("secret", embargo_until=NOW + timedelta(hours=1))
    for id_, filters in (
        ("unknown", Filters(NOW)),
        ("secret", Filters(NOW)),
        ("crack", Filters(NOW, without_ids=frozenset({"crack"}))),
    ):
        with pytest.raises(NotFound, match=id_):
            recommender([*ARCHIVE, hidden]).related(RelatedRequest(id_, filters))


def varied(count: int) -> list[Article]:
    """Articles that share nothing with each other or with the rest."""
    return [article(f"v{n}", f"alpha{n} beta{n}", body=f"gamma{n} delta{n} epsilon{n}") for n in range(count)]


def test_what_is_off_topic_is_not_related() -> None:
    found = recommender([*ARCHIVE, *varied(60)]).related(RelatedRequest("crack", Filters(NOW), 50))
    ids = [item.article.id for item in found.items]
    assert (ids[0], found.fallback) == ("inquiry", None)
    assert len(ids) < 20


def test_what_stands_in_holds_no_version_twice() -> None:
    lone = article("lone", "zeta eta")
    copies = [article(f"copy{n}", "theta iota", published=NOW - timedelta(hours=n)) for n in range(3)]
    other = article("other", "kappa", published=NOW - timedelta(days=1))
    found = recommender([lone, *copies, other]).related(RelatedRequest("lone", Filters(NOW), 2))
    assert (found.fallback, [item.article.id for item in found.items]) == ("newest", ["copy0", "other"])


def test_where_nothing_is_on_topic_the_newest_of_the_section_stand_in_and_then_of_all() -> None:
    lone = article("lone", "zeta eta", section="Arts")
    others = [
        article("arts", "theta", section="Arts", published=NOW - timedelta(days=9)),
        article("news", "iota", section="News", published=NOW),
    ]
    found = recommender([lone, *others]).related(RelatedRequest("lone", Filters(NOW), 5))
    assert (found.fallback, [item.article.id for item in found.items]) == ("section", ["arts"])
    assert [(item.reason.kind, item.reason.text) for item in found.items] == [("newest", "")]
    alone = recommender([lone, others[1]]).related(RelatedRequest("lone", Filters(NOW), 5))
    assert (alone.fallback, [item.article.id for item in alone.items]) == ("newest", ["news"])
    assert recommender([lone]).related(RelatedRequest("lone", Filters(NOW), 5)).items == []


def test_versions_of_the_article_are_not_related_and_versions_of_others_are_one() -> None:
    copy = article("copy", ARCHIVE[0].title, body=ARCHIVE[0].body)
    reprint = article("reprint", ARCHIVE[1].title, body=ARCHIVE[1].body)
    items = recommender([*ARCHIVE, copy, reprint]).related(RelatedRequest("crack", Filters(NOW), 5)).items
    assert (items[0].article.id, items[0].ranked.versions) == ("inquiry", ("reprint",))
    assert not {"copy", "reprint", "crack"} & {item.article.id for item in items}


def dated(days: int, id_: str) -> Article:
    return article(id_, "Bridge inquiry", body="A crack in the steel.", published=NOW + timedelta(days=days))


def test_latest_has_the_newest_first_and_background_only_what_was_there_before() -> None:
    archive = [dated(days, id_) for days, id_ in ((-400, "source"), (-800, "before"), (-390, "then"), (-1, "now"))]

    def ids(mode: RelatedMode) -> list[str]:
        request = RelatedRequest("source", Filters(NOW), 5, mode)
        return [item.article.id for item in recommender(archive).related(request).items]

    assert ids(RelatedMode.LATEST)[0] == "now"
    assert ids(RelatedMode.BALANCED)[0] == "then"
    assert ids(RelatedMode.BACKGROUND) == ["before"]


def test_what_stands_in_as_background_was_there_before_too() -> None:
    lone = article("lone", "zeta eta", published=NOW - timedelta(days=5))
    others = [
        article("after", "theta", published=NOW),
        article("before", "iota", published=NOW - timedelta(days=9)),
    ]
    request = RelatedRequest("lone", Filters(NOW), 5, RelatedMode.BACKGROUND)
    found = recommender([lone, *others]).related(request)
    assert (found.fallback, [item.article.id for item in found.items]) == ("newest", ["before"])
    assert recommender([lone, others[0]]).related(request).items == []


def test_a_draft_is_answered_by_its_words_alone_where_there_is_no_vector() -> None:
    draft = article("draft", "Bridge crack inquiry")
    request = RelatedRequest("draft", Filters(NOW), 2)
    without = recommender().related_to(draft, None, request)
    assert without.degraded == ["semantic"]
    assert {item.article.id for item in without.items} == {"inquiry", "crack"}
    found = recommender().related_to(draft, MODEL.embed(draft.passages)[0], request)
    assert (found.degraded, len(found.items)) == ([], 2)
