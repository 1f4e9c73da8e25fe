"""The paragraphs of article pages in the ledger: what recurs on a site's pages is the site's, and no article's."""

from collections.abc import Iterable, Sequence

from indexer.ledger import Ledger
from search.article import ArticleId

RECURRENCE = 3  # pages of a site that carry a block: from here on it is the site's and not the article's

STORIES = "SELECT count(*) FROM (SELECT DISTINCT lead FROM page_blocks WHERE site = ? AND block = ? LIMIT ?)"


def note_blocks(ledger: Ledger, site: str, page: ArticleId, blocks: Sequence[bytes]) -> set[ArticleId]:
    """Remembers which paragraphs a page carries, its lead first, in place of what it carried before.

    Returns the pages that share a paragraph with it which has just come to recur: they were cleaned too early.
    """
    with ledger.transaction() as database:
        database.execute("DELETE FROM page_blocks WHERE site = ? AND page = ?", (site, page))
        rows = [(site, block, page, blocks[0]) for block in dict.fromkeys(blocks)]
        database.executemany("INSERT INTO page_blocks VALUES (?, ?, ?, ?)", rows)
        just = [block for block in blocks if _stories_with(ledger, site, block) == RECURRENCE]
        query = "SELECT page FROM page_blocks WHERE site = ? AND block = ?"
        return {other for block in just for (other,) in database.execute(query, (site, block))}


def recurring_blocks(ledger: Ledger, site: str, blocks: Iterable[bytes]) -> frozenset[bytes]:
    """Those of the paragraphs that stand on pages of three or more stories: the site's, not an article's."""
    return frozenset(block for block in blocks if _stories_with(ledger, site, block) >= RECURRENCE)


def _stories_with(ledger: Ledger, site: str, block: bytes) -> int:
    ((count,),) = ledger.rows(STORIES, (site, block, RECURRENCE + 1))
    return int(count)
