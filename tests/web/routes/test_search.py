from pathlib import Path

import pytest

from search.article import Article
from search.embedding.hashing import HashingEmbedder
from tests.builders import settings, utc
from tests.tables import encoder, kept
from tests.web.newsroom import CARD, Newsroom

ARTICLES = [
    Article(
        "bridge",
        "Harbour bridge closes for inspection",
        "Engineers found rust on the harbour bridge. Ferries will run instead.",
        summary="The bridge shuts at noon.",
        published=utc(2026, 5, 10, 9),
        section="Metro",
        tags=("transport",),
        authors=("Ada Brill",),
        source="Herald",
        language="en",
        url="https://news.example/bridge",
        image="https://news.example/bridge.jpg",
    ),
    Article(
        "ferry",
        "Ferry fares rise",
        "The harbour trust blames fuel. No bridge is planned.",
        published=utc(2026, 5, 9),
        section="Business",
        tags=("transport", "money"),
        authors=("Henrik Sallow", "Ada Brill"),
        source="Wire",
        language="en",
        access="subscriber",
    ),
    Article("storm", "Storm floods the valley", "Rain fell on the harbour.", published=utc(2026, 5, 10, 23, 59)),
    Article(
        "comet",
        "Comet seen",
        "Look east, and trust the harbour for a dark sky.",
        section="Science",
        language="da",
    ),
]
FIELDS = ["section", "tag", "author", "source", "language", "access"]
MANY = [
    Article(
        f"tide-{n:02}",
        "Tide table" + " tide" * (n % 3),
        "High water at " + " ".join(f"quay{n}{letter}" for letter in "abcde"),
        published=utc(2026, 4, 1 + n // 2),
    )
    for n in range(1, 46)
]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("archive"), MANY)


def test_an_answer_is_exactly_the_contracts(newsroom: Newsroom) -> None:
    answer = newsroom.json("/api/search", q='"harbour bridge"', mode="lexical")
    assert answer.pop("took_ms") >= 0
    assert answer == {
        "query": {"text": '"harbour bridge"', "corrected": None, "broader": [], "mode": "lexical"},
        "total": 1,
        "page": 1,
        "size": 20,
        "hits": [
            {
                "id": "bridge",
                "url": "https://news.example/bridge",
                "title": "Harbour bridge closes for inspection",
                "summary": "The bridge shuts at noon.",
                "section": "Metro",
                "authors": ["Ada Brill"],
                "published": "2026-05-10T09:00:00Z",
                "image": "https://news.example/bridge.jpg",
                "access": "free",
                "score": 0.999284,
                "highlights": {
                    "title": "<mark>Harbour</mark> <mark>bridge</mark> closes for inspection",
                    "body": "The <mark>bridge</mark> shuts at noon. Engineers found rust on the"
                    " <mark>harbour</mark> <mark>bridge</mark>. Ferries will run instead.",
                },
                "versions": [],
            }
        ],
        "generation": "000001",
        "degraded": [],
    }


def test_every_hit_is_a_card_and_three_keys_more_and_explains_itself_when_asked(newsroom: Newsroom) -> None:
    plain = newsroom.json("/api/search", q="harbour")["hits"]
    explained = newsroom.json("/api/search", q="harbour", explain=1)["hits"]
    assert [set(hit) for hit in plain] == [CARD | {"score", "highlights", "versions"}] * 4
    assert [set(hit) for hit in explained] == [CARD | {"score", "highlights", "versions", "explain"}] * 4


@pytest.mark.parametrize("query", [{"q": "harbour"}, {"q": "harbour", "sort": "newest"}, {}])
def test_facets_count_all_hits_by_every_filter(newsroom: Newsroom, query: dict[str, str]) -> None:
    answer = newsroom.json("/api/search", facets=1, size=1, **query)
    assert answer["total"] == 4
    assert {field: [tuple(each.values()) for each in counts] for field, counts in answer["facets"].items()} == {
        "section": [("Business", 1), ("Metro", 1), ("Science", 1)],
        "tag": [("transport", 2), ("money", 1)],
        "author": [("Ada Brill", 2), ("Henrik Sallow", 1)],
        "source": [("Herald", 1), ("Wire", 1)],
        "language": [("en", 2), ("da", 1)],
        "access": [("free", 3), ("subscriber", 1)],
    }


