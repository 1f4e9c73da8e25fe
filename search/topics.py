"""Topics: what the site writes about now: its own tags and sections first, then stories.

Names are ranked by tf-idf (Spärck Jones 1972): the logarithm of what was lately published under a name, times that of
how rare the name is among all of it, so that a section which holds everything does not stand before what is new.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from search.article import Article, ArticleId
from search.engines.engine import Engine, Reader, visible_to
from search.errors import NotFound
from search.latest import Latest
from search.ranking.editorial import Steering, steering
from search.ranking.versions import folded
from search.request import Filters, TopicsRequest
from search.result import Hit, Listing, Topic, TopicKind, TopicPage, TopicsResult, in_order
from search.signal import Place, Signal
from search.text.normalise import facet_key
from search.trending import LOOKED_AT, MOST_CURRENT, current_filters, publication

FEWEST_ARTICLES = 3  # that a tag or a section must have lately, to be a topic
MOST_SHOWN = 5  # articles of a topic in a list of topics
MOST_SHARED = 0.5  # of its articles may be those of a topic before it
_KINDS: tuple[TopicKind, ...] = ("tag", "section", "story")
_ESCAPES = {"~": "~0", "_": "~1", "-": "_", " ": "-"}
_ESCAPING = str.maketrans(_ESCAPES)


@dataclass(frozen=True, slots=True)
class Group:
    """The lately published articles of one name or story, what counts most first; and how much is going on there."""

    kind: TopicKind
    key: str
    hits: Sequence[Hit]
    score: float

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return slug_of(self.kind, self.key)


class Topics:
    """The topics of an engine's live generation."""

    def __init__(self, engine: Engine, latest: Latest[Sequence[Group]] | None = None) -> None:
        self._engine, self._latest = engine, latest or Latest()

    def top(self, request: TopicsRequest, signals: Sequence[Signal] = (), before: Sequence[Hit] = ()) -> TopicsResult:
        """The topics with the most going on, each led by an article that leads no other and is none of `before`.

        The article of a pin leads the best topic that has it, which stands at its position. A boost or a bury changes
        what an article counts in its topics.
        """
        reader = self._engine.reader()
        steered = steering(signals, Place.TOPICS, request.filters.now, (), ())
        visible, most = request.filters.without(steered.excluded), LOOKED_AT * request.limit
        source = visible_to(reader, visible), steered, most
        groups, leads = _placed(self._latest.of(source, lambda: _current(reader, visible, steered, most)), steered)
        shown = _shown(reader, groups, before)
        led = set(leads.values())
        topics: list[tuple[Group, list[ArticleId]]] = []
        for group in groups:
            own = [hit.id for hit in group.hits if hit.id in shown]
            pinned = [id_ for id_ in own if id_ == leads.get(group.slug)]
            lead = next((id_ for id_ in [*pinned, *own] if id_ in pinned or id_ not in led), None)
            if lead is not None and len(topics) < request.limit:
                led.add(lead)
                topics.append((group, [lead, *(id_ for id_ in own if id_ != lead)][:MOST_SHOWN]))
        found = reader.articles(list(dict.fromkeys(id_ for _, ids in topics for id_ in ids)))
        told = [_topic(group, [found[id_] for id_ in ids], len(group.hits)) for group, ids in topics]
        return TopicsResult(told, reader.generation)

    def topic(self, slug: str, request: TopicsRequest, signals: Sequence[Signal] = ()) -> TopicPage:
        """One topic: its newest articles, and how many it has in all. Raises NotFound where nobody may see any."""
        reader = self._engine.reader()
        kind, key = parted(slug)
        steered = steering(signals, Place.TOPICS, request.filters.now, (), ())
        visible = request.filters.without(steered.excluded)
        listing = _listing(reader, kind, key, visible, request.limit)
        hits = listing.hits[: request.limit]
        if not hits:
            raise NotFound(f"there is no topic {slug!r}")
        ids = [hit.id for hit in hits]
        found = reader.articles(ids)
        articles = [found[id_] for id_ in folded(hits, reader.vectors(ids), reader.articles)]
        name = reader.stories_of(ids)[ids[0]] if kind == "story" else facet_key(key)
        return TopicPage(_topic(Group(kind, name, hits, 0.0), articles, listing.total), reader.generation)


def slug_of(kind: TopicKind, key: str) -> str:
    """The name of a topic in addresses, which stays while its tag, section or story does.

    >>> slug_of("tag", "harbour bridge"), slug_of("tag", "by-election")
    ('tag-harbour-bridge', 'tag-by_election')
    """
    return f"{kind}-{key.translate(_ESCAPING)}"


def parted(slug: str) -> tuple[TopicKind, str]:
    """What `slug_of` was given. Raises NotFound for what it never makes.

    >>> parted("tag-by_election")
    ('tag', 'by-election')
    """
    start, _, rest = slug.partition("-")
    kind = next((kind for kind in _KINDS if kind == start), None)
    if kind is None or not rest:
        raise NotFound(f"there is no topic {slug!r}")
    for letter, escaped in reversed(_ESCAPES.items()):
        rest = rest.replace(escaped, letter)
    return kind, rest


