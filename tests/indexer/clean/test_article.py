from dataclasses import fields

import pytest

from indexer.clean.article import clean_article
from search.article import Article
from search.errors import InvalidValue
from tests.builders import article, record, utc


def refusal(**values: object) -> tuple[str, str, str]:
    """Field, value and what is allowed, as a record with these values is refused."""
    with pytest.raises(InvalidValue) as caught:
        clean_article(record(**values))
    return caught.value.field, caught.value.value, caught.value.allowed


def test_a_record_with_every_field_becomes_the_article_it_says() -> None:
    full = record(
        body="Waves broke over the quay.",
        summary="The quay is shut.",
        published="2026-05-10T09:30:00Z",
        updated="2026-05-10T11:00:00+02:00",
        section="Weather",
        tags=["storm", "harbour"],
        authors=["Ada Lund", "Tom Reyes"],
        source="Gannet Post",
        language="en-GB",
        url="https://gannet.example/storm",
        image="http://gannet.example/storm.jpg",
        access="subscriber",
        embargo_until="2026-05-11",
        expires_at="2027-05-11",
    )
    assert clean_article(full) == Article(
        id="storm",
        title="Storm closes the harbour",
        body="Waves broke over the quay.",
        summary="The quay is shut.",
        published=utc(2026, 5, 10, 9, 30),
        updated=utc(2026, 5, 10, 9),
        section="Weather",
        tags=("storm", "harbour"),
        authors=("Ada Lund", "Tom Reyes"),
        source="Gannet Post",
        language="en-gb",
        url="https://gannet.example/storm",
        image="http://gannet.example/storm.jpg",
        access="subscriber",
        embargo_until=utc(2026, 5, 11),
        expires_at=utc(2027, 5, 11),
    )


def test_an_id_and_a_title_are_enough() -> None:
    assert clean_article(record()) == article()


def test_other_names_stand_in_for_absent_and_null_fields() -> None:
    told = {"_id": "storm", "id": None, "headline": "Storm", "text": "Waves.", "author": "Ada Lund"}
    assert clean_article(told) == Article("storm", "Storm", body="Waves.", authors=("Ada Lund",))


def test_a_fields_own_name_goes_before_the_other() -> None:
    both = record(_id="x", headline="x", body="Waves.", text="x", authors=["Ada Lund"], author="x")
    assert clean_article(both) == article(body="Waves.", authors=("Ada Lund",))


def test_null_is_as_absent_in_every_field() -> None:
    nothing = dict.fromkeys(field.name for field in fields(Article))
    assert clean_article({**nothing, "id": "storm", "title": "Storm"}) == Article("storm", "Storm")


def test_fields_the_contract_does_not_know_are_passed_over() -> None:
    assert clean_article(record(score=float("nan"), nested={"id": [1]}, sequence=9, Title="x")) == article()


@pytest.mark.parametrize("field", ["title", "section", "source"])
def test_names_are_cleaned_to_one_line_of_text(field: str) -> None:
    cleaned = clean_article(record(**{field: " <b>Storm</b>\n &amp; flood\x00 "}))
    assert getattr(cleaned, field) == "Storm & flood"


@pytest.mark.parametrize("field", ["body", "summary"])
def test_texts_are_cleaned_to_paragraphs(field: str) -> None:
    cleaned = clean_article(record(**{field: "<p>Rain &amp; wind.\x00</p><script>x()</script><p>Sun\ud800.</p>"}))
    assert getattr(cleaned, field) == "Rain & wind.\n\nSun\ufffd."


def test_a_body_is_enough_where_there_is_no_title() -> None:
    assert clean_article({"id": "storm", "body": "Waves."}) == Article("storm", "", body="Waves.")


@pytest.mark.parametrize(
    "values", [{"title": ""}, {"title": None}, {"title": "<p> </p>"}, {"title": "\u200b", "body": ""}]
)
def test_an_article_without_title_and_body_is_refused(values: dict[str, object]) -> None:
    assert refusal(**values) == ("title", "''", "some text, or a body where there is no title")


@pytest.mark.parametrize("value", [5, True, 1.5, ["Storm"], {"en": "Storm"}])
@pytest.mark.parametrize("field", ["title", "body", "summary", "section", "source", "language", "url"])
def test_a_text_that_is_no_string_is_refused(field: str, value: object) -> None:
    assert refusal(**{field: value}) == (field, repr(value), "a string")


