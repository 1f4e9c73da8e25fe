"""Trending: what readers go to now, one article a story."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import fmean

import numpy as np

from search.article import ArticleId
from search.engines.engine import Engine, Reader, visible_to
from search.latest import Latest
from search.ranking.candidates import Candidates
from search.ranking.editorial import Steering, pinned_first, placed, steering, weighed
from search.ranking.freshness import MICROSECOND, freshness
from search.ranking.hotness import (
    OLDEST_HOT,
    PUBLICATION_HALF_LIFE,
    Readership,
    Reading,
    Traffic,
    is_rising,
    mixed,
    nobody,
    swell,
)
from search.ranking.versions import folded
from search.request import Filters, HotRequest
from search.result import EPOCH, UNKNOWN_TIME, Hit, HotItem, HotResult, in_order, microseconds
from search.signal import Place, Signal
from search.text.normalise import facet_key

MOST_CURRENT = 2_000  # of the newest articles that are looked at, beside all that are read
LOOKED_AT = 3  # times as many stories as are wanted: some fall back when versions are folded
MOST_OF_STORY = 20  # articles that are compared word by word, and that count as its growth
NO_TRAFFIC = Traffic()

_HOUR = timedelta(hours=1) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Story:
    """The hottest article of a story, its score the whole story's, and the traffic of it all."""

    lead: Hit
    traffic: Traffic
    first: int  # microseconds since 1970


class Trender:
    """Ranks the articles of an engine's live generation by what readers go to."""

    def __init__(self, engine: Engine, reading: Reading = nobody, latest: Latest[HotResult] | None = None) -> None:
        self._engine, self._reading, self._latest = engine, reading, latest or Latest()

    def hot(self, request: HotRequest, signals: Sequence[Signal] = ()) -> HotResult:
        """The hottest articles, each of another story, as the signals have it.

        None is more than 30 days older than the archive's newest, but what the newsroom pins.
        """
        reader, now = self._engine.reader(), request.filters.now
        sections = {facet_key(name) for name in request.filters.sections}
        steered = steering(signals, Place.HOT, now, (), sections)
        visible = request.filters.without(steered.excluded)
        readership = self._reading(request.window, now)
        source = visible_to(reader, visible), steered, readership, request.days, request.limit
        return self._latest.of(source, lambda: _hot(reader, request, visible, steered, readership))


def _hot(reader: Reader, request: HotRequest, visible: Filters, steered: Steering, readership: Readership) -> HotResult:
    stories = _stories(reader, _current(reader, visible, readership), readership, request, steered.factors)
    candidates = Candidates.of(story.lead for story in stories.values())
    is_read = any(story.traffic.views for story in stories.values())
    if not is_read:
        candidates = mixed(candidates, reader.sections(candidates.ids))
    candidates = weighed(candidates, steered.factors)
    pinned = reader.among(steered.pinned(is_answered=True), visible) if steered.pins else []
    best = _one_a_story(reader, pinned_first(candidates.hits(), pinned), pinned)
    versions = folded(best, reader.vectors([hit.id for hit in best]), reader.articles)
    best = placed([hit for hit in best if hit.id in versions], steered.pins)[: request.limit]
    found = reader.articles([hit.id for hit in best])
    story_of = reader.stories_of([hit.id for hit in best])
    rising = _rising(reader, stories, readership, microseconds(request.filters.now))
    items = [
        HotItem(
            article=found[each.hit.id],
            ranked=each,
            views=readership.traffic.get(each.hit.id, NO_TRAFFIC).views,
            is_rising=story_of[each.hit.id] in rising,
        )
        for each in candidates.ranked(best, versions, {pin.article for pin in steered.pins})
    ]
    return HotResult(items, reader.generation, None if is_read else "dates")


def current_filters(reader: Reader, filters: Filters) -> tuple[Filters, int]:
    """The filters, and nothing more than 30 days older than the archive's newest; and when that was published."""
    newest = reader.newest(filters.now)
    if newest == UNKNOWN_TIME:
        return filters, newest
    first = EPOCH + timedelta(microseconds=newest) - OLDEST_HOT
    return replace(filters, published_from=first, published_to=filters.now), newest


def publication(hits: Sequence[Hit], newest: int) -> list[float]:
    """What the publication of each article counts beside its views: 1 when it is the archive's newest, fading."""
    published = np.array([hit.published for hit in hits], dtype=np.int64)
    fresh: list[float] = freshness(published, newest, newest, PUBLICATION_HALF_LIFE / MICROSECOND).tolist()
    return fresh


