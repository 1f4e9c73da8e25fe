from pathlib import Path

import lxml.html
import pytest

from search.article import Article
from tests.web.newsroom import NOON, Newsroom
from tests.web.routes.reading_pages import (
    ALERT,
    ARTICLES,
    BRIDGE,
    FERRY,
    HOSTILE,
    OUR_SCRIPTS,
    page,
    to_articles,
    told,
)

ADDRESSES = [
    "/",
    "/search?q=harbour&explain=1",
    "/articles/bridge",
    "/articles/unknown",
    "/search?size=0",
    "/nowhere",
]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_box_suggests_into_an_empty_list_that_shows_nothing_without_script(newsroom: Newsroom, path: str) -> None:
    document = lxml.html.fromstring(newsroom.get(path).text)
    (suggestions,) = document.xpath("//ul[@role='listbox']")
    assert document.xpath("//input[@name='q']/@aria-controls") == [suggestions.get("id")]
    assert ("hidden" in suggestions.attrib, len(suggestions)) == (True, 0)
    assert newsroom.json(suggestions.get("data-source"), q="harb")["suggestions"]


def test_an_article_page_holds_the_article(newsroom: Newsroom) -> None:
    (story,) = page(newsroom, "/articles/bridge").xpath("//main//article")
    assert story.findtext(".//h1") == "Harbour bridge closes"
    paragraphs = [paragraph.text_content() for paragraph in story.iter("p")]
    assert [text for text in paragraphs if text in BRIDGE.body] == ["Engineers found rust.", "Ferries run."]
    assert story.find(".//time").get("datetime") == "2026-05-10T00:00:00+00:00"


def test_an_article_page_offers_related_articles(newsroom: Newsroom) -> None:
    document = page(newsroom, "/articles/bridge")
    (box,) = [aside for aside in document.iter("aside") if "Related" in aside.findtext(".//h2")]
    titles = [page(newsroom, link).findtext(".//h1").strip() for link in to_articles(box)]
    assert FERRY.title in titles
    assert set(titles) <= {article.title for article in ARTICLES} - {BRIDGE.title}
    assert "Similar: " in " ".join(box.itertext())


def test_where_nothing_is_on_topic_the_box_says_that_it_holds_the_newest(tmp_path: Path) -> None:
    articles = [Article("comet", "Comet seen", section="Sky"), Article("rain", "Heavy rain", section="Sky")]
    (box,) = page(Newsroom(tmp_path, articles), "/articles/comet").iter("aside")
    assert box.findtext(".//h2") == "Newest in Sky"


def test_the_only_article_there_is_has_no_box_of_related_ones(tmp_path: Path) -> None:
    document = page(Newsroom(tmp_path, [BRIDGE]), "/articles/bridge")
    assert document.findall(".//aside") == []


def test_an_article_without_title_has_a_page(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [Article("untitled", "", "Rain all day.")])
    assert page(newsroom, to_articles(page(newsroom, "/"))[0]).findtext(".//h1").strip()


@pytest.mark.parametrize(("id_", "withheld"), [("paid", "The rest is secret."), ("long", "It was Ada.")])
def test_a_subscribers_article_is_not_given_away(newsroom: Newsroom, id_: str, withheld: str) -> None:
    response = newsroom.get(f"/articles/{id_}")
    assert withheld not in response.text
    assert "for subscribers" in response.text


@pytest.mark.parametrize("path", ["/", "/search?q=harbour&explain=1", "/search?section=%22%3E%3Cscript%3E", "hostile"])
def test_hostile_articles_are_text_on_every_page(newsroom: Newsroom, path: str) -> None:
    if path == "hostile":
        (path,) = [link for link in to_articles(page(newsroom, "/")) if "script" not in link and "%3Cb%3E" in link]
    response = newsroom.get(path)
    assert response.status_code == 200
    for raw in ("<script", "<img src=x", "<style", "<i>"):
        assert raw not in response.text.replace(OUR_SCRIPTS, "")
    document = lxml.html.fromstring(response.text)
    assert HOSTILE.title in " ".join(document.text_content().split())


def test_every_part_of_a_hostile_article_is_shown_as_it_is(newsroom: Newsroom) -> None:
    (path,) = [link for link in to_articles(page(newsroom, "/")) if "%3Cb%3E" in link]
    story = page(newsroom, path).xpath("//main//article")[0]
    text = " ".join(story.text_content().split())
    for part in (
        HOSTILE.title,
        HOSTILE.body,
        HOSTILE.summary,
        HOSTILE.section,
        HOSTILE.source,
        *HOSTILE.authors,
    ):
        assert part in text
    assert HOSTILE.url in story.xpath(".//a/@href")
    assert set(story.xpath(".//img/@src")) <= {HOSTILE.image}


