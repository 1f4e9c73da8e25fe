"""The report: what readers were shown, clicked and searched in some days, and which of two rankings they prefer."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

from indexer.events.impressions import DAY, PLACES, SEARCH, Shown, Slot
from indexer.events.tally import Choices, Outcomes
from indexer.ledger_report import DAYS_KEPT, AskedQuery, ReportStore
from indexer.reporting.rate import Rate, grouped
from search.errors import InvalidValue
from search.result import EPOCH

MOST_DAYS = DAYS_KEPT // DAY
MOST_LISTED = 20  # queries of a list
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class PlaceRates:
    """Click-through of a place: of all of it, and by position, those that were told, in order."""

    place: str
    all: Rate
    positions: Mapping[int, Rate]


@dataclass(frozen=True, slots=True)
class DayCounts:
    """One day: links shown and clicked, and what became of searches."""

    day: date
    shown: Shown
    searches: Outcomes


@dataclass(frozen=True, slots=True)
class QueryRates:
    """A query: its searches, those that found nothing, and of those that found something, those that led to a click."""

    text: str
    searches: int
    unanswered: Rate
    clicked: Rate


@dataclass(frozen=True, slots=True)
class Preference:
    """Two rankings interleaved: click-through of their hits, and of the searches that chose, those that chose b.

    A search that clicked on hits of both counts for both, which moves the share towards a half. All who ask a query get
    one list a day, so its choices are no independent ones: the interval is over days and groups of queries.
    """

    first: Rate
    second: Rate
    chosen: Rate

    @property
    def winner(self) -> Literal["a", "b"] | None:
        """The ranking that readers prefer; None while the interval holds a half."""
        low, high = self.chosen.interval
        return "b" if low > 0.5 else "a" if high < 0.5 else None


@dataclass(frozen=True, slots=True)
class Report:
    """What readers did from the first day to the last. Queries are those that several visitors asked on one day.

    `popular` are the most asked, `unanswered` those that most often found nothing, `unclicked` those that found
    something and were clicked less than the others by more than chance, the surest first.
    """

    days: Sequence[DayCounts]
    places: Sequence[PlaceRates]
    searches: Outcomes
    popular: Sequence[QueryRates]
    unanswered: Sequence[QueryRates]
    unclicked: Sequence[QueryRates]
    preference: Preference | None

    @property
    def unanswered_rate(self) -> Rate:
        """The searches that found nothing."""
        return Rate(self.searches.unanswered, self.searches.searches)

    @property
    def clicked_rate(self) -> Rate:
        """The searches that led to a click."""
        return Rate(self.searches.clicked, self.searches.searches)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is known to have done anything."""
        return not (self.places or self.searches.searches)


def read_report(store: ReportStore, now: datetime, days: int) -> Report:
    """The report on the last days, today among them. Raises InvalidValue for more days than are kept."""
    if not 1 <= days <= MOST_DAYS:
        raise InvalidValue("days", days, f"1 to {MOST_DAYS}")
    last = (now - EPOCH) // DAY
    first = last - days
    return report_of(
        range(first + 1, last + 1),
        store.shown(first, last),
        store.searched(first, last),
        store.asked(first, last),
        store.choices(first, last),
    )


def report_of(
    days: Sequence[int],
    shown: Mapping[Slot, Shown],
    searched: Mapping[int, Outcomes],
    asked: Sequence[AskedQuery],
    choices: Sequence[Choices] = (),
) -> Report:
    """The report on days (whole ones since 1970), from their counts; queries come the most asked first."""
    by_day = _summed(shown, lambda slot: slot.day)
    total = _total(searched.values())
    queries = [_rates(each) for each in asked]
    return Report(
        [
            DayCounts(EPOCH.date() + timedelta(days=day), by_day.get(day, Shown(0, 0)), searched.get(day, Outcomes()))
            for day in days
        ],
        _places(shown),
        total,
        queries[:MOST_LISTED],
        sorted((each for each in queries if each.unanswered.count), key=lambda each: -each.unanswered.count)[
            :MOST_LISTED
        ],
        _unclicked(queries),
        _preference(shown, choices),
    )


def _places(shown: Mapping[Slot, Shown]) -> list[PlaceRates]:
    by_place = _summed(shown, lambda slot: slot.place)
    by_position = _summed(shown, lambda slot: (slot.place, slot.position))
    return [
        PlaceRates(
            place,
            _rate(by_place[place]),
            {
                position: _rate(by_position[at, position])
                for at, position in sorted(by_position)
                if at == place and position
            },
        )
        for place in PLACES
        if place in by_place
    ]


def _rates(query: AskedQuery) -> QueryRates:
    outcomes = query.outcomes
    answered = max(outcomes.searches - outcomes.unanswered, 0)
    return QueryRates(
        query.text, outcomes.searches, Rate(outcomes.unanswered, outcomes.searches), Rate(outcomes.clicked, answered)
    )


def _unclicked(queries: Sequence[QueryRates]) -> list[QueryRates]:
    """Those whose whole interval is below the mean of all, the lowest first: few searches prove little."""
    mean = Rate(sum(each.clicked.count for each in queries), sum(each.clicked.of for each in queries)).share
    below = [each for each in queries if each.clicked.of and each.clicked.interval[1] < mean]
    return sorted(below, key=lambda each: each.clicked.interval[1])[:MOST_LISTED]


def _preference(shown: Mapping[Slot, Shown], choices: Sequence[Choices]) -> Preference | None:
    teams = _summed(shown, lambda slot: slot.team if slot.place == SEARCH else "")
    if not {"a", "b"} & teams.keys():
        return None
    first, second = (_rate(teams.get(team, Shown(0, 0))) for team in ("a", "b"))
    return Preference(first, second, grouped([Rate(each.second, sum(each)) for each in choices]))


def _total(outcomes: Iterable[Outcomes]) -> Outcomes:
    total = Outcomes()
    for each in outcomes:
        total = total.plus(each)
    return total


def _summed(shown: Mapping[Slot, Shown], key: Callable[[Slot], Key]) -> dict[Key, Shown]:
    sums: dict[Key, Shown] = defaultdict(lambda: Shown(0, 0))
    for slot, counts in shown.items():
        before = sums[key(slot)]
        sums[key(slot)] = Shown(before.impressions + counts.impressions, before.clicks + counts.clicks)
    return dict(sums)


def _rate(shown: Shown) -> Rate:
    return Rate(shown.clicks, shown.impressions)
