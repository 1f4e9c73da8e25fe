import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.page import LARGEST_PAGE, MOST_BLOCKS, Page
from indexer.sources.text_page import read_text
from search.errors import InvalidValue
from tests.indexer.sources.stories import BOX, HEADLINE, STORY, assert_page_or_refused, text

SEED = Path(__file__).resolve().parents[4] / "shared/data/seed_page/article.txt"


@pytest.mark.skipif(not SEED.exists(), reason="the page is not part of the project")
def test_the_page_of_the_brief_is_read_without_its_furniture() -> None:
    seed = SEED.read_text(encoding="utf-8").strip().split("\n\n")
    page = read_text("\n\n".join(seed))
    assert page.record == {
        "id": page.record["id"],
        "title": seed[1],
        "published": "2025-05-13T00:00:00+00:00",
        "source": "Yonhap News",
    }
    assert page.blocks == tuple(seed[3:16])
    furniture = ("iphone", "sofa", "diamond", "disney", "hot this week", "topics", "related articles")
    assert not [word for word in furniture if word in "\n".join(page.blocks).lower()]


def test_a_text_tells_its_fields_in_the_lines_above_it() -> None:
    head = (
        "Local",
        "Swing bridge to close for six months",
        "Ferries are to run every ten minutes instead",
        "Riverton Post",
        "By Ada Lund and Tom Reyes, Harbour Correspondent",
        "Published 13 May 2025, 10:32 GMT",
        "5 min read",
    )
    page = read_text(text(*head, *STORY, *BOX))
    assert page == Page(
        record={
            "id": page.record["id"],
            "section": "Local",
            "title": "Swing bridge to close for six months",
            "summary": "Ferries are to run every ten minutes instead",
            "source": "Riverton Post",
            "authors": ["Ada Lund", "Tom Reyes"],
            "published": "2025-05-13T10:32:00+00:00",
        },
        site="",
        blocks=STORY,
    )


def test_a_dek_of_whole_sentences_is_no_lead_where_the_byline_is_under_it() -> None:
    dek = "The harbour board has voted, and from June the ferries will have the river to themselves."
    page = read_text(text("Swing bridge to close for six months", dek, "By Ada Lund", "13 May 2025", *STORY))
    assert (page.record["summary"], page.blocks) == (dek, STORY)


def test_lines_above_the_text_that_tell_nothing_stay_with_it() -> None:
    blocks = ("400 g smoked haddock", "2 large potatoes", "1 litre of milk")
    assert read_text(text("Soup as the ferrymen like it", *blocks, STORY[0])).blocks == (*blocks, STORY[0])


def test_the_headline_said_again_under_the_text_is_not_the_text() -> None:
    assert read_text(text(HEADLINE, *STORY, "Share this", HEADLINE.upper())).blocks == STORY


def test_a_text_without_blank_lines_has_a_block_a_line() -> None:
    assert read_text("\r\n".join([HEADLINE, *STORY])).blocks == STORY


def test_lines_wrapped_by_hand_are_one_block() -> None:
    wrapped = text("Swing bridge to close", *(textwrap.fill(block, 72) for block in STORY))
    assert "\n" in textwrap.fill(STORY[0], 72)
    assert read_text(wrapped).blocks == STORY


def test_short_lines_under_each_other_each_say_their_own() -> None:
    page = read_text(text("Swing bridge to close\nBy Ada Lund\nMay 10, 2026", *STORY))
    assert page.record == {**page.record, "title": "Swing bridge to close", "authors": ["Ada Lund"]}
    assert (page.record["published"], page.blocks) == ("2026-05-10T00:00:00+00:00", STORY)


def test_a_text_may_be_prose_from_its_first_line() -> None:
    page = read_text(text(*STORY))
    assert (page.record, page.blocks) == ({"id": page.record["id"], "title": ""}, STORY)


def test_the_same_page_is_the_same_article_whatever_boxes_it_had_that_day() -> None:
    head = ("Swing bridge to close for six months", "13 May 2025")
    known = read_text(text(*head, *STORY)).record["id"]
    assert read_text(text(*head, *STORY, *BOX)).record["id"] == known
    assert read_text(text(head[0], "14 May 2025", *STORY)).record["id"] != known


@pytest.mark.parametrize(
    "page",
    ["", "\0\0", "\n" * 99, HEADLINE, "x" * (LARGEST_PAGE + 1), "Rain.\n\n" * (MOST_BLOCKS + 1)],
    ids=["nothing", "nul", "blank", "headline", "large", "paragraphs"],
)
def test_a_text_with_no_article_in_it_is_refused(page: str) -> None:
    with pytest.raises(InvalidValue, match="page is "):
        read_text(page)


LINES = st.sampled_from([*STORY, *BOX, "By Ada", "13 May 2025", "", "<p"])


@given(st.text() | st.lists(LINES).map("\n\n".join))
def test_any_text_is_a_page_or_refused(page: str) -> None:
    assert_page_or_refused(lambda: read_text(page))


def test_a_heap_of_accents_is_read_in_no_time() -> None:
    assert len(read_text(text(HEADLINE, STORY[0] + "a" + "\u0301\u0323" * 1_000_000)).blocks[0]) < 200
