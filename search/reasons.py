"""Why an article is offered beside another, in words, from the numbers that decided it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from search.article import Article
from search.result import ForYouItem, ForYouKind, Reason, ReasonKind

PINNED = "Chosen by the editors"
SAME_STORY_COSINE = 0.75  # the threshold at which clustering by cosine alone fits the events of NeuS best
SAME_STORY_AGE = timedelta(days=7)
BACKGROUND_AGE = timedelta(days=30)
DAY = timedelta(days=1)
STANDING: Mapping[ForYouKind, str] = {"pinned": PINNED, "hot": "What many read", "newest": "New"}
UNITS = ((365, "year"), (30, "month"), (7, "week"), (1, "day"))  # in days


def reason(source: Article, article: Article, cosine: float, shared: Sequence[str]) -> Reason:
    """Why `article` is offered beside `source`: near in meaning and time, much older, or just alike."""
    kind = _kind(source, article, cosine)
    opening = {"same story": "The same story", "background": "Background"}.get(kind, "Similar")
    when = _when(source, article)
    words = f": {', '.join(shared)}" if shared else ""
    return Reason(kind, shared, f"{opening}{when}{words}")


def because_read(item: ForYouItem) -> str:
    """Why an article is in a reader's list, in words."""
    if item.because is not None:
        return f"Because you read “{item.because.title or item.because.dek}”"
    return STANDING[item.kind]


def _kind(source: Article, article: Article, cosine: float) -> ReasonKind:
    if source.published is None or article.published is None:
        return "similar"
    age = source.published - article.published
    if cosine >= SAME_STORY_COSINE and abs(age) <= SAME_STORY_AGE:
        return "same story"
    return "background" if age >= BACKGROUND_AGE else "similar"


def _when(source: Article, article: Article) -> str:
    """How much earlier or later it was published, in the largest unit that fits."""
    if source.published is None or article.published is None:
        return ""
    days = (article.published.date() - source.published.date()).days
    if days == 0:
        return ", the same day"
    size, unit = next((size, unit) for size, unit in UNITS if abs(days) >= size)
    count = abs(days) // size
    return f", {count} {unit}{'s' if count > 1 else ''} {'later' if days > 0 else 'earlier'}"
