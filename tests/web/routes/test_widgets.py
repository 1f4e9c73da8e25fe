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
    assert len(script.data) < 2048
    assert "document.currentScript.src" in script.text
    assert re.findall(r"https?://", script.text.split("\n(")[1]) == []
