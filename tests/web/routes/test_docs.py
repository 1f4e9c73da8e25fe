from pathlib import Path

import lxml.html
import pytest

from tests.web.newsroom import Newsroom


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"))


def test_the_page_shows_every_route_parameter_and_answer_of_the_description(newsroom: Newsroom) -> None:
    description = newsroom.json("/openapi.json")
    document = lxml.html.fromstring(newsroom.get("/docs").text)
    shown = [heading.text_content() for heading in document.xpath("//main//h2/code")]
    described = [f"{m.upper()} {path}" for path, methods in description["paths"].items() for m in methods]
    assert shown == described
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            (section,) = document.xpath(f"//section[@id='{operation['operationId']}']")
            names = [cell.text_content() for cell in section.xpath(".//tbody//th")]
            assert names == [each["name"] for each in operation["parameters"]], (method, path)
    assert {section.get("id") for section in document.iter("section")} >= set(description["components"]["schemas"])


def test_every_link_of_the_page_leads_somewhere_in_it_or_here(newsroom: Newsroom) -> None:
    document = lxml.html.fromstring(newsroom.get("/docs").text)
    ids = set(document.xpath("//@id"))
    links = document.xpath("//main//a/@href")
    assert [link for link in links if link.startswith("#") and link[1:] not in ids] == []
    assert [link for link in links if not link.startswith("#")] == ["/openapi.json"]


def test_the_page_is_there_before_anything_is_published_and_takes_no_parameters(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    assert newsroom.get("/docs").status_code == 200
    assert newsroom.get("/docs", q="x").status_code == 400