def test_what_newsletters_hang_on_to_links_changes_no_page(newsroom: Newsroom) -> None:
    for path in ("/", "/search?q=harbour", "/articles/bridge"):
        added = f"{path}{'&' if '?' in path else '?'}utm_source=letter&fbclid=x&_scheme=javascript"
        assert newsroom.get(added).text == newsroom.get(path).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/articles/unknown", 404),
        ("/nowhere", 404),
        ("/search?size=0", 400),
        ("/search?q=" + "x" * 257, 400),
    ],
)
def test_an_error_outside_the_api_is_a_page_with_a_way_on(newsroom: Newsroom, path: str, status: int) -> None:
    response = newsroom.get(path)
    assert (response.status_code, response.mimetype) == (status, "text/html")
    document = lxml.html.fromstring(response.text)
    assert document.findtext(".//h1")
    assert "/" in document.xpath("//main//a/@href")


def test_an_error_page_says_which_value_was_wrong_and_escapes_it(newsroom: Newsroom) -> None:
    response = newsroom.get("/search", sort=ALERT)
    assert "<script" not in response.text.replace(OUR_SCRIPTS, "")
    assert (
        f"sort is '{ALERT}', allowed: relevance, newest or oldest" in lxml.html.fromstring(response.text).text_content()
    )


def test_a_method_that_pages_do_not_know_is_refused(newsroom: Newsroom) -> None:
    response = newsroom.client.post("/search", data={"q": "harbour"})
    assert (response.status_code, set(response.headers["Allow"].split(", "))) == (
        405,
        {"GET", "HEAD", "OPTIONS"},
    )


def test_before_the_first_publish_pages_say_to_come_again(tmp_path: Path) -> None:
    response = Newsroom(tmp_path).get("/")
    assert (response.status_code, response.mimetype) == (503, "text/html")
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", ADDRESSES)
def test_pages_run_two_small_scripts_of_ours_and_load_nothing_from_elsewhere(newsroom: Newsroom, path: str) -> None:
    text = newsroom.get(path).text
    assert text.count(OUR_SCRIPTS) == 1
    assert [len(newsroom.get(f"/static/{name}.js").data) < 3072 for name in ("suggest", "readers")] == [True, True]
    document = lxml.html.fromstring(text.replace(OUR_SCRIPTS, ""))
    assert document.xpath("//script | //iframe | //style | //@style | //@*[starts-with(name(), 'on')]") == []
    assert not [link for link in document.xpath("//@href | //@src | //@action") if link.startswith("javascript:")]
    sheets = document.xpath("//link[@rel='stylesheet']/@href")
    assert [newsroom.get(sheet).status_code for sheet in sheets] == [200] * len(sheets)
    loaded = document.xpath("//link[not(@rel = 'canonical' or @rel = 'search' or @rel = 'alternate')]/@href")
    assert not [link for link in loaded if not link.startswith("/static/")]


@pytest.mark.parametrize("path", [*ADDRESSES, "/api/search", "/api/articles/unknown", "/static/style.css", "/healthz"])
def test_every_answer_locks_the_browser_down_and_sets_no_cookie(newsroom: Newsroom, path: str) -> None:
    headers = newsroom.get(path).headers
    policy = dict(directive.strip().split(" ", 1) for directive in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["connect-src"]) == ("'self'", "'self'")
    assert "unsafe" not in str(policy)
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert "Set-Cookie" not in headers


def test_an_expired_article_has_no_page_and_no_link(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [BRIDGE, Article("offer", "Harbour offer", expires_at=NOON.replace(hour=13))])
    assert "/articles/offer" in to_articles(page(newsroom, "/articles/bridge"))
    newsroom.now = NOON.replace(hour=13)
    assert newsroom.get("/articles/offer").status_code == 404
    assert to_articles(page(newsroom, "/articles/bridge")) == []
    assert to_articles(page(newsroom, "/")) == ["/articles/bridge"]


def test_an_article_page_says_what_is_viewed_and_what_its_boxes_show(newsroom: Newsroom) -> None:
    document = page(newsroom, "/articles/bridge")
    boxes = newsroom.json("/api/articles/bridge/widgets")
    assert document.xpath("//@data-view") == ["bridge"]
    shown = {
        "related": [item["id"] for item in boxes["related"]],
        "hot": [item["id"] for item in boxes["hot"]],
        "topics": [topic["lead"]["id"] for topic in boxes["topics"]],
    }
    assert any(shown.values())
    for place, ids in shown.items():
        assert told(document, place) == [(id_, str(position)) for position, id_ in enumerate(ids, start=1)]
