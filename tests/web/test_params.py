from contextlib import suppress
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

from search.errors import InvalidValue
from search.request import Filters, Mode, RelatedMode, SearchRequest, Sort, Spelling
from tests.builders import utc
from tests.web.newsroom import NOON
from web.params import (
    ChangeParams,
    NoParams,
    RelatedParams,
    SearchParams,
    article_record,
    json_body,
    of_a_page,
    read_params,
    search_request,
)

NAMES = ["section", "tag", "author", "source", "language"]


def arguments(query: str) -> MultiDict[str, str]:
    return Request.from_values(query_string=query).args


def search_params(**values: object) -> SearchParams:
    return SearchParams.model_validate({name.rstrip("_"): value for name, value in values.items()})


def asked(query: str) -> SearchRequest:
    return search_request(read_params(SearchParams, arguments(query)), Filters(NOON))


def refusal(query: str) -> str:
    with pytest.raises(InvalidValue) as refused:
        asked(query)
    return str(refused.value)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {}),
        ("q=", {}),
        ("q=harbour+bridge", {"q": "harbour bridge"}),
        ("q=" + "é" * 256, {"q": "é" * 256}),
        ("mode=lexical", {"mode": Mode.LEXICAL}),
        ("mode=semantic", {"mode": Mode.SEMANTIC}),
        ("sort=newest", {"sort": Sort.NEWEST}),
        ("sort=oldest", {"sort": Sort.OLDEST}),
        ("section=Metro&section=World", {"section": ["Metro", "World"]}),
        ("tag=a%26b", {"tag": ["a&b"]}),
        ("author=Ada", {"author": ["Ada"]}),
        ("source=Wire", {"source": ["Wire"]}),
        ("language=pt-BR", {"language": ["pt-BR"]}),
        ("access=free&access=subscriber", {"access": ["free", "subscriber"]}),
        ("from=2026-05-10&to=2026-05-11", {"from_": "2026-05-10", "to": "2026-05-11"}),
        ("page=20&size=50", {"page": 20, "size": 50}),
        ("page=1000&size=1", {"page": 1000, "size": 1}),
        ("explain=1", {"explain": "1"}),
        ("spelling=off", {"spelling": Spelling.OFF}),
        ("&".join(f"section={n}" for n in range(20)), {"section": [str(n) for n in range(20)]}),
    ],
)
def test_a_search_says_what_its_parameters_say_and_defaults_for_the_rest(query: str, expected: Any) -> None:
    assert read_params(SearchParams, arguments(query)) == search_params(**expected)


def test_the_defaults_are_those_of_the_contract() -> None:
    assert asked("") == SearchRequest(
        text="",
        filters=Filters(NOON, [], [], [], [], [], []),
        mode=Mode.HYBRID,
        sort=Sort.RELEVANCE,
        page=1,
        size=20,
        spelling=Spelling.AUTO,
    )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("q=" + "x" * 257, f"q is '{'x' * 77}…', allowed: words to find, at most 256 characters"),
        ("q=a&q=b", "q is 'given 2 times', allowed: once"),
        ("size=10&size=10", "size is 'given 2 times', allowed: once"),
        ("mode=fuzzy", "mode is 'fuzzy', allowed: hybrid, lexical or semantic"),
        ("mode=", "mode is '', allowed: hybrid, lexical or semantic"),
        ("mode=LEXICAL", "mode is 'LEXICAL', allowed: hybrid, lexical or semantic"),
        ("sort=best", "sort is 'best', allowed: relevance, newest or oldest"),
        ("access=paid", "access is 'paid', allowed: free or subscriber"),
        ("explain=yes", "explain is 'yes', allowed: 0 or 1: what each score is made of"),
        ("explain=", "explain is '', allowed: 0 or 1: what each score is made of"),
        ("spelling=on", "spelling is 'on', allowed: auto or off: whether misspelt words are put right"),
        ("page=51", "page is 51, allowed: 1 to 50 at size 20"),
        ("page=21&size=50", "page is 21, allowed: 1 to 20 at size 50"),
    ],
)
def test_a_wrong_value_is_refused_with_field_value_and_what_is_allowed(query: str, message: str) -> None:
    assert refusal(query) == message


