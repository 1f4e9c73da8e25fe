from datetime import timedelta

import pytest

from search.article import Article
from search.embedding.hashing import HashingEmbedder
from search.errors import NotFound
from search.recommending import Recommender, reason
from search.request import Filters, RelatedRequest
from search.result import Reason
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
    return Recommender(engine, Analyzer("english"), 0.5)


def test_the_nearest_in_words_and_meaning_come_first_and_never_the_article_itself() -> None:
    items = recommender().related(RelatedRequest("crack", Filters(NOW), 2)).items
    assert [item.article.id for item in items] == ["inquiry", "ferry"]
    assert set(items[0].reason.shared) <= {"Crack", "steel", "Bridge", "Engineers"}
    assert items[0].reason.shared


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


@pytest.mark.parametrize(
    ("days_older", "cosine", "kind"),
    [
        (1, 0.8, "same story"),
        (-3, 0.75, "same story"),
        (8, 0.9, "similar"),
        (1, 0.7, "similar"),
        (30, 0.9, "background"),
    ],
)
def test_the_reason_follows_from_likeness_and_age(days_older: int, cosine: float, kind: str) -> None:
    source, other = article(published=NOW), article("other", published=NOW - timedelta(days=days_older))
    assert reason(source, other, cosine, ["steel"]) == Reason(kind, ["steel"])  # type: ignore[arg-type]


def test_without_dates_two_articles_are_just_alike() -> None:
    assert reason(article(), article("other", published=NOW), 0.9, []) == Reason("similar", [])
