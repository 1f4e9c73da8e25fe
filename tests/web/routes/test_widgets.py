import json
import re

import lxml.html
import pytest

from search.article import Article
from tests.builders import utc
from tests.web.newsroom import Newsroom
from tests.web.routes.harbour import ARTICLES, BRIDGE

HOSTILE = Article(
    "<i>/?#",
    "<img src=x onerror=alert(1)> ferry at the harbour bridge",
    "Ferries run at noon.",
    language='"><script>',
    published=utc(2026, 1, 1),
)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Nobody changes it."""
    return Newsroom(tmp_path_factory.mktemp("home"), [*ARTICLES, HOSTILE])


def test_the_box_of_related_articles_leads_to_the_sites_own_pages(newsroom: Newsroom) -> None:
    response = newsroom.get("/widgets/related/ferry")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    box = lxml.html.fromstring(response.text)
    assert box.findtext("h2") == "Related Articles"
    links = {link.text: link.get("href") for link in box.iter("a")}
    assert links[BRIDGE.title] == BRIDGE.url
    assert links["Harbour bridge opens"] == "http://localhost/articles/opening"
    assert set(newsroom.related("ferry")) == {"bridge", "opening", HOSTILE.id}
    assert len(links) == 3


def test_the_box_takes_what_related_articles_take(newsroom: Newsroom) -> None:
    box = newsroom.get("/widgets/related/ferry?limit=1&exclude=opening&exclude=bridge").text
    assert box.count("<li") == 1
    assert newsroom.get("/widgets/related/ferry", limit=0).status_code == 400
    assert newsroom.get("/widgets/related/ferry", explain=1).status_code == 400
    assert newsroom.get("/widgets/related/unknown").status_code == 404


def test_where_there_is_nothing_to_offer_there_is_no_box(newsroom: Newsroom) -> None:
    others = [each.id for each in [*ARTICLES, HOSTILE] if each.id != "comet"]
    assert newsroom.get("/widgets/related/comet", exclude=others).text == ""


def test_an_article_makes_no_markup_of_the_box(newsroom: Newsroom) -> None:
    box = lxml.html.fromstring(newsroom.get("/widgets/related/ferry").text)
    assert box.xpath("//script | //img | //@*[starts-with(name(), 'on')]") == []
    (item,) = [each for each in box.iter("li") if each.get("lang") == HOSTILE.language]
    assert item.findtext("a") == HOSTILE.title


def test_the_script_asks_where_it_came_from_and_is_small(newsroom: Newsroom) -> None:
    script = newsroom.get("/static/widgets.js")
    assert script.mimetype == "text/javascript"
    assert len(script.data) < 3072
    assert "document.currentScript.src" in script.text
    assert re.findall(r"https?://", script.text.split("\n(")[1]) == []


def test_the_box_of_hot_articles_and_that_of_topics_lead_to_articles_and_topics(newsroom: Newsroom) -> None:
    hot = lxml.html.fromstring(newsroom.get("/widgets/hot", limit=2).text)
    assert (hot.findtext("h2"), hot.get("class")) == ("Hot this week", "broadsheet hot-articles")
    assert BRIDGE.url in [link.get("href") for link in hot.iter("a")]
    topics = lxml.html.fromstring(newsroom.get("/widgets/topics").text)
    assert (topics.findtext("h2"), topics.get("class")) == ("Topics", "broadsheet topic-list")
    for link in topics.iter("a"):
        address = link.get("href").removeprefix("http://localhost")
        assert address == BRIDGE.url or newsroom.get(address).status_code == 200
    assert newsroom.get("/widgets/hot", window="1y").status_code == 400
    assert newsroom.get("/widgets/topics", limit=0).status_code == 400


def test_an_article_makes_no_markup_of_the_other_boxes(newsroom: Newsroom) -> None:
    for path in ("/widgets/hot", "/widgets/topics"):
        box = lxml.html.fromstring(newsroom.get(path, limit=50).text)
        assert box.xpath("//script | //img | //@*[starts-with(name(), 'on')]") == []


def test_the_box_for_a_reader_takes_what_was_read_as_plain_text_from_any_page(newsroom: Newsroom) -> None:
    response = newsroom.client.post("/widgets/recommend?limit=1", data='{"read": ["ferry"]}', content_type="text/plain")
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert response.headers["Cache-Control"] == "no-store"
    box = lxml.html.fromstring(response.text)
    assert (box.findtext("h2"), box.get("class")) == ("For you", "broadsheet for-you")
    (item,) = box.iter("li")
    assert (item.findtext("p") or "").startswith("Because you read “")
    assert newsroom.client.post("/widgets/recommend", data="[", content_type="text/plain").status_code == 400
    assert newsroom.client.post("/widgets/recommend?limit=51", data='{"read": []}').status_code == 400


def test_an_article_makes_no_markup_of_the_box_for_a_reader(newsroom: Newsroom) -> None:
    told = json.dumps({"read": [HOSTILE.id]})
    box = lxml.html.fromstring(newsroom.client.post("/widgets/recommend?limit=50", data=told).text)
    assert box.xpath("//script | //img | //@*[starts-with(name(), 'on')]") == []
    assert any(HOSTILE.title in (each.findtext("p") or "") for each in box.iter("li"))