@pytest.mark.parametrize(
    "value", ["0", "51", "-1", "", "abc", "1.0", "1_0", " 2", "+2", "0x1", "１", "1e1", "9" * 5000]
)
def test_a_size_that_is_no_whole_number_from_1_to_50_is_refused(value: str) -> None:
    assert refusal(urlencode({"size": value})).endswith(", allowed: hits on a page, 1 to 50")


@pytest.mark.parametrize("value", ["0", "1001", "-1", "", "first", "1.0", "1_0", " 2", "+2"])
def test_a_page_that_is_no_whole_number_is_refused(value: str) -> None:
    assert refusal(urlencode({"page": value})).endswith(", allowed: a page from 1, page × size at most 1000")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("values", [[""], ["x" * 201], [str(n) for n in range(21)]])
def test_a_filter_takes_1_to_20_names_of_1_to_200_characters(name: str, values: list[str]) -> None:
    with pytest.raises(InvalidValue, match=r"at most 20 of 200 characters$") as refused:
        read_params(SearchParams, arguments(urlencode({name: values}, doseq=True)))
    assert refused.value.field == name


def test_an_unknown_parameter_is_refused_with_the_names_of_those_that_are_known() -> None:
    assert refusal("query=rain") == (
        "parameter is 'query', allowed: q, mode, sort, section, tag, author, source, language, access,"
        " from, to, page, size, explain, facets, spelling"
    )


def test_from_is_not_known_by_the_name_it_has_in_python() -> None:
    assert refusal("from_=2026-05-10").startswith("parameter is 'from_', allowed: q, ")


def test_a_route_without_parameters_takes_none() -> None:
    assert read_params(NoParams, arguments("")) == NoParams()
    with pytest.raises(InvalidValue) as refused:
        read_params(NoParams, arguments("q=rain"))
    assert str(refused.value) == "parameter is 'q', allowed: none here"


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("from=2026-05-10", utc(2026, 5, 10), None),
        ("from=2026-05-10T09:30:00Z", utc(2026, 5, 10, 9, 30), None),
        ("from=2026-05-10T09:30%2B02:00", utc(2026, 5, 10, 7, 30), None),
        ("to=2026-05-10", None, utc(2026, 5, 10).replace(hour=23, minute=59, second=59, microsecond=999_999)),
        ("to=20260510", None, utc(2026, 5, 10).replace(hour=23, minute=59, second=59, microsecond=999_999)),
        ("to=2026-05-10T09:30", None, utc(2026, 5, 10, 9, 30)),
        (
            "to=9999-12-31",
            None,
            utc(9999, 12, 31).replace(hour=23, minute=59, second=59, microsecond=999_999),
        ),
        ("from=0001-01-01&to=0001-01-01T00:00", utc(1, 1, 1), utc(1, 1, 1)),
    ],
)
def test_from_is_a_moment_and_to_covers_the_whole_of_a_day(query: str, first: object, last: object) -> None:
    filters = asked(query).filters
    assert (filters.published_from, filters.published_to) == (first, last)


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    "value", ["", " ", "yesterday", "2026-13-01", "2026-02-30", "1778400000", "0001-01-01T00:00+14:00"]
)
def test_what_is_no_time_is_refused(name: str, value: str) -> None:
    assert refusal(urlencode({name: value})) == (
        f"{name} is {value!r}, allowed: an ISO 8601 time, such as 2026-05-10 or 2026-05-10T09:30:00Z"
    )


def test_one_day_is_a_range_and_the_days_in_the_wrong_order_are_none() -> None:
    assert asked("from=2026-05-10&to=2026-05-10").filters.published_from == utc(2026, 5, 10)
    assert refusal("from=2026-05-11&to=2026-05-10") == (
        "from is '2026-05-11T00:00:00+00:00', allowed: a time before to, 2026-05-10T23:59:59.999999+00:00"
    )


def test_a_search_looks_only_at_what_is_visible() -> None:
    visible = Filters(NOON, without_ids=frozenset({"withdrawn"}))
    request = search_request(search_params(section=["Metro"]), visible)
    assert request.filters == Filters(NOON, ["Metro"], [], [], [], [], [], without_ids=frozenset({"withdrawn"}))


