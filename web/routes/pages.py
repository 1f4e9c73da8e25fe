"""The pages people see: they work without script, cookies or anything from elsewhere; a script suggests."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for

from search.request import DEEPEST_HIT, BoxesRequest, Filters, SearchRequest, TopicsRequest
from search.result import FacetCount, FacetField, SearchResult
from web.params import SearchParams, of_a_page, read_params, search_request
from web.reading import Text, reads
from web.service import Service

TOPIC_SIZE = 30  # articles
PAGE_SIZE = 10
NARROWED_BY: tuple[FacetField, ...] = ("section", "tag")
MOST_NARROWER = 6  # of one field: a line


def narrower(asked: SearchRequest, result: SearchResult) -> dict[FacetField, Sequence[FacetCount]]:
    """By which sections and tags a reader may narrow a search: those of some hits and not all, of fields not chosen.

    Of a field that is chosen another value would widen it: any of the values will do.
    """
    chosen = {"section": asked.filters.sections, "tag": asked.filters.tags}
    found: dict[FacetField, Sequence[FacetCount]] = {}
    for field in NARROWED_BY:
        some = [each for each in (result.facets or {}).get(field, ()) if each.count < result.total]
        if some and not chosen[field]:
            found[field] = some[:MOST_NARROWER]
    return found


def page_routes(service: Service) -> Blueprint:
    """The search page, the article page and the pages of topics."""
    blueprint = Blueprint("pages", __name__)

    def results(visible: Filters) -> Text:
        arguments = of_a_page(SearchParams, request.args)
        kept: dict[str, Any] = dict(arguments.lists())
        arguments.setdefault("size", str(PAGE_SIZE))
        params = read_params(SearchParams, arguments)
        asked = replace(search_request(params, visible), facets=bool(params.q.strip()))
        result = service.searcher.search(asked, service.signals.all())
        last_page = min(-(-result.total // asked.size), DEEPEST_HIT // asked.size)

        def link(**changes: Any) -> str:
            return url_for("pages.search", **{**kept, "page": 1, **changes})

        page = render_template(
            "search.html",
            params=params,
            result=result,
            asked=asked,
            last_page=last_page,
            narrower=narrower(asked, result),
            link=link,
            feed=url_for("feeds.feed", **{**kept, "page": None}),
            **service.context(),
        )
        return Text(page)

    @blueprint.get("/")
    @reads(service)
    def front(visible: Filters) -> Text:
        return results(visible)

    @blueprint.get("/search")
    @reads(service)
    def search(visible: Filters) -> Text:
        return results(visible)

    @blueprint.get("/articles/<id:id_>")
    @reads(service)
    def article(visible: Filters, id_: str) -> Text:
        shown = service.article(id_, visible)
        boxes = service.boxer.boxes(BoxesRequest(id_, visible), service.signals.all())
        return Text(render_template("article.html", article=shown, boxes=boxes, **service.context()))

    @blueprint.get("/topics/<id:slug>")
    @reads(service)
    def topic(visible: Filters, slug: str) -> Text:
        told = service.topics.topic(slug, TopicsRequest(visible, TOPIC_SIZE), service.signals.all()).topic
        return Text(render_template("topic.html", topic=told, **service.context()))

    return blueprint
