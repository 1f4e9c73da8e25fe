"""What readers' programs follow: a search as an RSS feed, and the search box as browsers know it (OpenSearch)."""

import re
from email.utils import format_datetime

from flask import Blueprint, render_template, request

from search.request import Filters, Sort
from web.params import SearchParams, of_a_page, read_params, search_request
from web.reading import Text, reads
from web.service import Service

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2: no escape allows these
LONGEST_SHORT_NAME = 16  # characters, says OpenSearch 1.1


def feed_routes(service: Service) -> Blueprint:
    """The feed of a search, and the description of the search."""
    blueprint = Blueprint("feeds", __name__)

    def xml(template: str, mimetype: str, **values: object) -> Text:
        return Text(NOT_XML.sub("", render_template(template, **values, **service.context())), mimetype)

    @blueprint.get("/search.rss")
    @reads(service)
    def feed(visible: Filters) -> Text:
        arguments = of_a_page(SearchParams, request.args)
        given = dict(arguments.lists())
        arguments.setdefault("sort", Sort.NEWEST)
        asked = search_request(read_params(SearchParams, arguments), visible)
        articles = [hit.article for hit in service.searcher.search(asked, service.signals.all()).hits]
        return xml(
            "feed.xml", "application/rss+xml", asked=asked, articles=articles, given=given, rfc_2822=format_datetime
        )

    @blueprint.get("/opensearch.xml")
    @reads(service)
    def description(visible: Filters) -> Text:
        short_name = service.settings.site_name[:LONGEST_SHORT_NAME].rstrip()
        return xml("opensearch.xml", "application/opensearchdescription+xml", short_name=short_name)

    return blueprint
