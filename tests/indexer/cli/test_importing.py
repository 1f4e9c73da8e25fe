import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.indexer.cli.told import Told
from tests.indexer.sources.test_html_page import html
from tests.indexer.sources.test_wordpress import POST, QUERY
from tests.indexer.sources.web_site import WebSite, web_site

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def site() -> Iterator[WebSite]:
    with web_site() as site:
        yield site


def test_a_sites_posts_are_published_and_what_was_withdrawn_stays_so(
    site: WebSite, capsys: pytest.CaptureFixture[str]
) -> None:
    posts = [{**POST, "id": number, "title": {"rendered": f"Tide table {number}"}} for number in (1, 2, 3)]
    site.pages[f"/wp-json/wp/v2/posts?{QUERY}1"] = json.dumps(posts).encode()
    told = Told(capsys, "--json", "import", "wordpress", site.address)
    assert (told.status, told.json["added"], told.json["articles"]) == (0, 3, 3)
    assert Told(capsys, "remove", "wp-2").status == 0
    again = Told(capsys, "--json", "import", "wordpress", site.address).json
    assert (again["unchanged"], again["withdrawn"], again["is_new"]) == (2, 1, False)


def test_pages_that_cannot_be_taken_are_told_with_status_1(site: WebSite, capsys: pytest.CaptureFixture[str]) -> None:
    links = "".join(f"<item><link>{site.address}/{name}</link></item>" for name in ("bridge", "gone", "more"))
    site.pages |= {"/feed": f"<rss>{links}</rss>".encode(), "/bridge": html(), "/more": html()}
    told = Told(capsys, "import", "rss", f"{site.address}/feed", "--limit", "2")
    assert (told.status, "1 new" in told.out) == (1, True)
    assert f"{site.address}/gone:2: link is answered with 404, allowed: 200" in told.out
    assert "/more" not in site.asked


def test_a_site_that_cannot_be_read_changes_nothing(
    site: WebSite, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = Told(capsys, "import", "sitemap", f"{site.address}/sitemap.xml")
    assert (missing.status, missing.err) == (3, f"search-index: {site.address}/sitemap.xml answers with 404\n")
    wrong = Told(capsys, "import", "rss", "paper.example/feed")
    assert (wrong.status, "URL is 'paper.example/feed', allowed: an http or https address" in wrong.err) == (2, True)
    assert not (home / "index").exists()
