from datetime import timedelta
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.embedding.embedder import Vectors, unit
from search.ranking.stories import STORY_WINDOW, Leads, Stories, tell

DAY = 86_400_000_000
WINDOW = STORY_WINDOW // timedelta(microseconds=1)


def leads(vectors: Vectors, times: NDArray[np.int64], places: list[int]) -> Leads:
    rows = np.array(places, dtype=np.int64)
    return Leads(rows, vectors[rows], times[rows])


def told(vectors: Vectors, times: list[int], ids: list[str], *batches: list[int]) -> list[list[str]]:
    """The names of all articles after each batch."""
    stories, known, found = Stories.alone(len(ids)), list[int](), []
    moments = np.array(times, dtype=np.int64)
    for batch in batches:
        tell(stories, leads(vectors, moments, known), leads(vectors, moments, batch), ids)
        known += batch
        found.append([ids[name] for name in stories.names.tolist()])
    return found


def archive(count: int, seed: int) -> tuple[Vectors, list[int], list[str]]:
    """Articles about few events, some of them long apart, with ids that say nothing of their order."""
    lot = np.random.default_rng(seed)
    events = lot.normal(size=(4, 12))
    vectors = unit((events[lot.integers(4, size=count)] + lot.normal(scale=0.4, size=(count, 12))).astype(np.float32))
    times = (lot.integers(0, 80, size=count) * DAY).tolist()
    return vectors, times, [f"{lot.integers(1_000)}-{place}" for place in range(count)]


archives = st.builds(archive, st.integers(1, 30), st.integers(0, 10_000))


def test_articles_that_are_alike_are_one_story_named_after_its_first() -> None:
    vectors = unit(np.array([[1, 0, 0.1], [0, 1, 0], [1, 0.1, 0], [1, 0, 0]], dtype=np.float32))
    assert told(vectors, [3 * DAY, DAY, 2 * DAY, 4 * DAY], ["c", "a", "b", "d"], [0, 1, 2, 3]) == [["b", "a", "b", "b"]]


def test_the_same_words_long_after_are_another_story() -> None:
    vectors = unit(np.array([[1, 0], [1, 0], [1, 0]], dtype=np.float32))
    assert told(vectors, [0, WINDOW + 1, 2 * WINDOW + 1], ["a", "b", "c"], [0, 1, 2]) == [["a", "b", "b"]]


def test_a_story_goes_on_as_long_as_each_article_follows_another_within_the_window() -> None:
    vectors = unit(np.array([[1, 0], [1, 0], [1, 0]], dtype=np.float32))
    assert told(vectors, [0, WINDOW, 2 * WINDOW], ["a", "b", "c"], [0, 1, 2]) == [["a", "a", "a"]]


def test_an_article_between_two_stories_makes_them_one_by_the_earlier_name() -> None:
    angles = np.radians([0, 70, 35])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    apart, joined = told(vectors, [DAY, 0, 2 * DAY], ["late", "early", "between"], [0, 1], [2])
    assert (apart, joined) == (["late", "early", "between"], ["early", "early", "early"])


@given(archives, st.randoms(use_true_random=False))
def test_the_order_in_which_articles_are_given_changes_nothing(
    given_archive: tuple[Vectors, list[int], list[str]], lot: Random
) -> None:
    vectors, times, ids = given_archive
    order = list(range(len(ids)))
    lot.shuffle(order)
    assert told(vectors, times, ids, order) == told(vectors, times, ids, list(range(len(ids))))


@given(archives, st.integers(0, 30))
def test_what_comes_later_makes_stories_grow_and_become_one_and_parts_none(
    given_archive: tuple[Vectors, list[int], list[str]], count: int
) -> None:
    vectors, times, ids = given_archive
    order = sorted(range(len(ids)), key=lambda place: (times[place], ids[place]))
    before, after = told(vectors, times, ids, order[:count], order[count:])
    assert {after[ids.index(name)] for name in after} == set(after)  # a story is named after one of its own
    for place in order[:count]:
        assert after[place] == after[ids.index(before[place])]  # and the name it had before leads to it


@given(archives)
def test_a_story_is_named_after_its_earliest_article(given_archive: tuple[Vectors, list[int], list[str]]) -> None:
    vectors, times, ids = given_archive
    (names,) = told(vectors, times, ids, list(range(len(ids))))
    for name in set(names):
        assert name == min((times[at], ids[at]) for at in range(len(ids)) if names[at] == name)[1]
