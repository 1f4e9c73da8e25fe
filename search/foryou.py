"""For you: what to read next for somebody who has read these articles. Nothing about a reader is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.article import ArticleId
from search.engines.engine import Engine, Held, Reader
from search.ranking.candidates import Candidates
from search.ranking.editorial import pinned_first, placed, steering, weighed
from search.ranking.freshness import aged, freshness
from search.ranking.hotness import Reading, nobody
from search.ranking.interests import Interest, interests_of, turns
from search.ranking.versions import folded
from search.request import MOST_HOT, Filters, ForYouRequest, HotRequest
from search.result import ForYouItem, ForYouKind, ForYouResult, ForYouRung, Hit, Ranked, in_order
from search.settings import Settings
from search.signal import Place, Signal
from search.trending import Trender, current_filters

CANDIDATES = 60  # of each interest
LEAST_COSINE = 0.3  # of an article and the interest that it is offered for: docs/recommendations.md
HASTE = 10  # times as fast as in a search an article ages: what is news to a reader is of these days
AGE_WEIGHT = 0.8  # the share of a score that age can take: of undated articles the nearest are first
LADDER: tuple[ForYouRung, ...] = ("hot", "newest")


@dataclass(frozen=True, slots=True)
class _Pick:
    """An article, why it is in the list, and the article that was read for whose sake it is."""

    ranked: Ranked
    kind: ForYouKind
    because: ArticleId | None = None


class ForYou:
    """Recommends articles of an engine's live generation to readers."""

    def __init__(self, engine: Engine, settings: Settings, reading: Reading = nobody) -> None:
        self._engine, self._reading = engine, reading
        self._half_lives, self._evergreen = settings.freshness, settings.evergreen

    def recommend(self, request: ForYouRequest, signals: Sequence[Signal] = ()) -> ForYouResult:
        """What a reader has not read and may like, every interest having its turns, as the signals have it.

        No article that was read, no version of one, and none of another in the list. What the interests leave open the
        hot articles fill, then the newest: `fallback` is the last of these that was needed.
        """
        reader = self._engine.reader()
        steered = steering(signals, Place.FOR_YOU, request.filters.now, (), ())
        visible = request.filters.without(steered.excluded)
        read = _known(reader, request.read, visible)
        unread, before = visible.without(frozenset(read)), reader.among(read, visible)
        leads = reader.vectors(read)
        interests = interests_of([leads[id_] for id_ in read])
        near = [weighed(self._near(reader, interest, unread), steered.factors) for interest in interests]
        lists = _unlike_all(reader, before, [each.hits() for each in near])
        picks = _in_turn(reader, read, interests, near, lists, request.limit)
        fallback = self._fill(reader, unread, signals, picks, request.limit)
        pinned = reader.among(steered.pinned(is_answered=True), unread) if steered.pins else []
        best = _unlike(reader, before, pinned_first([pick.ranked.hit for pick in picks], pinned))
        best = placed(best, steered.pins)[: request.limit]
        pick_of = {pick.ranked.hit.id: pick for pick in picks}
        pick_of |= {hit.id: _Pick(Ranked(hit, {}, is_pinned=True), "pinned") for hit in pinned}
        picks = [pick_of[hit.id] for hit in best]
        found = reader.articles(
            [*(pick.ranked.hit.id for pick in picks), *(pick.because for pick in picks if pick.because)]
        )
        items = [
            ForYouItem(found[pick.ranked.hit.id], pick.ranked, pick.kind, found[pick.because] if pick.because else None)
            for pick in picks
        ]
        return ForYouResult(items, reader.generation, fallback, len(set(request.read)) - len(read))

    def _near(self, reader: Reader, interest: Interest, unread: Filters) -> Candidates:
        """What is near enough to an interest: of the last 30 days, and whatever does not age."""
        current, newest = current_filters(reader, unread)
        hits = reader.match_vector(interest.vector, current, CANDIDATES)
        if self._evergreen:
            hits += reader.match_vector(interest.vector, replace(unread, sections=self._evergreen), CANDIDATES)
        near = Candidates.of(hit for hit in hits if hit.score >= LEAST_COSINE)
        sections = reader.sections(near.ids)
        half_lives = self._half_lives.of([sections.get(id_, "") for id_ in near.ids]) / HASTE
        return near.times("freshness", aged(freshness(near.published, newest, newest, half_lives), AGE_WEIGHT))

    def _fill(
        self, reader: Reader, unread: Filters, signals: Sequence[Signal], picks: list[_Pick], limit: int
    ) -> ForYouRung | None:
        """Fills the list from the ladder where it is short, and returns the last rung that was needed."""
        last = None
        for rung in LADDER:
            if len(picks) < limit:
                there = frozenset(pick.ranked.hit.id for pick in picks)
                more = self._rung(rung, reader, unread.without(there), signals)
                picks += [_Pick(each, rung) for each in more]
                last = rung if more else last
        return last

    def _rung(self, rung: ForYouRung, reader: Reader, filters: Filters, signals: Sequence[Signal]) -> list[Ranked]:
        if rung == "newest":
            return [Ranked(hit, {}) for hit in reader.by_date(filters, MOST_HOT).hits]
        hot = Trender(Held(reader), self._reading).hot(HotRequest(filters, limit=MOST_HOT), signals)
        return [item.ranked for item in hot.items] if hot.fallback is None else []


