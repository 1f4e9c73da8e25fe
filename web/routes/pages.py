"""The pages people see: they work without script, cookies or anything from elsewhere; a script suggests."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from search.request import DEEPEST_HIT, RelatedRequest
from web.params import NoParams, SearchParams, read_params, search_request, without_blanks
from web.service import Service

RELATED = 5
PAGE_SIZE = 10


def page_routes(service: Service) -> Blueprint:
    """The search page and the article page."""
    blueprint = Blueprint("pages", __name__)

    def results(template: str) -> str:
        arguments = without_blanks(request.args)
        arguments.setdefault("size", str(PAGE_SIZE))
        params = read_params(SearchParams, arguments)
        asked = search_request(params, service.visible())
        result = service.searcher.search(asked, service.signals.all())
        last_page = min(-(-result.total // asked.size), DEEPEST_HIT // asked.size)

        def link(**changes: Any) -> str:
            kept: dict[str, Any] = {
                name: values for name, values in arguments.lists() if name != "size" or "size" in request.args
            }
            return url_for("pages.search", **{**kept, "page": 1, **changes})

        return render_template(
            template,
            params=params,
            result=result,
            asked=asked,
            last_page=last_page,
            link=link,
            **service.context(),
        )

    @blueprint.get("/")
    def front() -> str:
        return results("search.html")

    @blueprint.get("/search")
    def search() -> str:
        return results("search.html")

    @blueprint.get("/articles/<id:id_>")
    def article(id_: str) -> str:
        read_params(NoParams, request.args)
        shown = service.article(id_)
        wanted = RelatedRequest(id_, service.visible(), RELATED)
        related = service.recommender.related(wanted, service.signals.all())
        return render_template("article.html", article=shown, related=related, **service.context())

    return blueprint
