"""A harbour's few articles, and what it is for one of them to be shown or hidden."""

from search.article import Article
from tests.builders import utc
from tests.web.newsroom import Newsroom, article_path

BRIDGE = Article(
    "bridge",
    "Harbour bridge closes",
    "Engineers found rust.\n\nFerries will run instead.",
    summary="It shuts at noon.",
    published=utc(2026, 5, 10, 9),
    updated=utc(2026, 5, 10, 10),
    section="Metro",
    tags=("transport", "harbour"),
    authors=("Ada Brill",),
    source="Herald",
    language="en",
    url="https://news.example/bridge",
    image="https://news.example/bridge.jpg",
    access="subscriber",
    expires_at=utc(2027, 1, 1),
)
FERRY = Article("ferry", "Ferry replaces harbour bridge", "Ferries run from noon.", published=utc(2026, 5, 9))
OPENING = Article("opening", "Harbour bridge opens", "Ferries stop at noon.", published=utc(2020, 1, 1))
COMET = Article("comet", "Comet seen", "Look east at dusk.")
ARTICLES = [BRIDGE, FERRY, OPENING, COMET]


EVERYWHERE = [
    "/",
    "/search?q=harbour+ferry",
    "/search.rss?q=harbour+ferry",
    "/search.rss",
    "/api/hot?limit=50",
    "/api/topics?limit=50",
    "/widgets/hot",
    "/widgets/topics",
]


def beside(id_: str) -> list[str]:
    """What is shown beside an article."""
    return [f"/widgets/related/{id_}", f"{article_path(id_)}/widgets?related=50&hot=50&topics=20"]


def assert_hidden(newsroom: Newsroom, id_: str) -> None:
    """No answer holds the article, whichever way it is asked for."""
    for path in (article_path(id_), f"{article_path(id_)}/related", f"/articles/{id_}"):
        assert newsroom.get(path).status_code == 404, path
    for query in (
        {},
        {"q": "harbour bridge ferry"},
        {"q": "harbour", "sort": "newest"},
        {"q": "ferry", "mode": "semantic"},
    ):
        assert id_ not in newsroom.found(**query), query
    for other in ARTICLES:
        if other.id != id_:
            assert id_ not in newsroom.related(other.id, limit=50)
            assert f"/articles/{id_}" not in newsroom.get(f"/articles/{other.id}").text
    answers = [newsroom.get(path).text for path in EVERYWHERE]
    answers += [newsroom.get(path).text for each in ARTICLES if each.id != id_ for path in beside(each.id)]
    answers.append(newsroom.client.post("/api/related", json={"title": "Ferry replaces harbour bridge"}).text)
    assert [text for text in answers if f"/articles/{id_}" in text or f'"id":"{id_}"' in text] == []
    for typed in ("h", "harbour b", "fer", "com"):
        suggestions = newsroom.json("/api/suggest", q=typed)["suggestions"]
        assert f"/articles/{id_}" not in [each["url"] for each in suggestions], typed


def assert_shown(newsroom: Newsroom, id_: str) -> None:
    for path in (article_path(id_), f"{article_path(id_)}/related", f"/articles/{id_}"):
        assert newsroom.get(path).status_code == 200, path
    assert id_ in newsroom.found()
