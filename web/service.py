"""What every route is given, wired by hand in `web/app.py`."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from indexer.events.pace import MINUTE
from indexer.ledger import Ledger
from indexer.ledger_signals import Signals
from search.article import Article
from search.boxing import Boxer
from search.embedding.embedder import Embedder, Vector
from search.engines.engine import Engine, Reader, differences
from search.errors import BroadsheetError, NotFound
from search.foryou import ForYou
from search.recommending import Recommender
from search.request import Filters
from search.result import EPOCH
from search.searching import Searcher
from search.settings import Settings
from search.suggesting import Suggester
from search.topics import Topics
from search.trending import Trender
from web.admission import Admission
from web.cache import AnswerCache
from web.checkup import Checkup
from web.intake import Intake
from web.metrics import Metrics
from web.publishing import Publisher


@dataclass(frozen=True, slots=True)
class Service:
    """The use-cases, the ledger behind them, and the clock."""

    settings: Settings
    engine: Engine
    searcher: Searcher
    recommender: Recommender
    suggester: Suggester
    trender: Trender
    topics: Topics
    boxer: Boxer
    for_you: ForYou
    ledger: Ledger  # for reading: a reader never waits for a writer
    changes: Ledger  # the same file, for writing
    signals: Signals  # for reading, too
    publisher: Publisher
    checkup: Checkup
    intake: Intake
    embedder: Callable[[], Embedder | None]
    clock: Callable[[], datetime]
    answers: AnswerCache
    reads: Admission  # turns to make an answer
    writes: Admission  # turns to change something
    metrics: Metrics

    def visible(self, filters: Filters | None = None) -> Filters:
        """The filters, and nothing that the ledger hides: what was withdrawn is gone before the index knows."""
        filters = filters or Filters(self.clock())
        hidden = self.ledger.hidden_from(self.engine.reader().token, filters.now)
        return replace(filters, without_ids=filters.without_ids | hidden)

    def state(self, reader: Reader, visible: Filters) -> Hashable:
        """What an answer is made from beside the request: where two states are equal, so are the answers.

        That is the generation, what the ledger hides of it, how many embargoes and expiries have passed, the model, the
        signals that are live, and the minute for which traffic was read, within the hour of popularity. What else
        steers answers belongs here too.
        """
        embedder, now = self.embedder(), visible.now
        model = embedder.identity if embedder else None
        live = tuple(signal for signal in self.signals.all() if signal.is_live(now))
        minute = (now - EPOCH) // MINUTE
        return reader.generation, reader.token, visible.without_ids, reader.moments_passed(now), model, live, minute

    def generation(self) -> str | None:
        """The name of the live generation, None where there is none to read."""
        try:
            return self.engine.reader().generation
        except BroadsheetError:
            return None

    def rebuild_needed(self) -> str | None:
        """What of the settings the live generation is not of; while a model loads, it is taken to be the index's."""
        embedder, reader = self.embedder(), self.engine.reader()
        model = embedder.identity if embedder else reader.model
        return ", and ".join(differences(reader, model, self.settings.language)) or None

    def article(self, id_: str, visible: Filters) -> Article:
        """An article that readers may see now. Raises NotFound for any other."""
        article = self.engine.reader().articles([id_]).get(id_)
        if article is None or id_ in visible.without_ids or not article.is_visible(visible.now):
            raise NotFound(f"there is no article {id_!r}")
        return article

    def vector_of(self, article: Article) -> Vector | None:
        """Where the lead of an article lies, None while no model is there that the index was built with."""
        embedder = self.embedder()
        if embedder is None or embedder.identity != self.engine.reader().model:
            return None
        vector: Vector = embedder.embed(article.passages[:1])[0]
        return vector

    def context(self) -> Mapping[str, object]:
        """What every page shows."""
        return {"site_name": self.settings.site_name}
