"""The views of a sample newsroom: counts, not events, each so many hours ago, so that a demo is always of this week."""

import json
import math
from datetime import datetime, timedelta
from pathlib import Path

from indexer.events.decay import NO_HEAT, heat_of, joined
from indexer.events.tally import HOUR, Batch
from indexer.ledger_events import EventStore
from search.article import ArticleId
from search.result import EPOCH

THIS_WEEK = timedelta(days=7)


def take_sample(file: Path, store: EventStore, now: datetime) -> None:
    """Records the views of a file as if they had come until now, where none came this week.

    A line is `{"article", "hours_ago", "views"}`, all counts from 0.
    """
    if store.reads_since(now - THIS_WEEK):
        return
    reads: dict[tuple[int, ArticleId], tuple[int, int]] = {}
    heats: dict[ArticleId, float] = {}
    events = 0
    for line in file.read_text(encoding="utf-8").splitlines():
        article, hours_ago, views = (json.loads(line)[name] for name in ("article", "hours_ago", "views"))
        at = now - hours_ago * HOUR
        reads[(at - EPOCH) // HOUR, article] = views, 0
        heats[article] = joined(heats.get(article, NO_HEAT), heat_of(at) + math.log2(views) if views else NO_HEAT)
        events += views
    store.record(Batch(events, reads, heats, {}), now)
