from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import lxml.html
import pytest

from search.article import Article
from tests.builders import utc
from tests.web.newsroom import NOON, Newsroom
from web.params import SearchParams

ALERT = "<script>alert(1)</script>"
OUR_SCRIPTS = """<script src="/static/suggest.js" type="module"></script>
  <script src="/static/readers.js" type="module"></script>"""
HOSTILE = Article(
    "<b>\"'&/../x?y#z",
    f'{ALERT} "quoted" harbour',
    f"{ALERT}<img src=x onerror=alert(2)> harbour",
    summary="</p><style>*{}</style>&lt;i&gt;",
    section='"><script>',
    tags=("'><script>",),
    authors=(f"Ada {ALERT}", "{{ 7 * 7 }}", "Jo & Co"),
    source=ALERT,
    published=utc(2026, 5, 10),
    updated=utc(2026, 5, 11),
    url="https://news.example/?a=1&b=<script>",
    image="https://news.example/x.jpg?\"'><script>",
)
BRIDGE = Article("bridge", "Harbour bridge closes", "Engineers found rust.\n\nFerries run.", published=utc(2026, 5, 10))
FERRY = Article(
    "2026/ferry?", "Ferries replace harbour bridge", "Engineers found rust: ferries run.", section="Metro & World"
)
SUBSCRIBER = Article(
    "paid",
    "Inside the harbour trust",
    "It began in May. " * 30 + "\n\nThe rest is secret.",
    access="subscriber",
)
LONG = Article(
    "long",
    "The harbour in one paragraph",
    "Nobody noticed the tide. " * 200 + "It was Ada.",
    access="subscriber",
)
ARTICLES = [HOSTILE, BRIDGE, FERRY, SUBSCRIBER, LONG]
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


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    tides = [Article(f"tide-{n}", f"Tide table {n}", "High water.", section="Sea & air") for n in range(25)]
    return Newsroom(tmp_path_factory.mktemp("archive"), tides)


def page(newsroom: Newsroom, path: str, **query: object) -> Any:
    """The page as a browser reads it."""
    response = newsroom.get(path, **query)
    assert (response.status_code, response.mimetype) == (200, "text/html"), response.text
    return lxml.html.fromstring(response.text)


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def to_articles(element: Any) -> list[str]:
    """The links to article pages, in order."""
    return [link.get("href") for link in element.iter("a") if link.get("href").startswith("/articles/")]


def next_link(document: Any) -> str | None:
    links = document.xpath("//a[@rel='next']/@href")
    return str(links[0]) if links else None


@pytest.mark.parametrize("path", ["/", "/search", "/search?q=harbour&section=Metro&access=free&mode=lexical&size=5"])
def test_the_form_asks_for_nothing_but_what_search_takes(newsroom: Newsroom, path: str) -> None:
    (form,) = page(newsroom, path).forms
    names = set(form.inputs.keys())
    known = {field.alias or name for name, field in SearchParams.model_fields.items()}
    assert (form.method, form.action) == ("GET", "/search")
    assert {"q", "sort", "from", "to"} <= names <= known


def test_the_form_sent_as_it_stands_gives_the_same_page(newsroom: Newsroom) -> None:
    query = "q=harbour&section=Metro+%26+World&sort=newest&from=2020-01-01&explain=1"
    shown = page(newsroom, f"/search?{query}")
    sent = urlencode(shown.forms[0].form_values())
    assert sorted(parse_qsl(sent)) == sorted(parse_qsl(query))


def test_fields_a_reader_leaves_empty_ask_for_nothing(newsroom: Newsroom) -> None:
    empty = page(newsroom, "/search?q=&from=&to=&section=&sort=newest")
    assert to_articles(empty) == to_articles(page(newsroom, "/"))


def test_the_box_holds_what_was_asked(newsroom: Newsroom) -> None:
    query = "\"><script>alert(1)</script> & 'x' harbour"
    response = newsroom.get("/search", q=query)
    assert "<script" not in response.text.replace(OUR_SCRIPTS, "")
    document = lxml.html.fromstring(response.text)
    assert document.forms[0].fields["q"] == query
    assert query in document.find(".//main").text_content()


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_box_suggests_into_an_empty_list_that_shows_nothing_without_script(newsroom: Newsroom, path: str) -> None:
    document = lxml.html.fromstring(newsroom.get(path).text)
    (suggestions,) = document.xpath("//ul[@role='listbox']")
    assert document.xpath("//input[@name='q']/@aria-controls") == [suggestions.get("id")]
    assert ("hidden" in suggestions.attrib, len(suggestions)) == (True, 0)
    assert newsroom.json(suggestions.get("data-source"), q="harb")["suggestions"]


def test_hits_lead_to_pages_of_articles(newsroom: Newsroom) -> None:
    links = to_articles(page(newsroom, "/search", q="harbour").find(".//main"))
    titles = [page(newsroom, link).findtext(".//h1").strip() for link in links]
    assert sorted(titles) == sorted(article.title for article in ARTICLES)


