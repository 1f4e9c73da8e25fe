from collections.abc import Sequence

from indexer.ledger import Ledger
from indexer.ledger_blocks import note_blocks, recurring_blocks
from search.article import ArticleId

SITE = "gannet.example"
PLEA, FOOTER = b"subscribe now", b"all rights reserved"


def note(ledger: Ledger, page: ArticleId, blocks: Sequence[bytes], site: str = SITE) -> set[ArticleId]:
    return note_blocks(ledger, site, page, blocks)


def test_a_block_recurs_once_pages_of_three_stories_carry_it(ledger: Ledger) -> None:
    assert note(ledger, "a", [b"lead a", PLEA]) == set()
    assert note(ledger, "b", [b"lead b", PLEA, FOOTER]) == set()
    assert recurring_blocks(ledger, SITE, [PLEA]) == frozenset()
    assert note(ledger, "c", [b"lead c", FOOTER, PLEA]) == {"a", "b", "c"}
    assert recurring_blocks(ledger, SITE, [PLEA, FOOTER, b"lead c", b"new"]) == {PLEA}


def test_pages_cleaned_before_a_block_recurred_are_told_just_once(ledger: Ledger) -> None:
    for page in "abc":
        note(ledger, page, [b"lead " + page.encode(), PLEA])
    assert note(ledger, "d", [b"lead d", PLEA]) == set()


def test_versions_of_a_story_share_its_lead_and_count_as_one(ledger: Ledger) -> None:
    for page in "abcdef":
        assert note(ledger, page, [b"the lead", b"the story", PLEA]) == set()
    assert recurring_blocks(ledger, SITE, [b"the lead", b"the story", PLEA]) == frozenset()


def test_a_page_read_again_counts_once_and_by_what_it_carries_now(ledger: Ledger) -> None:
    for _ in range(3):
        note(ledger, "a", [b"lead a", PLEA, PLEA])
    note(ledger, "b", [b"lead b", PLEA])
    note(ledger, "c", [b"lead c", PLEA])
    assert recurring_blocks(ledger, SITE, [PLEA]) == {PLEA}
    note(ledger, "a", [b"lead a"])
    assert recurring_blocks(ledger, SITE, [PLEA]) == frozenset()


def test_what_recurs_on_one_site_says_nothing_of_another(ledger: Ledger) -> None:
    for page in "abc":
        note(ledger, page, [b"lead " + page.encode(), PLEA])
    assert recurring_blocks(ledger, "other.example", [PLEA]) == frozenset()
    assert note(ledger, "z", [b"lead z", PLEA], "other.example") == set()


def test_a_page_without_blocks_is_no_error(ledger: Ledger) -> None:
    assert note(ledger, "a", []) == set()
