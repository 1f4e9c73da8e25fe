"""The readers of a sample newsroom: counts, not events, each so long ago, so that a demo is always of this week.

A line says of an article how often it was viewed so many hours ago, `{"article", "hours_ago", "views"}`; of a place
how often its links were shown and clicked so many days ago, position by position, `{"place", "days_ago",
"impressions": [], "clicks": []}`; or what became of searches, `{"query", "days_ago", "searches", "unanswered",
"clicked", "leads_to"}` with an article that was found, of all of a day where there is no `query`.
"""

import json
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from indexer.events.decay import NO_HEAT, heat_of, joined
from indexer.events.impressions import DAY, Shown, Slot
from indexer.events.query import folded
from indexer.events.tally import HOUR, Asked, Batch, Outcomes
from indexer.ledger_events import EventStore
from search.article import ArticleId
from search.result import EPOCH

THIS_WEEK = timedelta(days=7)


def take_sample(file: Path, store: EventStore, now: datetime) -> None:
    """Records the counts of a file as if they had come until now, where nothing was viewed this week."""
    if store.reads_since(now - THIS_WEEK):
        return
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    store.record(_views([line for line in lines if "article" in line], now), now)
    for line in lines:
        if "place" in line:
            store.record(_links(line, now), now)
        elif "searches" in line:
            store.record(_searches(line, now), now)


def _views(lines: list[Mapping[str, Any]], now: datetime) -> Batch:
    reads: dict[tuple[int, ArticleId], tuple[int, int]] = {}
    heats: dict[ArticleId, float] = {}
    for line in lines:
        article, views, at = line["article"], line["views"], now - line["hours_ago"] * HOUR
        reads[(at - EPOCH) // HOUR, article] = views, 0
        heats[article] = joined(heats.get(article, NO_HEAT), heat_of(at) + math.log2(views) if views else NO_HEAT)
    return Batch(sum(line["views"] for line in lines), reads, heats, {})


def _links(line: Mapping[str, Any], now: datetime) -> Batch:
    counts = enumerate(zip(line["impressions"], line["clicks"], strict=True), start=1)
    shown = {Slot(_day(line, now), line["place"], position, ""): Shown(*each) for position, each in counts}
    return Batch(0, {}, {}, {}, shown)


def _searches(line: Mapping[str, Any], now: datetime) -> Batch:
    day, outcomes = _day(line, now), Outcomes(line["searches"], line["unanswered"], line["clicked"])
    if "query" not in line:
        return Batch(0, {}, {}, {}, searched={day: outcomes})
    at = now - line["days_ago"] * DAY
    heat = heat_of(at) + math.log2(outcomes.searches)
    asked = Asked(line["query"], line.get("leads_to", ""), at, outcomes.searches, heat, day, outcomes)
    return Batch(0, {}, {}, {folded(line["query"]): asked})


def _day(line: Mapping[str, Any], now: datetime) -> int:
    return (now - EPOCH) // DAY - int(line["days_ago"])
