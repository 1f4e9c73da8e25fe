"""How templates show times, people and bodies."""

from collections.abc import Sequence
from datetime import datetime

from flask import Flask

from search.reasons import because_read
from search.text.sentences import opening

LONGEST_TASTE = 600  # characters: a long first paragraph, so that a body of only one is not given away


def register_filters(app: Flask) -> None:
    """Makes the filters known to templates."""
    for template_filter in (long_date, day_or_hour, listed, paragraphs, taste, because_read):
        app.add_template_filter(template_filter)


def long_date(time: datetime | None) -> str:
    """A day as a newspaper sets it, nothing where it is unknown.

    >>> long_date(datetime(2026, 5, 4))
    '4 May 2026'
    """
    return f"{time.day} {time:%B %Y}" if time else ""


def day_or_hour(updated: datetime, published: datetime | None) -> str:
    """When an article was changed: the day, or the hour where it is the day it was published.

    >>> day_or_hour(datetime(2026, 5, 4, 9), published=datetime(2026, 5, 3, 18))
    '4 May 2026'
    >>> day_or_hour(datetime(2026, 5, 4, 9), published=datetime(2026, 5, 4, 6))
    'at 09:00 UTC'
    """
    is_same_day = published is not None and published.date() == updated.date()
    return f"at {updated:%H:%M} UTC" if is_same_day else long_date(updated)


def listed(names: Sequence[str]) -> str:
    """Names as a byline sets them.

    >>> listed(["Ada Brill", "Henrik Sallow", "Jo Corrie"])
    'Ada Brill, Henrik Sallow and Jo Corrie'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a body, none of them empty.

    >>> paragraphs("Rain.\\n\\nSun.")
    ['Rain.', 'Sun.']
    >>> paragraphs("")
    []
    """
    return [paragraph for paragraph in body.split("\n\n") if paragraph.strip()]


def taste(paragraph: str) -> str:
    """What those who do not subscribe may read: the first sentences of the first paragraph.

    >>> taste("The council was warned.")
    'The council was warned.'
    """
    return opening(paragraph, LONGEST_TASTE)
