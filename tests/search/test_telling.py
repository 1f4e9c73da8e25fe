from datetime import timedelta

import pytest

from search.article import Article
from search.embedding.hashing import HashingEmbedder
from search.errors import InvalidValue, NotFound
from search.request import MOST_DAYS, MOST_STORIES, Filters, StoriesRequest
from search.telling import Teller
from tests.builders import NOW, article, embedded
from tests.exact_engine import ExactEngine

HOUR = timedelta(hours=1)
MODEL = HashingEmbedder()
WIRE = "A crack in the steel of Harbour Bridge has shut it to all traffic, the port said on Saturday."
CRACK = [
    article("crack", "Crack shuts Harbour Bridge", body=WIRE, source="Wire", published=NOW - 30 * HOUR),
    article("copy", "Crack shuts Harbour Bridge", body=WIRE, source="Gazette", published=NOW - 29 * HOUR),
    article(
        "inquiry",
        "Harbour Bridge crack was known",
        body="The crack in the steel of Harbour Bridge was known to the port.",
        source="Gazette",
        published=NOW - 5 * HOUR,
    ),
]
OTHERS = [
    article("match", "Athletic win again", body="Two late goals at the park.", published=NOW - 2 * HOUR),
    article("fair", "Village fair opens", body="Cakes and ponies, as every year.", published=NOW - 300 * HOUR),
]


def teller(*articles: Article) -> Teller:
    engine = ExactEngine()
    engine.put(embedded(articles or [*CRACK, *OTHERS], MODEL))
    return Teller(engine)


def test_a_story_has_its_articles_newest_first_and_wire_versions_folded() -> None:
    story = teller().story("inquiry", Filters(NOW))
    assert (story.id, [(each.hit.id, list(each.versions)) for each in story.articles]) == (
        "crack",
        [("inquiry", []), ("copy", ["crack"])],
    )
    assert (story.first, story.latest) == (CRACK[1].published, CRACK[2].published)
    assert story.sources == {"Gazette": 2}


def test_a_storys_label_is_the_headline_of_the_article_that_is_most_like_the_others() -> None:
    story = teller().story("crack", Filters(NOW))
    assert story.label == story.lead.title
    assert story.lead.id in {"copy", "inquiry"}


def test_the_stories_of_the_last_days_come_liveliest_first() -> None:
    stories = teller().recent(StoriesRequest(Filters(NOW), days=3)).stories
    assert [story.id for story in stories] == ["crack", "match"]


def test_copies_of_one_text_do_not_make_a_story_livelier() -> None:
    copies = [
        article(f"copy{n}", "Ferry queue grows", body=WIRE.replace("Bridge", "Ferry"), published=NOW - 20 * HOUR)
        for n in range(9)
    ]
    stories = teller(*CRACK, *copies, OTHERS[0]).recent(StoriesRequest(Filters(NOW), days=3)).stories
    assert len(stories[-1].articles) == 1
    assert len(stories[-1].articles[0].versions) == 8 or stories[-1].id == "match"


def test_what_nobody_may_see_is_in_no_story() -> None:
    hidden = Filters(NOW, without_ids=frozenset({"copy", "crack"}))
    assert [each.hit.id for each in teller().story("crack", hidden).articles] == ["inquiry"]
    with pytest.raises(NotFound, match="match"):
        teller().story("match", Filters(NOW, without_ids=frozenset({"match"})))


def test_an_article_nobody_knows_has_no_story() -> None:
    with pytest.raises(NotFound, match="unknown"):
        teller().story("unknown", Filters(NOW))


def test_how_many_days_and_stories_has_limits() -> None:
    for days in (0, MOST_DAYS + 1):
        with pytest.raises(InvalidValue, match=f"days is {days}, allowed: 1 to {MOST_DAYS}"):
            StoriesRequest(Filters(NOW), days=days)
    for limit in (0, MOST_STORIES + 1):
        with pytest.raises(InvalidValue, match=f"limit is {limit}, allowed: 1 to {MOST_STORIES}"):
            StoriesRequest(Filters(NOW), limit=limit)
