from dataclasses import replace
from typing import Any

import pytest

from indexer.decide import (
    WITHDRAWN,
    Add,
    Known,
    Skip,
    Update,
    Withdraw,
    content_hash,
    decide,
    decide_removal,
    text_hash,
)
from search.article import Article
from tests.builders import NOW, article

GONE = Known(None)
FULL = article(body="Waves.", summary="Quay shut.", published=NOW, tags=("storm",), authors=("Ada Lund",))


def known(**fields: Any) -> Known:
    return Known(content_hash(article(**fields)))


def test_an_article_never_seen_is_added() -> None:
    assert decide(article(), None) == Add(article())


def test_an_article_that_was_withdrawn_stays_so_unless_it_is_restored() -> None:
    assert decide(article(), GONE) == WITHDRAWN
    assert decide(article(), GONE, restores=True) == Add(article())


def test_an_edit_that_changes_nothing_readers_see_is_skipped() -> None:
    assert decide(article(body="Rain."), known(body="Rain.")) == Skip("same content")


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Storm over"},
        {"body": "Rain. "},
        {"section": "Weather"},
        {"tags": ("storm",)},
        {"published": NOW},
        {"access": "subscriber"},
        {"embargo_until": NOW},
        {"expires_at": NOW},
    ],
)
def test_a_difference_in_any_field_is_an_update(edit: dict[str, Any]) -> None:
    edited = article(**{"body": "Rain.", **edit})
    assert decide(edited, known(body="Rain.")) == Update(edited)


@pytest.mark.parametrize(
    ("state", "decision"),
    [
        (None, Skip("never seen")),
        (GONE, Skip("already withdrawn")),
        (Known(b"anything"), Withdraw("storm")),
    ],
)
def test_only_what_is_there_is_withdrawn(state: Known | None, decision: Withdraw | Skip) -> None:
    assert decide_removal("storm", state) == decision


@pytest.mark.parametrize("edit", [{"title": "Storm over"}, {"body": "Sun."}, {"summary": "Quay open."}])
def test_the_text_differs_where_the_model_would_read_something_else(edit: dict[str, str]) -> None:
    assert text_hash(replace(FULL, **edit)) != text_hash(FULL)  # type: ignore[arg-type]


@pytest.mark.parametrize("edited", [article(id="other"), article(section="Weather", tags=("a",), published=NOW)])
def test_the_text_is_the_same_where_the_model_reads_the_same(edited: Article) -> None:
    assert text_hash(edited) == text_hash(article())


def test_hashes_have_16_bytes() -> None:
    assert (len(content_hash(FULL)), len(text_hash(FULL))) == (16, 16)
