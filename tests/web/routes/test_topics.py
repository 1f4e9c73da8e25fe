from pathlib import Path
from typing import Any

import lxml.html
import pytest

from search.article import Article
from tests.builders import utc
from tests.web.newsroom import CARD, Newsroom, article_path, bearer
from tests.web.routes.harbour import ARTICLES

HOSTILE = [
    Article(f"h{n}", f"<b>alpha{n}", tags=("<script>alert(1)</script> a/b-c_d~e",), published=utc(2026, 5, 9))
    for n in range(3)
]
TOWN = [
    Article(
        f"town{n}", f"alpha{n} beta{n}", f"gamma{n}", section="News", tags=("Town Hall",), published=utc(2026, 5, n)
    )
    for n in range(1, 9)
]


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, [*ARTICLES, *TOWN, *HOSTILE])


def test_topics_are_exactly_the_contracts_and_each_has_an_answer_and_a_page(newsroom: Newsroom) -> None:
    answer = newsroom.json("/api/topics", limit=50)
    topics = answer.pop("topics")
    assert answer.pop("took_ms") >= 0
    assert answer == {"generation": "000001", "degraded": []}
    for topic in topics:
        assert set(topic) == {"slug", "label", "kind", "size", "lead", "articles"}
        assert topic["lead"] == topic["articles"][0]
        assert {frozenset(each) for each in topic["articles"]} == {frozenset(CARD)}
        alone = newsroom.json(f"/api/topics/{topic['slug']}")["topic"]
        assert (alone["slug"], set(alone)) == (topic["slug"], set(topic))
        page = lxml.html.fromstring(newsroom.get(f"/topics/{topic['slug']}").text)
        assert alone["label"] in (heading := page.findtext(".//h1")), heading
        assert page.xpath("//main//script") == []
    assert {"tag-town-hall", "section-news"} <= {topic["slug"] for topic in topics}
    assert len({topic["lead"]["id"] for topic in topics}) == len(topics)


def test_a_topic_nobody_knows_is_not_found_and_its_page_says_so(newsroom: Newsroom) -> None:
    for path in ("/api/topics/tag-nothing", "/topics/tag-nothing", "/topics/nothing", "/topics/tag-"):
        assert newsroom.get(path).status_code == 404, path
    assert newsroom.get("/api/topics/tag-town-hall", limit=51).status_code == 400


def test_what_is_withdrawn_leaves_its_topics_at_once(newsroom: Newsroom) -> None:
    for article in TOWN[1:]:
        newsroom.delete(article.id)
    alone = newsroom.json("/api/topics/tag-town-hall")["topic"]
    assert (alone["size"], alone["lead"]["id"]) == (1, "town1")
    newsroom.delete("town1")
    assert newsroom.get("/api/topics/tag-town-hall").status_code == 404


def ids(boxes: Any) -> list[str]:
    cards = [*boxes["related"], *boxes["hot"], *(topic["lead"] for topic in boxes["topics"])]
    return [each["id"] for each in cards]


def test_the_boxes_of_a_page_are_exactly_the_contracts_and_hold_nothing_twice(newsroom: Newsroom) -> None:
    answer = newsroom.json(article_path("bridge") + "/widgets")
    shown = ids(answer)
    assert "bridge" not in shown
    assert len(set(shown)) == len(shown)
    assert [len(answer[name]) > 0 for name in ("related", "hot", "topics")] == [True] * 3
    assert {frozenset(each) for each in answer["hot"]} == {frozenset(CARD | {"score", "views", "rising"})}
    assert {frozenset(each) for each in answer["topics"]} == {frozenset({"slug", "label", "kind", "size", "lead"})}
    assert (answer["article"], answer["fallback"]) == ("bridge", {"related": None, "hot": "dates"})


def test_the_boxes_are_as_large_as_is_said_and_of_an_article_that_is_there(newsroom: Newsroom) -> None:
    answer = newsroom.json(article_path("bridge") + "/widgets", related=1, hot=2, topics=1)
    assert [len(answer[name]) for name in ("related", "hot", "topics")] == [1, 2, 1]
    assert newsroom.get(article_path("bridge") + "/widgets", hot=21).status_code == 400
    assert newsroom.get(article_path("unknown") + "/widgets").status_code == 404


def test_each_box_is_steered_by_the_signals_of_its_place(newsroom: Newsroom) -> None:
    for id_, place in (("town1", "hot"), ("town2", "topics"), ("ferry", "related")):
        record = {"kind": "exclude", "article": id_, "place": place}
        newsroom.client.put(f"/api/signals/{id_}", json=record, headers=bearer("secret"))
    answer = newsroom.json(article_path("bridge") + "/widgets", hot=20)
    assert "town1" not in [each["id"] for each in answer["hot"]]
    assert "town2" not in [each["lead"]["id"] for each in answer["topics"]]
    assert "ferry" not in [each["id"] for each in answer["related"]]


def test_the_page_of_an_article_shows_the_three_boxes(newsroom: Newsroom) -> None:
    document = lxml.html.fromstring(newsroom.get("/articles/bridge").text)
    assert [aside.findtext(".//h2") for aside in document.iter("aside")] == [
        "Related Articles",
        "Hot this week",
        "Topics",
    ]
    links = [link.get("href") for aside in document.iter("aside") for link in aside.xpath(".//h3/a")]
    assert len(set(links)) == len(links)
    assert "/articles/bridge" not in links
