import lxml.html

from indexer.reporting.page import report_page
from indexer.reporting.report import report_of
from tests.indexer.reporting.counts import TODAY, site


def test_the_page_tells_what_the_report_tells() -> None:
    document = lxml.html.fromstring(report_page(site(), "The Gazette"))
    assert document.findtext("body/h1") == "What readers do"
    assert document.xpath("//h2/text()") == [
        "Searches by day",
        "Click-through by place",
        "Click-through by position",
        "Asked most",
        "Found nothing",
        "Found something, and were clicked less than the others",
    ]
    assert document.xpath("//h3/text()") == ["search"]
    assert len(document.xpath("//svg[@role='img']")) == 3
    assert [cell.text for cell in document.xpath("(//table)[1]/tbody/tr[1]/*")] == [
        "search",
        "300",
        "45",
        "15.0% (11.4, 19.5)",
    ]


def test_what_readers_typed_is_text_and_the_page_needs_nothing_else() -> None:
    page = report_page(site(), "<b>Gazette</b>")
    document = lxml.html.fromstring(page)
    assert "<script" not in page
    assert "<b>" not in page
    assert document.xpath("//script | //link | //img | //iframe | //@src | //@href | //@style") == []
    assert "url(" not in page
    assert "<script>alert(1)</script>" in document.xpath("//th[@scope='row']/text()")


def test_where_nothing_was_told_the_page_says_so() -> None:
    document = lxml.html.fromstring(report_page(report_of([TODAY], {}, {}, []), "The Gazette"))
    assert document.xpath("//h2") == []
    assert "No events were told." in document.text_content()