def _current(reader: Reader, visible: Filters, readership: Readership) -> list[Hit]:
    """What may be hot, each with its own score: its faded views and its publication."""
    filters, newest = current_filters(reader, visible)
    read = reader.among(readership.traffic.keys(), filters)
    hits = list(dict.fromkeys([*reader.by_date(filters, MOST_CURRENT).hits, *read]))
    return [
        Hit(hit.id, readership.traffic.get(hit.id, NO_TRAFFIC).faded + fresh, hit.published)
        for hit, fresh in zip(hits, publication(hits, newest), strict=True)
    ]


def _stories(
    reader: Reader,
    hits: Sequence[Hit],
    readership: Readership,
    request: HotRequest,
    factors: Mapping[ArticleId, float],
) -> dict[ArticleId, _Story]:
    """The hottest stories. Of versions of one text all views count, and only the hottest is a publication."""
    story_of = reader.stories_of([hit.id for hit in hits])
    told: defaultdict[ArticleId, list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=lambda hit: in_order(hit._replace(score=hit.score * factors.get(hit.id, 1.0)))):
        told[story_of[hit.id]].append(hit)
    hottest = sorted(told, key=lambda name: (-sum(hit.score for hit in told[name]), name))[: LOOKED_AT * request.limit]
    looked_at = [hit for name in hottest for hit in told[name][:MOST_OF_STORY]]
    others = folded(looked_at, reader.vectors([hit.id for hit in looked_at]), reader.articles)
    kept: defaultdict[ArticleId, list[Hit]] = defaultdict(list)
    for hit in looked_at:
        if hit.id in others:
            kept[story_of[hit.id]].append(hit)
    stories = {}
    for name, own in kept.items():
        traffic = _summed(readership.traffic.get(hit.id, NO_TRAFFIC) for hit in told[name])
        new = sum(hit.score - readership.traffic.get(hit.id, NO_TRAFFIC).faded for hit in own)
        lead = Hit(own[0].id, traffic.faded + new, own[0].published)
        stories[name] = _Story(lead, traffic, min(hit.published for hit in told[name]))
    return stories


def _summed(traffic: Iterable[Traffic]) -> Traffic:
    return sum(traffic, NO_TRAFFIC)


def _one_a_story(reader: Reader, hits: Sequence[Hit], pinned: Sequence[Hit]) -> list[Hit]:
    """The first of each story, and whatever is pinned."""
    story_of, seen, best = reader.stories_of([hit.id for hit in hits]), set[ArticleId](), list[Hit]()
    pins = {hit.id for hit in pinned}
    for hit in hits:
        if hit.id in pins or story_of[hit.id] not in seen:
            best.append(hit)
        seen.add(story_of[hit.id])
    return best


def _rising(
    reader: Reader, stories: Mapping[ArticleId, _Story], readership: Readership, now: int
) -> frozenset[ArticleId]:
    """The stories that are read more than their own past, and their section's, let expect.

    What is expected grows as all the others are read more: no morning makes a story rise.
    """
    total = _summed(readership.traffic.values())
    usual = _usual_rates(reader, stories, readership, now)
    rising = set()
    for name, story in stories.items():
        others_recent = total.recent - story.traffic.recent
        others_past = total.past - story.traffic.past
        expected = usual[name] * readership.recent_hours * swell(others_recent, others_past, readership)
        if others_past > 0 and is_rising(story.traffic.recent, expected):
            rising.add(name)
    return frozenset(rising)


def _usual_rates(
    reader: Reader, stories: Mapping[ArticleId, _Story], readership: Readership, now: int
) -> dict[ArticleId, float]:
    """Views an hour that are usual: a story's own in the past, or the mean of its section's stories, if that is more.

    Stories that began within the hour before have no past, nor has a section of them alone: then it is the site's mean.
    """
    section_of = reader.sections([story.lead.id for story in stories.values()])
    section = {name: section_of.get(story.lead.id, "") for name, story in stories.items()}
    own = {name: rate for name, story in stories.items() if (rate := _past_rate(story, readership, now)) is not None}
    of_section: defaultdict[str, list[float]] = defaultdict(list)
    for name, rate in own.items():
        of_section[section[name]].append(rate)
    means = {name: fmean(rates) for name, rates in of_section.items()}
    site = fmean(own.values()) if own else 0.0
    return {name: max(own.get(name, 0.0), means.get(section[name], site)) for name in stories}


def _past_rate(story: _Story, readership: Readership, now: int) -> float | None:
    """Views an hour in the past of the window, since the story began; None where that was less than an hour before."""
    told_hours = (now - story.first) / _HOUR - readership.recent_hours
    hours = min(told_hours, readership.past_hours)
    return story.traffic.past / hours if hours >= 1 else None
