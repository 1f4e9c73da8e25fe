from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
import pytest

from search.article import Article, ArticleId
from search.engines.engine import EmbeddedArticle
from search.errors import InvalidValue
from search.foryou import ForYou
from search.ranking.hotness import Readership, Traffic
from search.request import Filters, ForYouRequest
from search.result import ForYouResult
from search.settings import Settings
from search.signal import Kind, Place, Signal
from tests.builders import NOW, article, signal
from tests.exact_engine import ExactEngine

DAY = timedelta(days=1)
TOPICS = {"f": 0, "c": 1}  # the axis of football, and of cooking
ALIKE = 0.33  # the cosine of two articles of one topic: of no one story
DIMENSIONS = 64


def told(id_: ArticleId, days: float, **fields: object) -> Article:
    return article(id_, f"The title of {id_}", body=f"{id_}x {id_}y {id_}z", published=NOW - days * DAY, **fields)


ARCHIVE = [
    *(told(id_, days, section="Sport") for id_, days in (("f1", 9), ("f2", 2), ("f3", 4), ("f4", 400))),
    *(told(id_, days, section="Food") for id_, days in (("c1", 8), ("c2", 1), ("c3", 3), ("c4", 500))),
    *(told(f"n{n}", n) for n in range(6)),
]


def placed(articles: Sequence[Article]) -> list[EmbeddedArticle]:
    """Each where its topic and what is its own put it; copies are where their original is."""
    axes = {key: 2 + n for n, key in enumerate(dict.fromkeys(each.body for each in articles))}
    vectors = np.zeros((len(articles), DIMENSIONS), dtype=np.float32)
    for row, each in enumerate(articles):
        topic = TOPICS.get(each.body[0])
        vectors[row, axes[each.body]] = 1.0 if topic is None else (1 - ALIKE) ** 0.5
        if topic is not None:
            vectors[row, topic] = ALIKE**0.5
    return [EmbeddedArticle(each, vector[None]) for each, vector in zip(articles, vectors, strict=True)]


def for_you(*more: Article, traffic: Mapping[ArticleId, Traffic] | None = None, **settings: object) -> ForYou:
    def reading(window: timedelta, now: datetime) -> Readership:
        return Readership(traffic or {}, 1.0, 167.0)

    engine = ExactEngine()
    engine.put(placed([*ARCHIVE, *more]))
    return ForYou(engine, Settings(**settings), reading)  # type: ignore[arg-type]


def asked(*read: ArticleId, limit: int = 4, hidden: frozenset[ArticleId] = frozenset()) -> ForYouRequest:
    return ForYouRequest(read, Filters(NOW, without_ids=hidden), limit)


def ids(result: ForYouResult) -> list[ArticleId]:
    return [item.article.id for item in result.items]


def test_two_interests_have_their_turns_and_the_one_read_last_the_first() -> None:
    result = for_you().recommend(asked("f1", "c1"))
    assert (ids(result), result.fallback, result.unknown) == (["c2", "f2", "c3", "f3"], None, 0)
    assert ids(for_you().recommend(asked("c1", "f1"))) == ["f2", "c2", "f3", "c3"]


def test_each_is_there_because_of_the_article_that_was_read_nearest_to_it() -> None:
    result = for_you().recommend(asked("f1", "c1", limit=2))
    assert [(item.kind, item.because and item.because.id) for item in result.items] == [("read", "c1"), ("read", "f1")]


def test_what_was_read_is_not_offered_nor_a_version_of_it() -> None:
    copy = article("copy", ARCHIVE[0].title, body=ARCHIVE[0].body, published=NOW - 8 * DAY)
    assert {"f1", "copy"}.isdisjoint(ids(for_you(copy).recommend(asked("f1", limit=50))))


def test_two_versions_do_not_stand_side_by_side() -> None:
    copy = article("copy", ARCHIVE[1].title, body=ARCHIVE[1].body, published=NOW - DAY)
    assert len({"f2", "copy"} & set(ids(for_you(copy).recommend(asked("f1", limit=50))))) == 1


