import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.clean.article import clean_article
from indexer.item import Item, Refusal
from indexer.sources.site import Fetched, Site
from indexer.sources.wordpress import read_wordpress
from search.article import Article
from search.errors import InvalidValue, Unavailable
from tests.builders import utc
from tests.indexer.sources.web_site import WebSite

QUERY = "per_page=100&order=asc&orderby=id&_embed=author%2Cwp%3Aterm%2Cwp%3Afeaturedmedia&page="
POST = {
    "id": 7,
    "date_gmt": "2026-05-12T08:30:00",
    "modified_gmt": "2026-05-12T09:00:00",
    "link": "https://paper.example/rain/",
    "title": {"rendered": "Rain &#038; wind"},
    "content": {"rendered": "<p>It rained.</p>\n<p>And blew.</p>", "protected": False},
    "excerpt": {"rendered": "<p>All day.</p>\n"},
    "_embedded": {
        "author": [{"id": 1, "name": "Ada Lund"}, {"code": "rest_user_invalid_id"}],
        "wp:term": [
            [{"taxonomy": "category", "name": "Weather"}, {"taxonomy": "category", "name": "Local"}],
            [{"taxonomy": "post_tag", "name": "storm"}],
        ],
        "wp:featuredmedia": [{"source_url": "https://paper.example/rain.jpg"}],
    },
}


def read(site: WebSite, *pages: object) -> list[Item | Refusal]:
    for number, page in enumerate(pages, start=1):
        site.pages[f"/blog/wp-json/wp/v2/posts?{QUERY}{number}"] = json.dumps(page).encode()
    return list(read_wordpress(f"{site.address}/blog/", Site(site.address, wait=lambda seconds: None)))


def test_a_post_is_an_article(site: WebSite) -> None:
    (item,) = read(site, [POST])
    assert isinstance(item, Item)
    assert clean_article(item.record) == Article(
        "wp-7",
        "Rain & wind",
        "It rained.\n\nAnd blew.",
        summary="All day.",
        published=utc(2026, 5, 12, 8, 30),
        updated=utc(2026, 5, 12, 9),
        section="Weather",
        tags=("storm", "Local"),
        authors=("Ada Lund",),
        url="https://paper.example/rain/",
        image="https://paper.example/rain.jpg",
    )


def test_all_pages_of_posts_are_read(site: WebSite) -> None:
    posts = [{**POST, "id": number} for number in range(1, 251)]
    items = read(site, posts[:100], posts[100:200], posts[200:])
    assert [each.record["id"] for each in items if isinstance(each, Item)] == [f"wp-{n}" for n in range(1, 251)]


def test_a_last_page_that_is_full_ends_the_posts_too(site: WebSite) -> None:
    posts = [{**POST, "id": number} for number in range(1, 101)]
    site.statuses[f"/blog/wp-json/wp/v2/posts?{QUERY}2"] = (400, {})
    assert len(read(site, posts)) == 100


def test_a_page_that_fails_halfway_is_told_and_not_taken_for_the_end(site: WebSite) -> None:
    posts = [{**POST, "id": number} for number in range(1, 101)]
    with pytest.raises(Unavailable, match="answers page 2 of its posts with 404; run it again"):
        read(site, posts)


@pytest.mark.parametrize("page", [{}, "no JSON of posts", 5])
def test_what_is_no_wordpress_is_told(site: WebSite, page: object) -> None:
    with pytest.raises(InvalidValue, match="allowed: a WordPress site whose wp-json/wp/v2/posts can be read"):
        read(site, page)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*POST, "rendered", "name"]), inner),
    max_leaves=8,
)


@given(
    posts=st.lists(
        json_values | st.dictionaries(st.sampled_from([*POST]), json_values).map(lambda p: {**POST, **p}), max_size=3
    )
)
def test_no_post_is_a_crash(posts: list[object]) -> None:
    class Told(Site):
        def fetch(self, address: str, most: int = 0) -> Fetched:
            return Fetched(200, json.dumps(posts).encode())

    for item in read_wordpress("http://paper.example", Told("http://paper.example")):
        if isinstance(item, Item):
            try:
                clean_article(item.record)
            except InvalidValue:
                continue
