"""What to read next: after an article, and after a text that is not saved yet."""

from dataclasses import replace

from flask import Blueprint, Response, request

from indexer.clean.article import clean_article
from search.present import Json, related_answer
from search.request import Filters, RelatedRequest
from search.result import RelatedResult
from web.params import RelatedParams, draft_record, json_body, read_params
from web.present import answer
from web.reading import reads
from web.service import Service

DRAFT = "draft"  # the id that a text goes by for one request


def related_routes(service: Service) -> Blueprint:
    """The related articles of the API."""
    blueprint = Blueprint("related", __name__)

    def asked(params: RelatedParams, id_: str, visible: Filters) -> RelatedRequest:
        excluded = frozenset(params.exclude) - {id_}  # a page may name itself: it is left out in any case
        filters = replace(visible, without_ids=visible.without_ids | excluded)
        return RelatedRequest(id_, filters, params.limit, params.mode)

    def told(result: RelatedResult, params: RelatedParams) -> Json:
        return related_answer(result, explain=params.explain == "1")

    @blueprint.get("/api/articles/<id:id_>/related")
    @reads(service)
    def related(visible: Filters, id_: str) -> Json:
        params = read_params(RelatedParams, request.args)
        wanted = asked(params, id_, visible)
        return told(service.recommender.related(wanted, service.signals.all()), params)

    @blueprint.post("/api/related")
    def related_to_draft() -> Response:
        params = read_params(RelatedParams, request.args)
        article = clean_article(draft_record(json_body(request), DRAFT))
        visible = service.visible()
        draft = replace(article, published=visible.now)
        with service.reads.turn():
            wanted, vector = asked(params, DRAFT, visible), service.vector_of(draft)
            result = service.recommender.related_to(draft, vector, wanted, service.signals.all())
        return answer(told(result, params))

    return blueprint
