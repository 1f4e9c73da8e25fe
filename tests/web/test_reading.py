"""Answers that are kept are those that would be made."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.accept import withdraw
from indexer.ledger import Ledger
from search.article import Article
from tests.builders import utc
from tests.web.newsroom import NOON, TOKEN, Newsroom, article_path, bearer
from tests.web.routes.harbour import ARTICLES, assert_hidden, assert_shown

HOUR = timedelta(hours=1)
PATHS = [
    "/api/search",
    "/api/search?q=harbour+bridge",
    "/api/suggest?q=harb",
    "/api/articles/bridge",
    "/api/articles/bridge/related",
    "/",
    "/search?q=ferry",
    "/articles/bridge",
    "/search.rss?q=harbour",
    "/opensearch.xml",
    "/widgets/related/bridge",
]
CHANGING = [*PATHS, *(article_path(f"{each.id}") + end for each in ARTICLES for end in ("", "/related"))]


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """Its ledger may change, its index does not."""
    return Newsroom(tmp_path, ARTICLES, has_model=False)


def hits(newsroom: Newsroom) -> int:
    """How many answers came from the cache so far."""
    line = next(line for line in newsroom.get("/metrics").text.splitlines() if 'cache="hit"' in line)
    return int(line.split()[-1])


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_that_nothing_changed_is_answered_from_the_cache_word_for_word(newsroom: Newsroom, path: str) -> None:
    first, second = newsroom.get(path), newsroom.get(path)
    assert hits(newsroom) == (0 if path.startswith("/api/suggest") else 1)
    assert (first.status_code, second.status_code) == (200, 200)
    headers = [{**each.headers, "Content-Length": ""} for each in (first, second)]
    assert headers[0] == headers[1]
    if first.is_json:
        said = [{**each.get_json(), "took_ms": 0} for each in (first, second)]
        assert said[0] == said[1]
    else:
        assert first.text == second.text


@pytest.mark.parametrize("path", PATHS)
def test_a_read_may_be_kept_by_anybody_who_asks_before_showing_it_again(newsroom: Newsroom, path: str) -> None:
    for _ in ("made", "cached"):
        response = newsroom.get(path)
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        again = newsroom.client.get(path, headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", response.headers["ETag"])
        assert "Content-Type" not in again.headers


def test_what_is_no_read_may_not_be_kept_nor_read_by_other_sites(newsroom: Newsroom) -> None:
    draft = {"title": "Harbour bridge"}
    for response in (
        newsroom.client.post("/api/related", json=draft),
        newsroom.get("/api/articles/unknown"),
        newsroom.get("/api/search", size=0),
        newsroom.get("/healthz"),
        newsroom.put("new", {"title": "New"}, query=""),
        newsroom.delete("new"),
    ):
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
        assert "Access-Control-Allow-Origin" not in response.headers


def test_an_answer_that_another_generation_gives_word_for_word_has_not_changed(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES)
    etag = newsroom.get("/api/articles/bridge").headers["ETag"]
    assert newsroom.put("new", {"title": "Rain"}).status_code == 200
    held = newsroom.client.get("/api/articles/bridge", headers={"If-None-Match": etag})
    assert (held.status_code, newsroom.json("/api/articles/bridge")["generation"]) == (304, "000002")


def test_a_change_is_in_the_next_answer_when_readers_are_said_to_see_it(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES)
    for title in ("Harbour bridge opens again", "Harbour bridge closes again"):
        newsroom.json("/api/articles/bridge/related")
        etag = newsroom.get("/api/articles/opening").headers["ETag"]
        newsroom.put("opening", {"title": title, "body": "Ferries stop at noon."})
        changed = newsroom.client.get("/api/articles/opening", headers={"If-None-Match": etag})
        assert (changed.status_code, changed.get_json()["title"]) == (200, title)
        items = newsroom.json("/api/articles/bridge/related")["items"]
        assert title in [item["title"] for item in items]


def ask_for_everything(newsroom: Newsroom) -> None:
    """Has everything in the cache that a withdrawn article could be found in."""
    assert_shown(newsroom, "ferry")
    for path in CHANGING:
        newsroom.get(path)
    asked = hits(newsroom)
    for path in CHANGING:
        newsroom.get(path)
    assert hits(newsroom) == asked + len([path for path in CHANGING if "suggest" not in path])


def elsewhere(newsroom: Newsroom) -> None:
    with Ledger(newsroom.settings.ledger) as ledger:
        withdraw(["ferry"], ledger)


FERRY = {"title": "Ferry replaces harbour bridge", "body": "Ferries run from noon.", "published": "2026-05-09"}
HIDINGS: dict[str, Callable[[Newsroom], object]] = {
    "withdrawn": lambda newsroom: newsroom.delete("ferry"),
    "withdrawn by another process": elsewhere,
    "embargoed anew": lambda newsroom: newsroom.put("ferry", {"title": "F", "embargo_until": "2027-01-01"}, query=""),
    "for subscribers only anew": lambda newsroom: newsroom.put("ferry", {**FERRY, "access": "subscriber"}, query=""),
    "expired anew": lambda newsroom: newsroom.put("ferry", {"title": "F", "expires_at": "2026-01-01"}, query=""),
}


@pytest.mark.parametrize("how", HIDINGS)
def test_what_is_hidden_is_gone_at_once_from_answers_that_were_cached(newsroom: Newsroom, how: str) -> None:
    ask_for_everything(newsroom)
    etag = newsroom.get("/api/articles/ferry").headers["ETag"]
    HIDINGS[how](newsroom)
    assert_hidden(newsroom, "ferry")
    assert newsroom.client.get("/api/articles/ferry", headers={"If-None-Match": etag}).status_code == 404
    assert "Ferry replaces" not in "".join(newsroom.get(path).text for path in CHANGING)


def test_what_expires_while_it_is_cached_is_gone_at_that_moment(tmp_path: Path) -> None:
    moment = NOON + timedelta(seconds=1)
    newsroom = Newsroom(tmp_path, [*ARTICLES, Article("offer", "Harbour bridge toll is waived", expires_at=moment)])
    for _ in ("made", "cached"):
        assert_shown(newsroom, "offer")
    newsroom.now = moment
    assert_hidden(newsroom, "offer")


def test_what_was_embargoed_is_there_at_the_moment_its_embargo_ends(tmp_path: Path) -> None:
    moment = NOON + timedelta(seconds=1)
    newsroom = Newsroom(tmp_path, [*ARTICLES, Article("secret", "Harbour bridge sold", embargo_until=moment)])
    for _ in ("made", "cached"):
        assert_hidden(newsroom, "secret")
    newsroom.now = moment
    assert_shown(newsroom, "secret")
    assert "secret" in newsroom.found(q="harbour bridge sold")


def test_an_expiry_that_only_the_ledger_knows_of_is_kept_too(newsroom: Newsroom) -> None:
    moment = NOON + timedelta(seconds=1)
    newsroom.put("ferry", {"title": "Ferry", "expires_at": moment.isoformat()}, query="")
    for _ in ("made", "cached"):
        assert "ferry" in newsroom.found()
    newsroom.now = moment
    assert_hidden(newsroom, "ferry")


def test_answers_by_words_alone_are_made_anew_when_the_model_is_there(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES, has_model=False)
    assert newsroom.json("/api/search", q="ferry")["degraded"] == ["semantic"]
    assert Newsroom(tmp_path).json("/api/search", q="ferry")["degraded"] == []
    newsroom.has_model = True
    assert newsroom.json("/api/search", q="ferry")["degraded"] == []


def test_hosts_do_not_share_answers_that_name_them(newsroom: Newsroom) -> None:
    for host in ("one.example", "two.example", "one.example"):
        text = newsroom.client.get("/widgets/related/opening", base_url=f"http://{host}").text
        assert f"http://{host}/articles/ferry" in text


def signal(kind: str, **fields: object) -> dict[str, object]:
    return {"kind": kind, "article": "ferry", "place": "all", **fields}


def test_what_the_newsroom_wants_is_in_the_next_answer_and_so_is_its_end(newsroom: Newsroom) -> None:
    moment = NOON + timedelta(seconds=1)

    def seen() -> tuple[bool, bool]:
        newsroom.found(q="harbour bridge"), newsroom.related("bridge")
        return "ferry" in newsroom.found(q="harbour bridge"), "ferry" in newsroom.related("bridge")

    def put(**fields: object) -> None:
        path = "/api/signals/no-ferry"
        sent = newsroom.client.put(path, json=signal("exclude", **fields), headers=bearer(TOKEN))
        assert sent.status_code == 200, sent.text

    assert seen() == (True, True)
    put()
    assert seen() == (False, False)
    put(end=moment.isoformat())
    assert seen() == (False, False)
    newsroom.now = moment
    assert seen() == (True, True)
    put(start=(moment + timedelta(seconds=1)).isoformat())
    assert seen() == (True, True)
    newsroom.now = moment + timedelta(seconds=1)
    assert seen() == (False, False)
    newsroom.client.delete("/api/signals/no-ferry", headers=bearer(TOKEN))
    assert seen() == (True, True)


def test_errors_are_not_cached(newsroom: Newsroom) -> None:
    for _ in range(2):
        assert newsroom.get("/api/search", size=0).status_code == 400
    assert hits(newsroom) == 0


moments = st.sampled_from([None, *(NOON + hours * HOUR for hours in range(-1, 4))])
ids = st.sampled_from([each.id for each in ARTICLES])
changes = st.one_of(
    st.tuples(st.just("put"), ids, moments, moments),
    st.tuples(st.just("delete"), ids, st.none(), st.none()),
    st.tuples(st.just("clock"), st.just(""), st.sampled_from([NOON + hours * HOUR for hours in range(4)]), st.none()),
)


@settings(max_examples=25)
@given(limits=st.lists(st.tuples(moments, moments), min_size=4, max_size=4), changes=st.lists(changes, max_size=6))
def test_whatever_changes_a_cached_answer_is_the_one_that_would_be_made(
    tmp_path_factory: pytest.TempPathFactory,
    limits: list[tuple[datetime | None, datetime | None]],
    changes: list[tuple[str, str, datetime | None, datetime | None]],
) -> None:
    articles = [
        Article(each.id, each.title, each.body, published=utc(2026, 5, 9), embargo_until=start, expires_at=end)
        for each, (start, end) in zip(ARTICLES, limits, strict=True)
    ]
    newsroom = Newsroom(tmp_path_factory.mktemp("home"), articles, has_model=False)
    for number, (kind, id_, first, second) in enumerate([("", "", None, None), *changes]):
        if kind == "put":
            times = {"embargo_until": first and first.isoformat(), "expires_at": second and second.isoformat()}
            newsroom.put(id_, {"title": "Harbour", **times}, query="")
        elif kind == "delete":
            newsroom.delete(id_)
        elif first:
            newsroom.now = first
        for path in ("/api/search?q=harbour+ferry", "/api/search", "/api/suggest?q=h", "/api/articles/ferry"):
            cached = newsroom.get(path)
            made = newsroom.client.get(path, base_url=f"http://never-asked-{number}.example")
            said = [{**each.get_json(), "took_ms": 0} for each in (cached, made)]
            assert said[0] == said[1], path
    newsroom.app.extensions["broadsheet"].publisher.stop()
    newsroom.intake.stop()
