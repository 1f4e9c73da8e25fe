"""The application: everything wired, by hand, in one place."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from indexer.follow import Follower, Published
from indexer.ledger import Ledger
from search.embedding.embedder import Embedder
from search.embedding.queries import open_static
from search.engines.open import open_engine
from search.recommending import Recommender
from search.searching import Searcher
from search.settings import Settings
from search.suggesting import Suggester, warm
from search.text.analysis import Analyzer
from search.thesaurus import site_synonyms
from web.addresses import IdConverter
from web.errors import register_errors
from web.filters import register_filters
from web.present import secure, start_clock
from web.publishing import Publisher
from web.routes.articles import article_routes
from web.routes.health import health_routes
from web.routes.pages import page_routes
from web.routes.related import related_routes
from web.routes.search import search_routes
from web.routes.suggest import suggest_routes
from web.service import Service

LARGEST_BODY = 8_000_000  # bytes of a request: one article of the longest body


def create_app(settings: Settings, embedder: Callable[[], Embedder | None], clock: Callable[[], datetime]) -> Flask:
    """The service over HOME. `embedder` is asked again and again, and may answer None while a model loads.

    A thread publishes what reaches the ledger, until `app.extensions["broadsheet"].publisher.stop()` or the end of the
    process.
    """
    service = _wire(settings, embedder, clock)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.converters["id"] = IdConverter
    app.before_request(start_clock)
    app.after_request(secure)
    register_errors(app, settings.site_name)
    register_filters(app)
    for blueprint in (search_routes, suggest_routes, article_routes, related_routes, page_routes, health_routes):
        app.register_blueprint(blueprint(service))
    service.publisher.start()
    app.extensions["broadsheet"] = service
    return app


def _wire(settings: Settings, embedder: Callable[[], Embedder | None], clock: Callable[[], datetime]) -> Service:
    engine, analyzer = open_engine(settings), Analyzer(settings.language)
    writing = Ledger(settings.ledger)  # the publisher's own connection: its transactions hold up no request

    def follow() -> Published | None:
        loaded = embedder()
        return Follower(settings, writing, loaded, clock).follow() if loaded else None

    return Service(
        settings=settings,
        engine=engine,
        searcher=Searcher(
            engine, embedder, analyzer, settings, site_synonyms(settings, analyzer), open_static(settings)
        ),
        recommender=Recommender(engine, analyzer, settings),
        suggester=Suggester(engine),
        ledger=Ledger(settings.ledger),
        changes=Ledger(settings.ledger),
        publisher=Publisher(follow, lambda reader: warm(reader, clock()), writing, engine),
        embedder=embedder,
        clock=clock,
    )
