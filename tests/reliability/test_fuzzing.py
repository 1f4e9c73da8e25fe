"""Requests that nobody wrote by hand, through the HTTP layer: each is answered or refused, and none fails."""

import json
import time
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from tests.reliability.demand import points
from tests.web.newsroom import Newsroom, article_path
from tests.web.routes.harbour import ARTICLES

PART = 2_500  # examples that hypothesis remembers at once

SYNTAX = r"""" ' - -- + ~2 ^9 * ? / \ : ( ) (((( )))) [ { < > % & # ; AND OR NOT text: labels: id:*""".split()
WORDS = "harbour bridge ferry the harbuor brigde IT 2026 latest -harbour é ß İ 北京".split()
PHRASES = ["The Who", '"harbour bridge"', "number:[0 TO 9]", "NOT ", "a" * 60]
MARKS = ["\0", "\t", "\n", "\u202e", "\u200d", "\ufdfa", "\U0001f680", "\u0301", "\ud800"]
PIECES = st.one_of(
    st.sampled_from(SYNTAX + WORDS + PHRASES + MARKS),
    st.text(max_size=12),
    st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd", "Mn", "Zs"]), min_size=1, max_size=20),
)
QUERIES = st.lists(PIECES, max_size=40).map("".join) | st.lists(PIECES, max_size=40).map(" ".join)
NUMBERS = st.integers(-3, 60).map(str) | st.sampled_from(["", "0x1", "1e9", "９", "1" * 400, "-0", "1.0", "nan"])
VALUES = {
    "q": QUERIES,
    "mode": st.sampled_from(["hybrid", "lexical", "semantic", "magic", "balanced", "latest", "background"]),
    "sort": st.sampled_from(["relevance", "newest", "oldest", ""]),
    "section": st.sampled_from(["Metro", "metro", "x" * 300]) | PIECES,
    "tag": PIECES,
    "author": PIECES,
    "access": st.sampled_from(["free", "subscriber", "all"]),
    "from": st.sampled_from(["2026-05-01", "2026-13-01", "0001-01-01", "9999-12-31T23:59:59+14:00", "now"]) | PIECES,
    "to": st.sampled_from(["2026-05-11", "9999-12-31", "-1"]) | NUMBERS,
    "page": NUMBERS,
    "size": NUMBERS,
    "limit": NUMBERS,
    "explain": st.sampled_from(["0", "1", "yes"]),
    "spelling": st.sampled_from(["auto", "off", "on"]),
    "exclude": PIECES,
}
PATHS = {
    "/api/search": ("q", "mode", "sort", "section", "tag", "author", "access", "from", "to", "page", "size", "explain"),
    "/search": ("q", "mode", "sort", "section", "from", "to", "page"),
    "/api/suggest": ("q", "limit"),
    article_path(ARTICLES[0].id) + "/related": ("mode", "limit", "exclude", "explain"),
}


def encoded(text: str) -> str:
    """Percent-encoded; what is half a surrogate pair as the bytes that no UTF-8 has."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


@st.composite
def requests(draw: st.DrawFn) -> str:
    """The address of a request: mostly a search, its parameters of any value, now and then one it does not know."""
    path = draw(st.sampled_from(["/api/search"] * 5 + list(PATHS)))
    names = draw(st.lists(st.sampled_from(PATHS[path]), max_size=4, unique=True))
    names += ["q"] if "q" in PATHS[path] and "q" not in names else []
    names += draw(st.sampled_from([[]] * 9 + [["tag"], ["limit"], ["q"]]))
    return f"{path}?{'&'.join(f'{name}={encoded(draw(VALUES[name]))}' for name in names)}"


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


@pytest.fixture(scope="module")
def slowest() -> Iterator[list[tuple[float, str]]]:
    """The slowest request so far, told when all is over."""
    worst = [(0.0, "")]
    yield worst
    print(f"slowest: {worst[0][0] * 1000:.0f} ms, {worst[0][1]}")


@pytest.mark.parametrize("part", range(points(8, 400)))
def test_every_request_is_answered_or_refused(newsroom: Newsroom, slowest: list[tuple[float, str]], part: int) -> None:
    @seed(part)
    @settings(max_examples=PART, deadline=None, derandomize=False, database=None, phases=[Phase.generate, Phase.shrink])
    @given(requests())
    def holds(address: str) -> None:
        started = time.perf_counter()
        response = newsroom.client.get(address, buffered=True)
        slowest[0] = max(slowest[0], (time.perf_counter() - started, address))
        assert response.status_code in (200, 400, 404), response.text

    holds()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | QUERIES,
    lambda some: st.lists(some, max_size=3) | st.dictionaries(PIECES, some, max_size=3),
    max_leaves=4,
)


@settings(max_examples=points(500, 20_000))
@given(JSON | st.fixed_dictionaries({"title": JSON}, optional={"body": JSON}), st.binary(max_size=3))
def test_every_body_is_answered_or_refused(newsroom: Newsroom, body: object, after: bytes) -> None:
    sent = json.dumps(body).encode() + after
    response = newsroom.client.post("/api/related", data=sent, content_type="application/json")
    assert response.status_code in (200, 400), response.text