def test_the_front_page_lists_the_newest(newsroom: Newsroom) -> None:
    first = to_articles(page(newsroom, "/").find(".//main"))[:2]
    assert [page(newsroom, link).findtext(".//h1").strip() for link in first] == [HOSTILE.title, BRIDGE.title]


def test_pages_lead_on_with_the_query_and_end(archive: Newsroom) -> None:
    query = {"q": "tide table", "section": "Sea & air", "sort": "oldest", "explain": "1"}
    document, seen, address = page(archive, "/search", **query), [], ""
    for number in (1, 2, 3):
        seen += to_articles(document.find(".//main"))
        address = next_link(document) or ""
        assert query_of(address) == ({**query, "page": str(number + 1)} if number < 3 else {})
        document = page(archive, address) if address else document
    assert sorted(seen) == sorted(f"/articles/tide-{n}" for n in range(25))
    (back,) = document.xpath("//a[@rel='prev']/@href")
    assert query_of(back) == {**query, "page": "2"}


def test_a_size_that_was_asked_for_is_kept_from_page_to_page(archive: Newsroom) -> None:
    address = next_link(page(archive, "/search", q="tide", size=20))
    assert query_of(address or "") == {"q": "tide", "size": "20", "page": "2"}


def test_one_page_of_hits_has_no_links_to_others(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q="harbour")
    assert document.xpath("//a[@rel='next' or @rel='prev']") == []


def test_nothing_found_is_a_page_that_says_so(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q='"no such words anywhere"')
    assert to_articles(document) == []
    assert "Nothing found" in document.text_content()


def test_without_a_model_the_page_says_that_words_alone_answered(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, [BRIDGE], has_model=False)
    document = page(newsroom, "/search", q="bridge")
    assert "model is still loading" in document.find(".//main").text_content()
    assert to_articles(document) == ["/articles/bridge"]


def test_the_scores_are_explained_when_asked_and_only_then(newsroom: Newsroom) -> None:
    assert page(newsroom, "/search", q="harbour").findall(".//table") == []
    assert len(page(newsroom, "/search", q="harbour", explain=1).findall(".//table")) == len(ARTICLES)


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


def test_a_corrected_search_says_so_and_one_link_undoes_it(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q="<harbuor>", mode="lexical")
    assert "<harbour>" in document.findtext(".//title")
    (notice,) = document.xpath("//p[@class='notice']")
    assert notice.text_content() == ("Showing results for <harbour>. Search instead for <harbuor>")
    assert to_articles(document.find(".//main"))
    (undo,) = notice.xpath(".//a/@href")
    assert query_of(undo) == {"q": "<harbuor>", "mode": "lexical", "spelling": "off"}
    as_typed = page(newsroom, undo)
    assert as_typed.xpath("//p[@class='notice']") == []
    assert "Nothing found" in as_typed.text_content()
    (offer,) = [link for link in as_typed.iter("a") if link.text == "<harbour>"]
    assert query_of(offer.get("href")) == {"q": "<harbour>", "mode": "lexical"}


def test_a_query_that_is_right_is_searched_without_a_word_about_it(newsroom: Newsroom) -> None:
    assert page(newsroom, "/search", q="harbour").xpath("//p[@class='notice']") == []


def test_where_nothing_is_found_broader_searches_are_links_that_find_something(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q='"bridge harbour" <harbour>', mode="lexical", section="Metro & World")
    assert "Nothing found" in document.text_content()
    (link,) = [each for each in document.find(".//main").iter("a") if each.text == "bridge harbour <harbour>"]
    assert query_of(link.get("href")) == {
        "q": "bridge harbour <harbour>",
        "mode": "lexical",
        "section": "Metro & World",
    }
    assert to_articles(page(newsroom, link.get("href")).find(".//main"))
    assert "Try fewer words" not in document.text_content()
    assert "Try fewer words" in page(newsroom, "/search", q="quantum", mode="lexical").text_content()


def told(document: Any, place: str) -> list[tuple[str, str]]:
    items = document.xpath(f"//*[@data-place='{place}']/li")
    return [(each.get("data-article"), each.get("data-position")) for each in items]


def test_pages_say_where_each_link_stands_for_the_script_that_counts(newsroom: Newsroom) -> None:
    document = page(newsroom, "/search", q="harbour", size=1, page=2)
    (found,) = document.xpath("//*[@data-search]")
    answer = newsroom.json("/api/search", q="harbour", size=1, page=2)
    assert (found.get("data-search"), found.get("data-total")) == ("harbour", str(answer["total"]))
    assert told(document, "search") == [(answer["hits"][0]["id"], "2")]
    (list_,) = document.xpath("//*[@data-place]")
    assert (list_.get("data-query"), list_.xpath("li/@data-team")) == ("harbour", [])
    assert told(page(newsroom, "/"), "search") == page(newsroom, "/").xpath("//@data-search") == []


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