@pytest.mark.parametrize(
    ("field", "limit", "said"),
    [
        ("title", 1_000, "1,000"),
        ("body", 1_000_000, "1,000,000"),
        ("summary", 1_000_000, "1,000,000"),
        ("section", 200, "200"),
        ("source", 200, "200"),
        ("url", 2_048, "2,048"),
        ("image", 2_048, "2,048"),
    ],
)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(field: str, limit: int, said: str) -> None:
    text = "https://gannet.example/".ljust(limit, "x")
    assert getattr(clean_article(record(**{field: text})), field) == text
    shown = repr(text)[:78] + "…'"
    assert refusal(**{field: text + "x"}) == (field, shown, f"at most {said} characters")


@pytest.mark.parametrize("id_", ["x", "x" * 128, "Zürich/2026:1", "a b", "記事", "#1?", "../../etc"])
def test_an_id_is_up_to_128_printable_characters_kept_as_they_are(id_: str) -> None:
    assert clean_article(record(id=id_)).id == id_


@pytest.mark.parametrize(
    "id_",
    ["", " ", "x" * 129, "x" * 5_000, "a\nb", "a\x00b", "a\tb", "\ud800", "a\u200bb", "a\u202eb", "\u00a0"],
)
def test_any_other_id_is_refused(id_: str) -> None:
    field, value, allowed = refusal(id=id_)
    assert (field, allowed) == ("id", "1 to 128 printable characters")
    assert value[:70] == repr(id_)[:70]


@pytest.mark.parametrize("id_", [7, True, ["storm"], {"$oid": "5f"}])
def test_an_id_that_is_no_string_is_refused(id_: object) -> None:
    assert refusal(id=id_) == ("id", repr(id_), "a string")


def test_a_record_without_an_id_is_refused() -> None:
    assert refusal(id=None) == ("id", "None", "a string of 1 to 128 printable characters")


@pytest.mark.parametrize("access", ["free", "subscriber"])
def test_access_is_free_or_subscriber(access: str) -> None:
    assert clean_article(record(access=access)).access == access


@pytest.mark.parametrize("access", ["", "Free", "premium", 1, True, ["free"], {}])
def test_any_other_access_is_refused(access: object) -> None:
    assert refusal(access=access) == ("access", repr(access), "free or subscriber")


@pytest.mark.parametrize(
    ("text", "language"), [("en", "en"), ("pt-BR", "pt-br"), ("zh-Hans-CN", "zh-hans-cn"), ("", "")]
)
def test_a_language_is_a_tag_in_small_letters(text: str, language: str) -> None:
    assert clean_article(record(language=text)).language == language


@pytest.mark.parametrize("text", ["e", "en_GB", "en-", "-en", "en GB", "english!", "en\n", "日本"])
def test_any_other_language_is_refused(text: str) -> None:
    assert refusal(language=text) == ("language", repr(text), "a language tag such as en or pt-BR")


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Weather", ("Weather",)),
        (["Weather", "Harbour"], ("Weather", "Harbour")),
        ([" Weather\n", "<b>Weather</b>", "", "\u200b", "Tom &amp; Ann"], ("Weather", "Tom & Ann")),
        (["weather", "Weather"], ("weather", "Weather")),
        ([], ()),
        ("", ()),
        ([f"tag {number}" for number in range(100)], tuple(f"tag {number}" for number in range(100))),
    ],
)
@pytest.mark.parametrize("field", ["tags", "authors"])
def test_names_are_a_string_or_a_list_each_once_in_order(field: str, value: object, names: tuple[str, ...]) -> None:
    assert getattr(clean_article(record(**{field: value})), field) == names


@pytest.mark.parametrize("value", [5, True, {"name": "Ada"}, ["x"] * 101])
@pytest.mark.parametrize("field", ["tags", "authors"])
def test_names_that_are_no_list_or_too_many_are_refused(field: str, value: object) -> None:
    assert refusal(**{field: value})[::2] == (field, "a list of at most 100 strings")


@pytest.mark.parametrize("member", [5, None, True, ["Ada"], {"name": "Ada"}])
@pytest.mark.parametrize("field", ["tags", "authors"])
def test_a_list_with_a_member_that_is_no_string_is_refused_for_that_member(field: str, member: object) -> None:
    assert refusal(**{field: ["Ada Lund", member]}) == (field, repr(member), "a string")


def test_a_name_in_a_list_may_be_200_characters_long_and_no_longer() -> None:
    assert clean_article(record(tags=["x" * 200])).tags == ("x" * 200,)
    assert refusal(tags=["x" * 201])[::2] == ("tags", "at most 200 characters")


def test_the_error_reads_as_one_sentence() -> None:
    with pytest.raises(InvalidValue, match="^access is 'gold', allowed: free or subscriber$"):
        clean_article(record(access="gold"))
