import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

import pytest

from indexer.events.impressions import Shown
from indexer.events.tally import Batch, Choices, Outcomes
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from indexer.ledger_report import ReportStore
from indexer.reporting.rate import Rate
from indexer.reporting.report import DayCounts, PlaceRates, QueryRates, read_report, report_of
from search.errors import InvalidValue
from search.ranking.interleaving import lots, team_draft
from search.result import Hit
from tests.builders import NOW
from tests.indexer.reporting.counts import DATE, TODAY, asked, site, slot


def names(queries: Sequence[QueryRates]) -> list[str]:
    return [each.text for each in queries]


def test_click_through_is_by_place_and_by_position_where_one_was_told() -> None:
    assert site().places == [
        PlaceRates("search", Rate(45, 300), {1: Rate(40, 200), 2: Rate(5, 100)}),
        PlaceRates("hot", Rate(1, 50), {}),
    ]


def test_every_day_is_there_also_one_on_which_nobody_came() -> None:
    report = report_of([TODAY - 1, TODAY], {slot(): Shown(5, 1)}, {}, [])
    assert report.days == [
        DayCounts(DATE - timedelta(days=1), Shown(0, 0), Outcomes()),
        DayCounts(DATE, Shown(5, 1), Outcomes()),
    ]
    assert not report.is_empty
    assert report_of([TODAY], {}, {}, []).is_empty


def test_searches_are_told_by_what_became_of_them() -> None:
    report = site()
    assert report.searches == Outcomes(50, 6, 25)
    assert (report.unanswered_rate, report.clicked_rate) == (Rate(6, 50), Rate(25, 50))
    assert names(report.popular) == ["harbour bridge", "ferry", "<script>alert(1)</script>"]
    assert names(report.unanswered) == ["<script>alert(1)</script>"]


def test_what_is_surely_clicked_less_than_the_others_is_told_and_what_found_nothing_is_not_among_it() -> None:
    queries = [
        asked("liked", 100, 0, 80),
        asked("few", 3, 0, 0),
        asked("many", 300, 0, 30),
        asked("sometimes nothing", 200, 150, 0),
        asked("nothing", 50, 50, 0),
    ]
    report = report_of([TODAY], {}, {}, queries)
    assert names(report.unclicked) == ["sometimes nothing", "many"]
    assert report.unclicked[0] == QueryRates("sometimes nothing", 200, Rate(150, 200), Rate(0, 50))


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [(20, 60, "b"), (60, 20, "a"), (28, 32, None), (0, 3, None), (0, 4, "b"), (0, 0, None)],
)
def test_one_of_two_rankings_is_preferred_once_the_interval_holds_no_half(
    first: int, second: int, winner: Literal["a", "b"] | None
) -> None:
    shown = {slot(team="a"): Shown(100, first), slot(team="b"): Shown(100, second), slot("hot", team="b"): Shown(9, 9)}
    preference = report_of([TODAY], shown, {}, [], [Choices(1, 0)] * first + [Choices(0, 1)] * second).preference
    assert preference is not None
    assert (preference.first, preference.second) == (Rate(first, 100), Rate(second, 100))
    assert (preference.chosen.count, preference.chosen.of) == (second, first + second)
    assert preference.winner == winner


def same_or_better(run: int, better: float) -> Literal["a", "b"] | None:
    """What a week of 60 queries says of two rankings that differ in their first two hits.

    Readers click the first hit twice as often as the second, the hit that b has first `better` times as often as a's.
    """
    lot = random.Random(run)
    a, b = ([Hit(id_, 1.0, 0) for id_ in ids] for ids in (["x", "y"], ["y", "x"]))
    choices = []
    for day in range(7):
        for query in range(60):
            _, teams = team_draft(a, b, lots(f"{run} {query} {day}"))
            clicks = {"a": 0, "b": 0}
            for _ in range(240 // (query + 1)):
                for (id_, team), chance in zip(teams.items(), (0.4, 0.2), strict=True):
                    clicks[team] += lot.random() < chance * (better if id_ == "y" else 1)
            choices.append(Choices(clicks["a"], clicks["b"]))
    preference = report_of([TODAY], {slot(team="a"): Shown(1, 1)}, {}, [], choices).preference
    assert preference is not None
    return preference.winner


def test_rankings_that_are_as_good_are_hardly_ever_told_apart_though_all_who_ask_a_query_get_one_list_a_day() -> None:
    winners = [same_or_better(run, 1.0) for run in range(100)]
    assert winners.count(None) >= 90


def test_the_better_of_two_rankings_is_found_by_its_readers() -> None:
    winners = [same_or_better(run, 2.0) for run in range(20)]
    assert winners.count("b") == 20


def test_where_one_ranking_answers_alone_there_is_no_preference() -> None:
    assert site().preference is None


def test_the_last_days_are_read_from_the_ledger_today_among_them(ledger: Ledger) -> None:
    shown = {slot(day=TODAY - ago): Shown(10, ago) for ago in range(4)}
    EventStore(ledger).record(Batch(0, {}, {}, {}, shown, {TODAY - 3: Outcomes(9)}), NOW)
    report = read_report(ReportStore(ledger), NOW, 3)
    assert [each.day for each in report.days] == [DATE - timedelta(days=ago) for ago in (2, 1, 0)]
    assert (report.places[0].all, report.searches) == (Rate(3, 30), Outcomes())


@pytest.mark.parametrize("days", [0, 91])
def test_no_more_days_are_told_than_are_kept(ledger: Ledger, days: int) -> None:
    with pytest.raises(InvalidValue, match=f"^days is {days}, allowed: 1 to 90$"):
        read_report(ReportStore(ledger), NOW, days)