def test_the_new_stands_before_the_old_of_the_same_interest_and_what_does_not_age_beside_it() -> None:
    assert ids(for_you().recommend(asked("f1", limit=2))) == ["f2", "f3"]
    assert "c4" in ids(for_you(evergreen=["food"]).recommend(asked("c1", limit=3)))
    assert "c4" not in [item.article.id for item in for_you().recommend(asked("c1")).items if item.kind == "read"]


def test_what_nobody_may_see_is_neither_offered_nor_named() -> None:
    embargoed = told("f5", 1, embargo_until=NOW + DAY)
    result = for_you(embargoed).recommend(asked("f1", "f5", "c1", hidden=frozenset({"f2", "c1"}), limit=50))
    assert {"f5", "f2", "c1"}.isdisjoint(ids(result))
    assert {item.because.id for item in result.items if item.because} == {"f1"}
    assert result.unknown == 2


def test_unknown_ids_are_passed_over_and_counted_and_an_id_read_twice_counts_where_it_was_read_last() -> None:
    result = for_you().recommend(asked("c1", "nobody knows", "f1", "c1"))
    assert (ids(result)[0], result.unknown) == ("c2", 1)


def test_a_reader_of_whom_nothing_is_known_gets_what_is_hot_and_then_the_newest() -> None:
    read = for_you(traffic={"n3": Traffic(40, 20.0)}).recommend(asked("unknown"))
    assert (ids(read)[0], read.items[0].kind, read.fallback) == ("n3", "hot", "hot")
    first = for_you().recommend(asked())
    assert (ids(first), first.fallback) == (["n0", "c2", "n1", "f2"], "newest")
    assert {item.kind for item in first.items} == {"newest"}


def test_what_the_interests_leave_open_is_filled_and_says_so() -> None:
    result = for_you().recommend(asked("f1", limit=5))
    assert ids(result)[:2] == ["f2", "f3"]
    assert [item.kind for item in result.items] == ["read"] * 2 + ["newest"] * 3
    assert result.fallback == "newest"


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (signal(Kind.EXCLUDE, "c2", Place.FOR_YOU), ["c3", "f2", "f3"]),
        (signal(Kind.EXCLUDE, "c2", Place.ALL), ["c3", "f2", "f3"]),
        (signal(Kind.EXCLUDE, "c2", Place.HOT), ["c2", "f2", "c3"]),
        (signal(Kind.PIN, "n5", Place.FOR_YOU, position=2), ["c2", "n5", "f2"]),
        (signal(Kind.PIN, "f1", Place.FOR_YOU), ["c2", "f2", "c3"]),
        (signal(Kind.BURY, "c2", Place.FOR_YOU), ["c3", "f2", "c2"]),
    ],
)
def test_the_newsroom_steers(wish: Signal, expected: list[str]) -> None:
    assert ids(for_you().recommend(asked("f1", "c1", limit=3), [wish])) == expected


def test_the_same_reads_get_the_same_list() -> None:
    assert for_you().recommend(asked("f1", "c1")) == for_you().recommend(asked("f1", "c1"))


def test_of_undated_articles_the_nearest_are_offered() -> None:
    engine = ExactEngine()
    engine.put(placed([article("f9", body="f9x"), article("c9", body="c9x"), article("f8", body="f8x")]))
    assert ids(ForYou(engine, Settings()).recommend(asked("f9", limit=1))) == ["f8"]


def test_an_empty_archive_has_nothing_for_anybody() -> None:
    result = ForYou(ExactEngine(), Settings()).recommend(asked("f1"))
    assert (result.items, result.fallback, result.unknown) == ([], None, 1)


def test_how_much_may_be_told_and_asked_has_limits() -> None:
    with pytest.raises(InvalidValue, match="read is '101 ids', allowed: at most 100, the last ones read"):
        asked(*(f"a{n}" for n in range(101)))
    with pytest.raises(InvalidValue, match="limit is 51, allowed: 1 to 50"):
        asked(limit=51)
