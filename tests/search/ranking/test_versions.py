from collections.abc import Sequence

import numpy as np
import pytest

from search.article import Article, ArticleId
from search.embedding.embedder import Vector, unit
from search.ranking.versions import (
    VERSION_AGE,
    VERSION_CONTAINMENT,
    VERSION_COSINE,
    Articles,
    containment,
    folded,
    shingles,
)
from search.result import UNKNOWN_TIME, Hit
from tests.builders import article

DAY = 86_400_000_000
WIRE = "A research ship was freed from the ice off Greenland after nineteen days, its owners said on Saturday."


def lead(*numbers: float) -> Vector:
    vector: Vector = unit(np.array([numbers]))[0]
    return vector


def hit(id_: str, published: int = 0) -> Hit:
    return Hit(id_, 1.0, published)


def texts(**bodies: str) -> Articles:
    """Where articles come from; none is asked for that no test names."""

    def articles(ids: Sequence[ArticleId]) -> dict[ArticleId, Article]:
        return {id_: article(id_, body=bodies[id_]) for id_ in ids}

    return articles


def test_versions_fold_into_the_first_which_keeps_their_ids() -> None:
    leads = {"a": lead(1, 0), "b": lead(0, 1), "copy": lead(1, 0.01), "reprint": lead(1, 0.02)}
    found = folded(
        [hit("a"), hit("b"), hit("copy", DAY), hit("reprint")],
        leads,
        texts(a=WIRE, copy=WIRE, reprint=f"{WIRE} All aboard are well."),
    )
    assert list(found.items()) == [("a", ("copy", "reprint")), ("b", ())]


def test_two_tellings_of_one_event_are_two_articles_however_near_in_meaning() -> None:
    other = (
        "Nineteen days in the Greenland ice ended on Saturday for a research ship, according to the firm that owns it."
    )
    found = folded([hit("a"), hit("b")], {"a": lead(1, 0), "b": lead(1, 0)}, texts(a=WIRE, b=other))
    assert list(found.items()) == [("a", ()), ("b", ())]


def test_the_same_words_under_unlike_headlines_far_in_meaning_are_not_even_read() -> None:
    far = lead(VERSION_COSINE - 0.01, (1 - (VERSION_COSINE - 0.01) ** 2) ** 0.5)
    found = folded([hit("a"), hit("b")], {"a": lead(1, 0), "b": far}, texts())
    assert list(found) == ["a", "b"]


def test_the_same_words_years_apart_are_two_articles() -> None:
    far = (VERSION_AGE.days + 1) * DAY
    times = {"a": 0, "later": far, "undated": UNKNOWN_TIME, "undated too": UNKNOWN_TIME, "an hour later": DAY // 24}
    hits, alike = [hit(id_, published) for id_, published in times.items()], dict.fromkeys(times, lead(1, 0))
    found = folded(hits, alike, lambda ids: {id_: article(id_, body=WIRE) for id_ in ids})
    assert found == {"a": ("an hour later",), "later": (), "undated": ("undated too",)}


def test_no_list_has_no_versions() -> None:
    assert folded([], {}, texts()) == {}


def test_a_version_of_a_version_is_folded_into_the_first() -> None:
    takes = [WIRE[: len(WIRE) // 2], WIRE[len(WIRE) // 2 :]]
    assert containment(*(shingles(article(body=take)) for take in takes)) < VERSION_CONTAINMENT
    bodies = texts(a=takes[0], b=takes[1], c=WIRE)
    kept = folded([hit("a"), hit("b"), hit("c")], dict.fromkeys("abc", lead(1, 0)), bodies)
    assert kept == {"a": ("b", "c")}


@pytest.mark.parametrize("body", ["", "!", "Rain."])
def test_a_text_of_few_words_is_one_run_of_them(body: str) -> None:
    assert len(shingles(article(title="Storm", body=body))) == 1


def test_a_few_words_under_two_headlines_are_two_articles() -> None:
    morning, evening = (article(title=f"The harbour {part}", body="News of the harbour.") for part in ("am", "pm"))
    assert containment(shingles(morning), shingles(evening)) < VERSION_CONTAINMENT
