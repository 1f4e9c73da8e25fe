"""The application: everything wired, by hand, in one place."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_bytes

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from indexer.events.popularity import HourlyPopularity
from indexer.events.tally import Tally
from indexer.events.traffic import MinutelyReadership
from indexer.follow import Follower
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from indexer.ledger_signals import Signals
from search.boxing import Boxer
from search.embedding.embedder import Embedder
from search.embedding.queries import open_static
from search.engines.engine import Reader
from search.engines.open import open_engine
from search.foryou import ForYou
from search.recommending import Recommender
from search.searching import Searcher
from search.settings import Settings
from search.suggesting import Suggester, warm
from search.text.analysis import Analyzer
from search.thesaurus import site_synonyms
from search.topics import Topics
from search.trending import Trender
from web.addresses import IdConverter
from web.admission import CHANGES, WAITING, Admission
from web.cache import AnswerCache
from web.checkup import Checkup
from web.errors import Application, register_errors
from web.filters import register_filters
from web.front import Front
from web.intake import Intake
from web.metrics import Metrics
from web.present import counted, secure, start_clock
from web.publishing import Publisher
from web.routes.articles import article_routes
from web.routes.boxes import box_routes
from web.routes.docs import docs_routes
from web.routes.events import event_routes
from web.routes.feeds import feed_routes
from web.routes.health import health_routes
from web.routes.pages import page_routes
from web.routes.recommend import recommend_routes
from web.routes.related import related_routes
from web.routes.search import search_routes
from web.routes.signals import signal_routes
from web.routes.suggest import suggest_routes
from web.routes.widgets import widget_routes
from web.service import Service

BLUEPRINTS = (
    search_routes,
    suggest_routes,
    article_routes,
    related_routes,
    box_routes,
    recommend_routes,
    event_routes,
    signal_routes,
    page_routes,
    feed_routes,
    widget_routes,
    docs_routes,
    health_routes,
)
LARGEST_BODY = 8_000_000  # bytes of a request: one article of the longest body


def create_app(settings: Settings, embedder: Callable[[], Embedder | None], clock: Callable[[], datetime]) -> Flask:
    """The service over HOME. `embedder` is asked again and again, and may answer None while a model loads.

    One thread publishes what reaches the ledger, another counts readers' events, until `publisher.stop()` and
    `intake.stop()` of `app.extensions["broadsheet"]` or the end of the process.
    """
    service = _wire(settings, embedder, clock)
    app = Application(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.converters["id"] = IdConverter
    app.before_request(start_clock)
    app.after_request(secure)
    app.after_request(counted(service.metrics))
    register_errors(app, settings.site_name)
    register_filters(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint(service))
    app.wsgi_app = ProxyFix(Front(service, app.wsgi_app), x_for=0, x_proto=1)  # type: ignore[method-assign]
    service.publisher.start()
    service.intake.start()
    service.checkup.start()
    app.extensions["broadsheet"] = service
    return app


def _wire(settings: Settings, embedder: Callable[[], Embedder | None], clock: Callable[[], datetime]) -> Service:
    engine, analyzer = open_engine(settings), Analyzer(settings.language)
    writing = Ledger(settings.ledger)  # the publisher's own connection: its transactions hold up no request
    reading = Ledger(settings.ledger)
    events = EventStore(reading)
    popularity, readership = HourlyPopularity(events), MinutelyReadership(events)
    synonyms, static = site_synonyms(settings, analyzer), open_static(settings)

    def follower() -> Follower | None:
        loaded = embedder()
        return Follower(settings, writing, loaded, clock, engine, warmed) if loaded else None

    def warmed(reader: Reader) -> None:
        warm(reader, clock())

    return Service(
        settings=settings,
        engine=engine,
        searcher=Searcher(engine, embedder, analyzer, settings, synonyms, popularity, static, settings.second()),
        recommender=Recommender(engine, analyzer, settings, popularity),
        suggester=Suggester(engine, events.past_queries),
        trender=Trender(engine, readership),
        topics=Topics(engine),
        boxer=Boxer(engine, analyzer, settings, popularity, readership),
        for_you=ForYou(engine, settings, readership),
        ledger=reading,
        changes=Ledger(settings.ledger),
        signals=Signals(reading),
        publisher=Publisher(follower, warmed, writing, engine),
        checkup=Checkup(settings.index),
        intake=Intake(Tally(lambda: token_bytes(32)), Ledger(settings.ledger), clock),
        embedder=embedder,
        clock=clock,
        answers=AnswerCache(),
        reads=Admission(settings.threads, settings.threads * WAITING),
        writes=Admission(CHANGES, 0),
        metrics=Metrics(),
    )
