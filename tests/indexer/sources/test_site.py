import gzip

import pytest

from indexer.sources.site import Site
from search.errors import InvalidValue, Unavailable
from tests.indexer.sources.web_site import WebSite


def fetched(site: WebSite, path: str, most: int = 1_000) -> tuple[int, bytes]:
    return Site(site.address, wait=lambda seconds: None).fetch(site.address + path, most)


@pytest.mark.parametrize(
    "address", ["", "paper.example", "file:///etc/passwd", "ftp://a.example/", "http://[", "http:// a"]
)
def test_a_site_has_an_address_of_the_web(address: str) -> None:
    with pytest.raises(InvalidValue, match="allowed: an http or https address"):
        Site(address)


def test_what_a_site_answers_is_fetched_unpacked_where_it_is_gzip(site: WebSite) -> None:
    site.pages |= {"/a": b"rain", "/b": gzip.compress(b"sun")}
    assert (fetched(site, "/a"), fetched(site, "/b"), fetched(site, "/c")) == (
        (200, b"rain"),
        (200, b"sun"),
        (404, b""),
    )


def test_an_address_may_hold_letters_of_any_script(site: WebSite) -> None:
    site.pages["/caf%C3%A9/%E6%97%A5?a=1&b=%20"] = b"rain"
    assert fetched(site, "/café/日?a=1&b=%20") == (200, b"rain")


def test_more_than_the_limit_is_refused_packed_or_not(site: WebSite) -> None:
    site.pages |= {"/a": b"x" * 1_001, "/b": gzip.compress(b"x" * 10_000_000)}
    for path in site.pages:
        with pytest.raises(Unavailable, match="has more than 1,000 bytes"):
            fetched(site, path)


def test_gzip_that_is_none_is_refused(site: WebSite) -> None:
    site.pages["/a"] = b"\x1f\x8bnothing of the kind"
    with pytest.raises(Unavailable, match="is not whole"):
        fetched(site, "/a")


def test_a_busy_site_is_asked_again_after_the_time_it_wants(site: WebSite) -> None:
    waited: list[float] = []
    site.pages["/a"], site.statuses["/a"] = b"rain", (429, {"Retry-After": "7"})
    assert Site(site.address, waited.append).fetch(f"{site.address}/a") == (200, b"rain")
    assert (waited, site.asked) == ([7.0], ["/a", "/a"])


@pytest.mark.parametrize("asked", ["100000", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", ""])
def test_no_site_makes_it_wait_longer_than_a_minute(site: WebSite, asked: str) -> None:
    waited: list[float] = []
    site.pages["/a"], site.statuses["/a"] = b"rain", (503, {"Retry-After": asked})
    Site(site.address, waited.append).fetch(f"{site.address}/a")
    assert waited in ([60.0], [1.0])


def test_a_redirect_is_followed_within_the_site_alone(site: WebSite) -> None:
    site.pages["/b"] = b"rain"
    site.redirects |= {"/a": "/b", "/out": "http://169.254.169.254/latest", "/near": "http://localhost/b"}
    assert fetched(site, "/a") == (200, b"rain")
    for path in ("/out", "/near"):
        with pytest.raises(Unavailable, match="it redirects to http://.*, another site"):
            fetched(site, path)


def test_a_redirect_to_a_file_or_round_in_circles_is_not_followed(site: WebSite) -> None:
    site.redirects |= {"/a": "file:///etc/passwd", "/b": "/b"}
    assert (fetched(site, "/a"), fetched(site, "/b")) == ((302, b""), (302, b""))


def test_nothing_is_fetched_from_another_site(site: WebSite) -> None:
    with pytest.raises(Unavailable, match="is not of 127.0.0.1"):
        Site(site.address).fetch("http://169.254.169.254/latest/meta-data")


def test_a_site_that_is_not_there_is_told() -> None:
    with pytest.raises(Unavailable, match=r"http://127.0.0.1:9/ cannot be fetched: \[Errno 111\] Connection refused$"):
        Site("http://127.0.0.1:9", wait=lambda seconds: None).fetch("http://127.0.0.1:9/")


@pytest.mark.parametrize("address", ["http://paper.example/a", "https://www.paper.example/b"])
def test_www_and_the_scheme_make_no_other_site(address: str) -> None:
    assert Site("https://paper.example").has(address)
    assert not Site("https://paper.example:8443").has(address)
