"""Of any JSON object at all: it is cleaned to an article or refused, and nothing else happens."""

from dataclasses import fields
from datetime import datetime

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from indexer.clean.article import clean_article
from search.article import Article, from_json, to_json
from search.errors import InvalidValue
from tests.builders import record

NAMES = [*(field.name for field in fields(Article)), "_id", "headline", "text", "author", "else"]
MARKUP = [
    "<p>",
    "</p>",
    "<br>",
    "<!--",
    "-->",
    "<html>",
    "</html>",
    "<script>",
    "<td>",
    "&amp;",
    "&#1;",
    "<",
    ">",
    "\n",
    " ",
]
TEXTS = st.one_of(
    st.text(st.characters(), max_size=20),  # lone surrogates too
    st.lists(st.one_of(st.sampled_from(MARKUP), st.text(max_size=3)), max_size=12).map("".join),
    st.sampled_from(["2026-05-10", "0001-01-01T00:00+01:00", "https://gannet.example/", "free", "en", "x" * 1_100]),
    st.datetimes().map(datetime.isoformat),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda values: st.one_of(st.lists(values, max_size=4), st.dictionaries(TEXTS, values, max_size=3)),
    max_leaves=6,
)
RECORDS = st.dictionaries(st.one_of(st.sampled_from(NAMES), TEXTS), st.one_of(TEXTS, VALUES), max_size=8)
PROBABLE = st.fixed_dictionaries(
    {"id": st.just("storm"), "title": TEXTS}, optional={"body": TEXTS, "tags": st.lists(TEXTS)}
)
THOROUGH = settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])


def cleaned(told: dict[str, object]) -> Article | None:
    try:
        return clean_article(told)
    except InvalidValue:
        return None


@THOROUGH
@given(st.one_of(RECORDS, PROBABLE))
def test_any_json_object_is_an_article_that_can_be_kept_or_is_refused(told: dict[str, object]) -> None:
    kept = cleaned(told)
    assert kept is None or from_json(to_json(kept)) == kept


@THOROUGH
@given(PROBABLE)
def test_cleaning_what_is_clean_changes_nothing(told: dict[str, object]) -> None:
    once = cleaned(told)
    assume(once is not None and not any(sign in once.title + once.text + "".join(once.tags) for sign in "&<"))
    assert once is not None
    again = record(id=once.id, title=once.title, body=once.body, tags=list(once.tags))
    assert clean_article(again) == once
