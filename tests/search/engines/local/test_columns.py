"""Columns that grow are those that would have been read anew, and a date that leaves nothing out asks for nothing."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.engines.local.columns import Columns, ColumnsBuilder
from search.request import Filters
from tests.builders import NOW, article

IDS = st.sampled_from("abcdefgh")
CHANGE = st.tuples(IDS, st.none() | st.integers(-1, 2))  # an article put so many days ago or undated, or removed
EDITION = st.lists(CHANGE, max_size=6)


def changed(base: Columns, edition: Sequence[tuple[str, int | None]]) -> Columns:
    builder = ColumnsBuilder(base)
    for id_, days in edition:
        if days is None:
            builder.remove(id_)
        else:
            builder.put(article(id_, published=NOW - timedelta(days=days) if days >= 0 else None), 1)
    return builder.build()


def read_again(columns: Columns) -> Columns:
    stream = BytesIO()
    columns.write(stream)
    return Columns.from_bytes(stream.getvalue())


@given(st.lists(EDITION, max_size=5))
def test_columns_that_grow_know_numbers_and_order_as_those_that_are_read(editions: list[list[tuple[str, int]]]) -> None:
    columns = changed(Columns.empty(), [(id_, 1) for id_ in "abcdefgh"])
    for edition in editions:
        columns = changed(columns, edition)
        again = read_again(columns)
        assert columns.number_of == again.number_of
        assert columns.by_date.tolist() == again.by_date.tolist()
        in_order = sorted(again.number_of.values(), key=lambda n: (-again.published[n], again.ids[n]))
        assert again.by_date.tolist() == in_order


def test_columns_that_nothing_came_to_or_left_are_the_same() -> None:
    columns = changed(Columns.empty(), [("a", 1)])
    assert changed(columns, [("b", None)]) is columns
    assert np.array_equal(columns.by_date, [0])


def test_dates_that_every_living_article_lies_within_are_no_limit() -> None:
    columns = changed(Columns.empty(), [("a", 1), ("b", 2), ("gone", 9)])
    columns = changed(columns, [("gone", None)])
    first, last = NOW - timedelta(days=2), NOW - timedelta(days=1)
    assert columns.limits(Filters(NOW)) is None
    assert columns.limits(Filters(NOW, published_from=first, published_to=last)) is None
    assert columns.limits(Filters(NOW, published_to=first)) is not None
    assert columns.limits(Filters(NOW, published_from=last)) is not None
    undated = changed(columns, [("c", -1)])
    assert undated.limits(Filters(NOW, published_to=last)) is not None
    assert Columns.empty().limits(Filters(NOW, published_to=first)) is None