def _known(reader: Reader, read: Sequence[ArticleId], visible: Filters) -> list[ArticleId]:
    """The articles that were read and may be seen, each where it was last read."""
    latest = list(dict.fromkeys(reversed(read)))[::-1]
    there = {hit.id for hit in reader.among(latest, visible)}
    return [id_ for id_ in latest if id_ in there]


def _unlike_all(reader: Reader, before: Sequence[Hit], lists: Sequence[Sequence[Hit]]) -> list[list[Hit]]:
    """The lists without versions of what was read, and of anything better in any of them."""
    together = sorted((hit for hits in lists for hit in hits), key=in_order)
    kept = {hit.id for hit in _unlike(reader, before, together)}
    return [[hit for hit in hits if hit.id in kept] for hits in lists]


def _unlike(reader: Reader, before: Sequence[Hit], hits: Sequence[Hit]) -> list[Hit]:
    """The list without what stands before it, and without versions of that or of anything better in it."""
    there, rows = {hit.id for hit in before}, {hit.id: hit for hit in before}
    for hit in hits:
        rows.setdefault(hit.id, hit)
    kept = folded(list(rows.values()), reader.vectors(list(rows)), reader.articles)
    return [rows[id_] for id_ in kept if id_ not in there]


def _in_turn(
    reader: Reader,
    read: Sequence[ArticleId],
    interests: Sequence[Interest],
    near: Sequence[Candidates],
    lists: Sequence[Sequence[Hit]],
    limit: int,
) -> list[_Pick]:
    """The best of each interest, each in its turn; of one story only the first."""
    story_of = reader.stories_of([hit.id for hits in lists for hit in hits])
    waiting, given = [list(hits) for hits in lists], [0] * len(lists)
    chosen, told = list[tuple[Ranked, Interest]](), set[ArticleId]()
    while len(chosen) < limit and any(waiting):
        turn = next(place for place in turns([each.weight for each in interests], given) if waiting[place])
        best = waiting[turn].pop(0)
        if story_of[best.id] not in told:
            told.add(story_of[best.id])
            chosen += [(each, interests[turn]) for each in near[turn].ranked([best])]
            given[turn] += 1
    leads = reader.vectors([*read, *(ranked.hit.id for ranked, _ in chosen)]) if chosen else {}
    return [
        _Pick(
            ranked,
            "read",
            max((read[n] for n in interest.reads), key=lambda id_: float(leads[id_] @ leads[ranked.hit.id])),
        )
        for ranked, interest in chosen
    ]