def _listing(reader: Reader, kind: TopicKind, key: str, visible: Filters, limit: int) -> Listing:
    """What a topic has, newest first."""
    if kind == "story":
        return reader.told_in(key, visible)
    named = replace(visible, tags=[key]) if kind == "tag" else replace(visible, sections=[key])
    return reader.by_date(named, limit)


def _topic(group: Group, articles: Sequence[Article], size: int) -> Topic:
    """The topic, its label as its lead spells it; a story is called as its lead is."""
    lead = articles[0]
    names = {"tag": lead.tags, "section": (lead.section,), "story": ()}[group.kind]
    label = next((name for name in names if facet_key(name) == group.key), lead.title or lead.dek)
    return Topic(group.slug, label, group.kind, size, articles)


def _current(reader: Reader, visible: Filters, steered: Steering, most: int) -> list[Group]:
    """So many groups, the best first, without those that are mostly in one before them."""
    hits = _weighed(reader, visible, steered)
    return _distinct([*_named(reader, hits), *_stories(reader, hits)], most)


def _weighed(reader: Reader, visible: Filters, steered: Steering) -> list[Hit]:
    """What was lately published, each scored by how lately; what is pinned first, then what counts most."""
    filters, newest = current_filters(reader, visible)
    pinned = {pin.article for pin in steered.pins}
    hits = list(dict.fromkeys([*reader.by_date(filters, MOST_CURRENT).hits, *reader.among(pinned, filters)]))
    scored = [
        hit._replace(score=fresh * steered.factors.get(hit.id, 1.0))
        for hit, fresh in zip(hits, publication(hits, newest), strict=True)
    ]
    return sorted(scored, key=lambda hit: (hit.id not in pinned, *in_order(hit)))


def _named(reader: Reader, hits: Sequence[Hit]) -> list[Group]:
    """The tags and sections that three articles have or more, the best first."""
    ids = [hit.id for hit in hits]
    tags, sections = reader.tags(ids), reader.sections(ids)
    carriers: defaultdict[tuple[TopicKind, str], list[Hit]] = defaultdict(list)
    for hit in hits:
        for tag in tags.get(hit.id, ()):
            carriers["tag", tag].append(hit)
        if hit.id in sections:
            carriers["section", sections[hit.id]].append(hit)
    groups = [
        Group(kind, key, own, math.log1p(_activity(own)) * math.log1p(len(hits) / len(own)))
        for (kind, key), own in carriers.items()
        if len(own) >= FEWEST_ARTICLES
    ]
    return sorted(groups, key=_best_first)


def _stories(reader: Reader, hits: Sequence[Hit]) -> list[Group]:
    """The stories, the liveliest first."""
    story_of = reader.stories_of([hit.id for hit in hits])
    told: defaultdict[ArticleId, list[Hit]] = defaultdict(list)
    for hit in hits:
        told[story_of[hit.id]].append(hit)
    return sorted((Group("story", name, own, _activity(own)) for name, own in told.items()), key=_best_first)


def _activity(hits: Iterable[Hit]) -> float:
    return sum(hit.score for hit in hits)


def _best_first(group: Group) -> tuple[float, int, str]:
    return -group.score, _KINDS.index(group.kind), group.key


def _distinct(groups: Iterable[Group], limit: int) -> list[Group]:
    """The groups without those that are mostly in one before them; a section is a place, and stands beside these."""
    chosen: list[Group] = []
    seen: list[frozenset[ArticleId]] = []
    for group in groups:
        own = frozenset(hit.id for hit in group.hits)
        if group.kind != "section":
            if any(len(own & other) > MOST_SHARED * len(own) for other in seen):
                continue
            seen.append(own)
        chosen.append(group)
        if len(chosen) == limit:
            break
    return chosen


def _placed(groups: Sequence[Group], steered: Steering) -> tuple[list[Group], dict[str, ArticleId]]:
    """The groups with the best of each pinned article at its position; and which article leads which, by its slug."""
    placed, free, leads = list(groups), 0, dict[str, ArticleId]()
    for pin in steered.pins:
        found = next((each for each in placed[free:] if any(hit.id == pin.article for hit in each.hits)), None)
        if found:
            placed.remove(found)
            place = max((pin.position or 1) - 1, free)
            placed.insert(place, found)
            free = place + 1
            leads[found.slug] = pin.article
    return placed, leads


def _shown(reader: Reader, groups: Sequence[Group], before: Sequence[Hit]) -> frozenset[ArticleId]:
    """What may stand in the topics: their first articles, without `before` and versions of anything in front."""
    first: dict[ArticleId, Hit] = {}
    for hit in [*before, *(hit for group in groups for hit in group.hits[: 2 * MOST_SHOWN])]:
        first.setdefault(hit.id, hit)
    kept = folded(list(first.values()), reader.vectors(list(first)), reader.articles)
    return frozenset(kept) - {hit.id for hit in before}
