"""Boxes for the pages of any CMS, as HTML without style: the page's own applies."""

from dataclasses import replace

from flask import Blueprint, render_template, request

from search.request import Filters, RelatedRequest
from web.params import WidgetParams, read_params
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

    return blueprint
