from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.article import Article
from search.correcting import Corrector
from search.embedding.hashing import HashingEmbedder
from search.engines.engine import EmbeddedArticle
from search.request import LONGEST_QUERY, Filters, SearchRequest
from search.text.analysis import Analyzer
from search.text.synonyms import Synonyms, parse_synonyms
from tests.builders import NOW, article
from tests.exact_engine import ExactEngine

MODEL = HashingEmbedder()
ENGLISH = Analyzer("english")
SYNONYMS = "govermint, government"
HOUR = timedelta(hours=1)
ARCHIVE = [
    article("bridge", "Harbour bridge closes", body="The government promised a campaign in February."),
    article("camp", "Camps on the quay", body="They camp by the Café Zwölf in January."),
    article("embargoed", "The merger with Consolidated Lighterage", embargo_until=NOW + HOUR),
]


def corrector(archive: Sequence[Article] = ARCHIVE) -> Corrector:
    engine = ExactEngine()
    engine.put([EmbeddedArticle(each, MODEL.embed([each.title])[0]) for each in archive])
    return Corrector(engine, ENGLISH, Synonyms(parse_synonyms(SYNONYMS, "synonyms.txt"), ENGLISH))


def corrected(text: str) -> str | None:
    return corrector().corrected(SearchRequest(text, Filters(NOW)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("goverment", "government"),
        ("Goverment campagin", "Government campaign"),
        ("GOVERMENT", "GOVERNMENT"),
        ("the (goverment's)  promise", "the (government's) promise"),
        ("goverment “Harbour Brigde” -goverment", 'government "Harbour Brigde" -goverment'),
        ("campaing government", "campaign government"),
    ],
)
def test_a_misspelt_word_is_put_right_as_the_reader_would_have_typed_it(text: str, expected: str) -> None:
    assert corrected(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "government campaign",
        "camping",
        "govermint",
        "ZWÖLF cafe",
        '"goverment"',
        "-goverment",
        "goverment2",
        "2goverment-19",
        "me@goverment.example",
        "the GOVERMENT of the day",
        "GoverMent",
        "brd",
        "quantum lasagne",
        "東京都庁の",
        "",
        "!!!",
        "goverment februray campagin closses",
    ],
)
def test_what_is_right_binding_not_a_word_or_of_unknown_matters_stays_as_it_is(text: str) -> None:
    assert corrected(text) is None


def test_a_correction_tells_nothing_of_what_may_not_be_seen() -> None:
    typed = SearchRequest("Consolidatde", Filters(NOW))
    assert corrector().corrected(typed) is None
    assert corrector().corrected(SearchRequest("Consolidatde", Filters(NOW + HOUR))) == "Consolidated"
    hidden = Filters(NOW + HOUR, without_ids=frozenset({"embargoed"}))
    assert corrector().corrected(SearchRequest("Consolidatde", hidden)) is None


def test_a_query_that_would_grow_too_long_stays_as_it_is() -> None:
    text = "goverment " + "x" * (LONGEST_QUERY - len("goverment "))
    assert corrected(text) is None
    assert corrected(text[:-1]) == "government " + "x" * (LONGEST_QUERY - len("government "))


@given(st.text(max_size=40))
def test_any_text_is_corrected_or_left_alone(text: str) -> None:
    assert corrected(text) != text
