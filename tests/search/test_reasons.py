from datetime import timedelta

import pytest

from search.reasons import reason
from search.result import Reason
from tests.builders import NOW, article


@pytest.mark.parametrize(
    ("days_older", "cosine", "expected"),
    [
        (1, 0.8, Reason("same story", ["steel"], "The same story, 1 day earlier: steel")),
        (-3, 0.75, Reason("same story", ["steel"], "The same story, 3 days later: steel")),
        (0, 0.9, Reason("same story", ["steel"], "The same story, the same day: steel")),
        (8, 0.9, Reason("similar", ["steel"], "Similar, 1 week earlier: steel")),
        (1, 0.7, Reason("similar", ["steel"], "Similar, 1 day earlier: steel")),
        (30, 0.9, Reason("background", ["steel"], "Background, 1 month earlier: steel")),
        (800, 0.2, Reason("background", ["steel"], "Background, 2 years earlier: steel")),
    ],
)
def test_the_reason_follows_from_likeness_and_age(days_older: int, cosine: float, expected: Reason) -> None:
    source, other = article(published=NOW), article("other", published=NOW - timedelta(days=days_older))
    assert reason(source, other, cosine, ["steel"]) == expected


def test_without_dates_two_articles_are_just_alike() -> None:
    assert reason(article(), article("other", published=NOW), 0.9, []) == Reason("similar", [], "Similar")