def test_facets_of_nothing_are_empty_and_none_are_counted_unless_asked_for(newsroom: Newsroom) -> None:
    nothing = newsroom.json("/api/search", q='"no such words"', facets=1)
    assert {field: len(counts) for field, counts in nothing["facets"].items()} == dict.fromkeys(FIELDS, 0)
    assert "facets" not in newsroom.json("/api/search", q="harbour", facets=0)


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "semantic"])
@pytest.mark.parametrize("query", ["harbour", "ferry fares", '"harbour trust" fuel', "rain -bridge"])
def test_the_parts_of_a_score_multiply_out_to_it(newsroom: Newsroom, query: str, mode: str) -> None:
    hits = newsroom.json("/api/search", q=query, mode=mode, explain=1)["hits"]
    legs = {"hybrid": {"lexical", "semantic"}, "lexical": {"lexical"}, "semantic": {"semantic"}}[mode]
    assert hits
    for hit in hits:
        parts = hit["explain"]
        freshness = parts.pop("freshness")
        assert set(parts) <= legs
        assert all(set(part) == {"rank", "score", "normalised", "weight"} for part in parts.values())
        total = freshness * sum(part["weight"] * part["normalised"] for part in parts.values())
        assert total == pytest.approx(hit["score"], abs=2e-6)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({}, {"bridge", "ferry", "storm", "comet"}),
        ({"section": "Metro"}, {"bridge"}),
        ({"section": "  METRO "}, {"bridge"}),
        ({"section": ["Metro", "Science"]}, {"bridge", "comet"}),
        ({"section": "Nowhere"}, set()),
        ({"tag": "transport"}, {"bridge", "ferry"}),
        ({"tag": ["transport", "money"]}, {"bridge", "ferry"}),
        ({"author": "ada brill"}, {"bridge", "ferry"}),
        ({"source": "Wire"}, {"ferry"}),
        ({"language": "da"}, {"comet"}),
        ({"access": "free"}, {"bridge", "storm", "comet"}),
        ({"access": ["free", "subscriber"]}, {"bridge", "ferry", "storm", "comet"}),
        ({"tag": "transport", "access": "free"}, {"bridge"}),
        ({"from_": "2026-05-10"}, {"bridge", "storm"}),
        ({"from_": "2026-05-10T09:00:01Z"}, {"storm"}),
        ({"to": "2026-05-09"}, {"ferry"}),
        ({"to": "2026-05-10"}, {"bridge", "ferry", "storm"}),
        ({"from_": "2026-05-10", "to": "2026-05-10T09:00:00Z"}, {"bridge"}),
    ],
)
@pytest.mark.parametrize("words", [{}, {"q": "harbour"}, {"q": "harbour", "mode": "semantic"}])
def test_filters_hold_in_every_mode(
    newsroom: Newsroom, query: dict[str, str], ids: set[str], words: dict[str, str]
) -> None:
    answer = newsroom.json("/api/search", **query, **words)
    assert {hit["id"] for hit in answer["hits"]} == ids
    assert answer["total"] == len(ids)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ('"harbour bridge"', {"bridge"}),
        ("“harbour bridge”", {"bridge"}),
        ('"bridge harbour"', set()),
        ('"harbour trust" bridge', {"ferry"}),
        ("harbour -bridge", {"storm", "comet"}),
        ('harbour -"harbour bridge"', {"ferry", "storm", "comet"}),
        ("-harbour", set()),
        ("-bridge", {"storm", "comet"}),
        ('"harbour', {"bridge", "ferry", "storm", "comet"}),
    ],
)
@pytest.mark.parametrize("mode", ["hybrid", "lexical", "semantic"])
def test_quoted_words_must_appear_and_those_with_a_minus_must_not(
    newsroom: Newsroom, query: str, ids: set[str], mode: str
) -> None:
    assert set(newsroom.found(q=query, mode=mode)) == ids


@pytest.mark.parametrize("query", [{}, {"q": "harbour"}, {"q": "harbour", "mode": "semantic"}])
def test_newest_and_oldest_are_orders_of_time_and_an_unknown_time_is_the_oldest(
    newsroom: Newsroom, query: dict[str, str]
) -> None:
    assert newsroom.found(**query, sort="newest") == ["storm", "bridge", "ferry", "comet"]
    assert newsroom.found(**query, sort="oldest") == ["comet", "ferry", "bridge", "storm"]


def test_words_in_order_of_time_must_all_appear(newsroom: Newsroom) -> None:
    assert newsroom.found(q="harbour trust", sort="newest") == ["ferry", "comet"]


def test_no_words_list_the_newest(newsroom: Newsroom) -> None:
    assert newsroom.found() == newsroom.found(q=" ", sort="newest") == ["storm", "bridge", "ferry", "comet"]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize(
    "words",
    [{}, {"q": "tide water"}, {"q": "tide", "mode": "lexical"}, {"q": "tide table high", "mode": "semantic"}],
)
def test_pages_continue_one_another(archive: Newsroom, words: dict[str, str], sort: str) -> None:
    whole = archive.json("/api/search", **words, sort=sort, size=50)
    pages = [archive.json("/api/search", **words, sort=sort, size=7, page=page) for page in range(1, 9)]
    assert [page["total"] for page in pages] == [whole["total"]] * 8 == [45] * 8
    assert [hit["id"] for page in pages for hit in page["hits"]] == [hit["id"] for hit in whole["hits"]]
    assert len({hit["id"] for hit in whole["hits"]}) == 45