def test_related_takes_a_limit_and_ids_to_leave_out() -> None:
    read = read_params(RelatedParams, arguments("limit=50&exclude=a&exclude=https://x.example/y&mode=latest&explain=1"))
    assert read == RelatedParams(limit=50, exclude=["a", "https://x.example/y"], mode=RelatedMode.LATEST, explain="1")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=51", "limit"),
        ("limit=", "limit"),
        ("limit=5.0", "limit"),
        ("exclude=", "exclude"),
        ("&".join(f"exclude={n}" for n in range(101)), "exclude"),
        ("limit=1&limit=2", "limit"),
        ("page=1", "parameter"),
    ],
)
def test_related_refuses_what_it_does_not_take(query: str, field: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_params(RelatedParams, arguments(query))
    assert refused.value.field == field


def test_a_change_can_wait_until_it_is_visible_and_for_nothing_else() -> None:
    assert read_params(ChangeParams, arguments("wait=visible")) == ChangeParams(wait="visible")
    with pytest.raises(InvalidValue, match=r"^wait is 'true', allowed: visible"):
        read_params(ChangeParams, arguments("wait=true"))


def test_of_a_pages_address_what_a_reader_left_empty_and_what_is_no_parameter_is_dropped() -> None:
    given = "q=&section=+&section=Metro&from=&from_=2026&utm_source=letter&fbclid=1&page=2&to=2026&explain=0"
    assert of_a_page(SearchParams, arguments(given)) == arguments("section=Metro&page=2&to=2026&explain=0")


ANY_QUERY = st.one_of(
    st.text().map(lambda text: quote_from_bytes(text.encode(), safe="=&+%")),
    st.binary(max_size=50).map(quote_from_bytes),
    st.lists(
        st.tuples(
            st.sampled_from(
                [*NAMES, "q", "mode", "sort", "access", "from", "to", "page", "size", "explain", "spelling"]
            ),
            st.one_of(st.text(max_size=20), st.integers().map(str), st.datetimes().map(str), st.dates().map(str)),
        ),
        max_size=6,
    ).map(urlencode),
)


@given(ANY_QUERY)
@example("to=9999-12-31")
@example("from=0001-01-01T00:00:00%2B14:00")
@example("page=" + "9" * 5000)
def test_any_query_string_is_a_search_or_is_refused(query: str) -> None:
    with suppress(InvalidValue):
        assert isinstance(asked(query), SearchRequest)


def body(data: bytes) -> Request:
    return Request.from_values(method="PUT", data=data, content_type="application/json")


def test_a_body_is_the_json_it_carries() -> None:
    assert json_body(body(b'{"title": "Rain"}')) == {"title": "Rain"}


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"])
def test_a_body_that_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidValue, match="allowed: JSON in UTF-8") as refused:
        json_body(body(data))
    assert refused.value.field == "body"


@pytest.mark.parametrize("record", [{}, {"id": "a"}, {"_id": "a"}, {"id": None}, {"id": "a", "_id": "64f1c0"}])
def test_a_record_may_say_the_id_of_the_address_or_none(record: dict[str, object]) -> None:
    assert article_record({**record, "title": "Rain"}, "a") == {**record, "id": "a", "title": "Rain"}


@pytest.mark.parametrize("said", ["b", "", 1, ["a"]])
@pytest.mark.parametrize("name", ["id", "_id"])
def test_a_record_of_another_id_than_the_address_is_refused(name: str, said: object) -> None:
    with pytest.raises(InvalidValue) as refused:
        article_record({name: said}, "a")
    assert str(refused.value) == f"id is {said!r}, allowed: 'a', as in the address, or none"


@pytest.mark.parametrize("record", [None, [], "title", 1, True])
def test_a_body_that_is_no_object_is_no_article(record: object) -> None:
    with pytest.raises(InvalidValue) as refused:
        article_record(record, "a")
    assert str(refused.value) == f"body is {record!r}, allowed: a JSON object, one article"
