"""The boxes of pages: what is hot, what the site writes about, and all three boxes of an article's page at once."""

from flask import Blueprint, request

from search.present import Json, boxes_answer, hot_answer, topic_answer, topics_answer
from search.request import BoxesRequest, Filters, TopicsRequest
from web.params import BoxesParams, HotParams, TopicParams, TopicsParams, hot_request, read_params
from web.reading import reads
from web.service import Service


def box_routes(service: Service) -> Blueprint:
    """Hot articles, topics, and the boxes of an article's page."""
    blueprint = Blueprint("boxes", __name__)

    @blueprint.get("/api/hot")
    @reads(service)
    def hot(visible: Filters) -> Json:
        asked = hot_request(read_params(HotParams, request.args), visible)
        return hot_answer(asked, service.trender.hot(asked, service.signals.all()))

    @blueprint.get("/api/topics")
    @reads(service)
    def topics(visible: Filters) -> Json:
        params = read_params(TopicsParams, request.args)
        return topics_answer(service.topics.top(TopicsRequest(visible, params.limit), service.signals.all()))

    @blueprint.get("/api/topics/<id:slug>")
    @reads(service)
    def topic(visible: Filters, slug: str) -> Json:
        params = read_params(TopicParams, request.args)
        return topic_answer(service.topics.topic(slug, TopicsRequest(visible, params.limit), service.signals.all()))

    @blueprint.get("/api/articles/<id:id_>/widgets")
    @reads(service)
    def widgets(visible: Filters, id_: str) -> Json:
        params = read_params(BoxesParams, request.args)
        asked = BoxesRequest(id_, visible, params.related, params.hot, params.topics)
        return boxes_answer(service.boxer.boxes(asked, service.signals.all()))

    return blueprint