def test_the_same_request_has_the_same_answer(archive: Newsroom) -> None:
    first, second = (archive.json("/api/search", q="tide", explain=1) for _ in range(2))
    assert {**first, "took_ms": 0} == {**second, "took_ms": 0}


def test_a_page_beyond_the_last_is_empty_and_one_beyond_hit_1000_is_refused(archive: Newsroom) -> None:
    assert archive.json("/api/search", q="tide", size=50, page=20)["hits"] == []
    refused = archive.get("/api/search", q="tide", size=50, page=21)
    assert (refused.status_code, refused.get_json()["error"]["field"]) == (400, "page")


def test_without_a_model_words_alone_answer_and_the_answer_says_so(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, ARTICLES, has_model=False)
    for mode in ("hybrid", "semantic"):
        answer = newsroom.json("/api/search", q="ferry", mode=mode, explain=1)
        assert answer["degraded"] == ["semantic"]
        assert [(hit["id"], set(hit["explain"])) for hit in answer["hits"]] == [
            ("ferry", {"lexical", "freshness"}),
            ("bridge", {"lexical", "freshness"}),
        ]
    assert newsroom.json("/api/search", q="ferry", mode="lexical")["degraded"] == []
    assert newsroom.json("/api/search")["degraded"] == []


def test_while_the_model_loads_the_encoder_of_the_home_stands_in_for_it(tmp_path: Path) -> None:
    Newsroom(tmp_path, ARTICLES)
    kept(settings(tmp_path).static_encoder, encoder(("ferry", "bridge"), HashingEmbedder()))
    loading = Newsroom(tmp_path, has_model=False, query_encoder="auto")
    answer = loading.json("/api/search", q="ferry", explain=1)
    assert answer["degraded"] == ["model"]
    assert {leg for hit in answer["hits"] for leg in hit["explain"]} == {"lexical", "semantic", "freshness"}


def test_before_the_first_publish_the_answer_is_to_come_again(tmp_path: Path) -> None:
    response = Newsroom(tmp_path).get("/api/search", q="harbour")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.get_json()["error"]["code"] == "unavailable"


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("x" * 257, "'" + "x" * 77 + "…'"),
        ("word " * 33, "'33 words'"),
        ('"' + "word " * 33 + '"', "'33 words'"),
    ],
)
def test_a_query_too_long_to_answer_is_refused(newsroom: Newsroom, query: str, value: str) -> None:
    response = newsroom.get("/api/search", q=query)
    assert response.status_code == 400
    error = response.get_json()["error"]
    assert (error["code"], error["field"]) == ("invalid_value", "q")
    assert error["message"].startswith(f"q is {value}, allowed: ")


def test_the_longest_query_is_answered(newsroom: Newsroom) -> None:
    assert newsroom.get("/api/search", q="word " * 32).status_code == 200
    assert newsroom.get("/api/search", q="x" * 256).status_code == 200


def test_a_misspelt_query_is_corrected_unless_that_is_turned_off(newsroom: Newsroom) -> None:
    answer = newsroom.json("/api/search", q="Ispection “harbour bridge” -ferry", mode="lexical")
    assert answer["query"] == {
        "text": "Ispection “harbour bridge” -ferry",
        "corrected": 'Inspection "harbour bridge" -ferry',
        "broader": [
            "Inspection harbour bridge -ferry",
            'Inspection "harbour bridge"',
            "Inspection harbour bridge",
        ],
        "mode": "lexical",
    }
    title = newsroom.json("/api/search", q="ispection")["hits"][0]["highlights"]["title"]
    assert "<mark>inspection</mark>" in title
    off = newsroom.json("/api/search", q="ispection", mode="lexical", spelling="off")
    assert (off["query"]["corrected"], off["total"]) == (None, 0)


def test_the_synonyms_of_home_are_found_and_marked(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_text("closure, closes for inspection\n")
    (hit,) = Newsroom(tmp_path, ARTICLES).json("/api/search", q="closure", mode="lexical")["hits"]
    assert hit["highlights"]["title"] == "Harbour bridge <mark>closes for inspection</mark>"


def test_where_nothing_is_found_broader_searches_are_answered_that_find_something(newsroom: Newsroom) -> None:
    query = {"mode": "lexical", "section": "metro"}
    answer = newsroom.json("/api/search", q='"bridge harbour" -harbour', **query)
    assert (answer["total"], answer["query"]["broader"]) == (0, ["bridge harbour"])
    assert newsroom.found(q="bridge harbour", **query) == ["bridge"]
    assert newsroom.json("/api/search", q="quantum lasagne", **query)["query"]["broader"] == []
