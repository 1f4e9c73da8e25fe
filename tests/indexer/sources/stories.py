"""An invented story, what stands around it on a page, and what must hold of any page."""

from collections.abc import Callable

from indexer.clean.article import clean_article
from indexer.sources.page import Page
from search.errors import InvalidValue

STORY = (
    "The harbour board voted on Monday to close the old swing bridge for six months from June.",
    "Ferries will run every ten minutes between the two quays until the work is done, it said.",
    "“We were told about it on the radio,” said Ada Lund, who has sold fishing tackle there since 1998.",
)
HEADLINE = "Council Tax to Rise by Four Per Cent in April"
BOX = ("Most read", HEADLINE, "The increase is the largest in ten years.")


def text(*blocks: str) -> str:
    return "\n\n".join(blocks)


def assert_page_or_refused(read: Callable[[], Page]) -> None:
    """Whatever is read is refused, or an article that the index takes."""
    try:
        page = read()
    except InvalidValue:
        return
    clean_article({**page.record, "body": "\n\n".join(page.blocks)})
