from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.article import Article
from search.embedding.hashing import HashingEmbedder
from search.errors import InvalidValue, NotFound
from search.request import Filters, TopicsRequest
from search.result import Hit, microseconds
from search.signal import Kind, Place, Signal
from search.topics import Topics, parted, slug_of
from tests.builders import NOW, article, embedded, signal
from tests.exact_engine import ExactEngine

DAY = timedelta(days=1)
MODEL = HashingEmbedder()


def told(id_: str, days: float, *tags: str, section: str = "", **fields: str) -> Article:
    """An article of words that no other has."""
    words = {"title": f"{id_} alpha{id_}", "body": f"beta{id_} gamma{id_}", **fields}
    return article(id_, tags=tags, section=section, published=NOW - days * DAY, **words)


ARCHIVE = [
    told("b1", 0.1, "Harbour Bridge", "Engineering", section="News"),
    told("b2", 1, "harbour bridge", "Inquiry", section="News"),
    told("b3", 2, "Harbour Bridge", "Inquiry", section="News"),
    told("f1", 0.5, "Football", section="Sport"),
    told("f2", 9, "Football", section="Sport"),
    told("f3", 10, "Football", section="Sport"),
    told("old1", 400, "Moon", section="News"),
    told("old2", 401, "Moon", section="News"),
    told("alone", 0),
]
USUAL = ["tag-harbour-bridge", "section-news", "tag-football", "section-sport", "story-alone"]


def topics(*articles: Article) -> Topics:
    engine = ExactEngine()
    engine.put(embedded(articles or ARCHIVE, MODEL))
    return Topics(engine)


def slugs(limit: int = 8, *signals: Signal, archive: Topics | None = None) -> list[str]:
    result = (archive or topics()).top(TopicsRequest(Filters(NOW), limit), signals)
    return [topic.slug for topic in result.topics]


def test_the_sites_own_tags_and_sections_come_before_stories_and_what_is_long_ago_is_no_topic() -> None:
    assert slugs() == USUAL


def test_a_topic_has_its_freshest_article_first_and_is_called_as_that_one_spells_it() -> None:
    first = topics().top(TopicsRequest(Filters(NOW))).topics[0]
    assert (first.label, first.kind, first.size) == ("Harbour Bridge", "tag", 3)
    assert [each.id for each in first.articles] == ["b1", "b2", "b3"]
    assert first.lead.id == "b1"


def test_no_article_leads_two_topics() -> None:
    leads = [topic.lead.id for topic in topics().top(TopicsRequest(Filters(NOW))).topics]
    assert leads == ["b1", "b2", "f1", "f2", "alone"]


def test_what_stood_before_leads_no_topic_nor_does_a_version_of_it() -> None:
    wire = "The port said on Saturday that the bridge is shut to all traffic until the inquiry ends."
    copies = [told(f"w{n}", n / 9, "Bridge", title="Bridge shut", body=wire) for n in range(2)]
    other = told("other", 1, "Bridge")
    before = Hit("w0", 0.0, microseconds(copies[0].published))
    result = topics(*copies, other).top(TopicsRequest(Filters(NOW)), (), [before])
    (topic,) = result.topics
    assert (topic.slug, [each.id for each in topic.articles]) == ("tag-bridge", ["other"])


def test_a_topic_has_a_page_of_all_time_under_the_slug_it_keeps() -> None:
    for slug, ids in {
        "tag-harbour-bridge": ["b1", "b2", "b3"],
        "section-news": ["b1", "b2", "b3", "old1", "old2"],
        "tag-moon": ["old1", "old2"],
        "story-alone": ["alone"],
    }.items():
        page = topics().topic(slug, TopicsRequest(Filters(NOW), 20))
        assert (page.topic.slug, [each.id for each in page.topic.articles]) == (slug, ids)
        assert page.topic.size == len(ids)
    assert topics().topic("section-news", TopicsRequest(Filters(NOW), 1)).topic.size == 5


@pytest.mark.parametrize("slug", ["", "tag", "tag-", "news", "tag-nothing", "story-nobody", "author-ada", "-"])
def test_a_slug_that_names_nothing_is_not_found(slug: str) -> None:
    with pytest.raises(NotFound, match="there is no"):
        topics().topic(slug, TopicsRequest(Filters(NOW)))


@given(st.sampled_from(["tag", "section", "story"]), st.text(min_size=1))
def test_every_slug_leads_back_to_what_it_names(kind: str, key: str) -> None:
    assert parted(slug_of(kind, key)) == (kind, key)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (
            signal(Kind.EXCLUDE, "f1", Place.TOPICS),
            ["tag-harbour-bridge", "section-news", "story-alone", "story-f2", "story-f3"],
        ),
        (signal(Kind.PIN, "f2", Place.TOPICS), ["tag-football", *USUAL[:2], *USUAL[3:]]),
        (signal(Kind.EXCLUDE, "f1", Place.HOT), USUAL),
    ],
)
def test_the_newsroom_steers(wish: Signal, expected: list[str]) -> None:
    assert slugs(8, wish) == expected


def test_a_pinned_article_leads_its_topic() -> None:
    pin = signal(Kind.PIN, "b3", Place.TOPICS, position=2)
    result = topics().top(TopicsRequest(Filters(NOW)), [pin])
    assert [(topic.slug, topic.lead.id) for topic in result.topics][1] == ("tag-harbour-bridge", "b3")


def test_what_nobody_may_see_is_in_no_topic() -> None:
    hidden = Filters(NOW, without_ids=frozenset({"f1", "f2", "f3", "b1"}))
    result = topics().top(TopicsRequest(hidden))
    assert {each.id for topic in result.topics for each in topic.articles} == {"b2", "b3", "alone"}
    with pytest.raises(NotFound):
        topics().topic("tag-football", TopicsRequest(hidden))


def test_an_empty_archive_has_no_topics_and_how_many_has_limits() -> None:
    assert Topics(ExactEngine()).top(TopicsRequest(Filters(NOW))).topics == []
    with pytest.raises(InvalidValue, match="limit is 51, allowed: 1 to 50"):
        TopicsRequest(Filters(NOW), 51)
