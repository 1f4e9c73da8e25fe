"""Boxes for the pages of any CMS, as HTML without style: the page's own applies."""

from dataclasses import replace

from flask import Blueprint, render_template, request

from search.request import Filters, RelatedRequest, TopicsRequest
from web.params import HotParams, TopicsParams, WidgetParams, hot_request, read_params
from web.reading import Text, reads
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

    return blueprint
