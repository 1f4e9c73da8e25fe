"""Boxes for the pages of any CMS, as HTML without style: the page's own applies."""

from dataclasses import replace

from flask import Blueprint, Response, render_template, request

from search.request import Filters, RelatedRequest, TopicsRequest
from web.params import (
    ForYouParams,
    HotParams,
    TopicsParams,
    WidgetParams,
    for_you_request,
    hot_request,
    json_body,
    read_params,
)
from web.present import ANY_PAGE
from web.reading import Text, reads
from web.routes.recommend import LARGEST_READ
from web.service import Service


def widget_routes(service: Service) -> Blueprint:
    """The fragments that `/static/widgets.js` puts into pages."""
    blueprint = Blueprint("widgets", __name__)

    @blueprint.get("/widgets/related/<id:id_>")
    @reads(service)
    def related(visible: Filters, id_: str) -> Text:
        params = read_params(WidgetParams, request.args)
        filters = replace(visible, without_ids=visible.without_ids | (frozenset(params.exclude) - {id_}))
        asked = RelatedRequest(id_, filters, params.limit, params.mode)
        result = service.recommender.related(asked, service.signals.all())
        return Text(render_template("related.html", related=result))

    @blueprint.get("/widgets/hot")
    @reads(service)
    def hot(visible: Filters) -> Text:
        asked = hot_request(read_params(HotParams, request.args), visible)
        result = service.trender.hot(asked, service.signals.all())
        return Text(render_template("hot.html", items=result.items))

    @blueprint.get("/widgets/topics")
    @reads(service)
    def topics(visible: Filters) -> Text:
        params = read_params(TopicsParams, request.args)
        result = service.topics.top(TopicsRequest(visible, params.limit), service.signals.all())
        return Text(render_template("topics.html", topics=result.topics))

    @blueprint.post("/widgets/recommend")
    def recommend() -> Response:
        params = read_params(ForYouParams, request.args)
        request.max_content_length = LARGEST_READ
        asked = for_you_request(json_body(request, is_plain=True), service.visible(), params.limit)
        with service.reads.turn():
            items = service.for_you.recommend(asked, service.signals.all()).items
        return Response(render_template("for_you.html", items=items), headers=ANY_PAGE)

    return blueprint
