from datetime import timedelta

import pytest

from indexer.events.decay import NO_HEAT, heat_of
from indexer.events.impressions import DAY, Shown, Slot
from indexer.events.tally import Asked, Batch, Choices, Outcomes
from indexer.ledger import Ledger
from indexer.ledger_events import EventStore
from indexer.ledger_report import DAYS_KEPT, AskedQuery, ReportStore, add_to_report
from search.result import EPOCH
from tests.builders import NOW

TODAY = (NOW - EPOCH) // DAY
FIRST = Slot(TODAY, "search", 1, "")
UNSEEN = Shown(0, 0)


@pytest.fixture
def store(ledger: Ledger) -> ReportStore:
    return ReportStore(ledger)


def batch(day: int = TODAY, shown: Shown = UNSEEN, **queries: Outcomes) -> Batch:
    """What one second brought: links shown at the first position, and queries as they were asked on a day."""
    asked = {text: Asked(text, "", NOW, 3, NO_HEAT, day, outcomes) for text, outcomes in queries.items()}
    total = Outcomes()
    for outcomes in queries.values():
        total = total.plus(outcomes)
    return Batch(0, {}, {}, asked, {FIRST._replace(day=day): shown}, {day: total})


def test_what_is_shown_and_searched_adds_up_by_day(ledger: Ledger, store: ReportStore) -> None:
    for day in (TODAY - 1, TODAY, TODAY):
        EventStore(ledger).record(batch(day, Shown(10, 2), storm=Outcomes(3, 1, 2)), NOW)
    assert store.shown(TODAY - 2, TODAY) == {
        FIRST._replace(day=TODAY - 1): Shown(10, 2),
        FIRST: Shown(20, 4),
    }
    assert store.searched(TODAY - 1, TODAY) == {TODAY: Outcomes(6, 2, 4)}
    assert store.asked(TODAY - 2, TODAY) == [AskedQuery("storm", Outcomes(9, 3, 6))]
    assert (store.shown(TODAY, TODAY + 1), store.searched(0, TODAY - 2), store.asked(0, TODAY - 2)) == ({}, {}, [])


def test_choices_add_up_by_day_and_group_of_queries(ledger: Ledger, store: ReportStore) -> None:
    for day, group in ((TODAY, 1), (TODAY, 1), (TODAY, 2), (TODAY - 9, 1)):
        add_to_report(ledger, Batch(0, {}, {}, {}, choices={(day, group): Choices(2, 3)}))
    assert store.choices(TODAY - 1, TODAY) == [Choices(4, 6), Choices(2, 3)]


def test_the_most_asked_queries_come_first_as_they_were_last_typed(ledger: Ledger, store: ReportStore) -> None:
    add_to_report(ledger, batch(TODAY - 1, storm=Outcomes(3), rain=Outcomes(2)))
    again = batch(TODAY, rain=Outcomes(2))
    again.queries["rain"].text = "Rain"
    add_to_report(ledger, again)
    assert [(each.text, each.outcomes.searches) for each in store.asked(0, TODAY)] == [("Rain", 4), ("storm", 3)]


def test_a_day_keeps_only_the_queries_that_were_asked_most(ledger: Ledger, store: ReportStore) -> None:
    add_to_report(ledger, batch(TODAY - 1, snow=Outcomes(1)), most_asked=2)
    add_to_report(ledger, batch(TODAY, storm=Outcomes(3), rain=Outcomes(2), fog=Outcomes(4)), most_asked=2)
    assert [each.text for each in store.asked(0, TODAY)] == ["fog", "storm", "snow"]


def test_days_are_dropped_after_ninety(ledger: Ledger, store: ReportStore) -> None:
    EventStore(ledger).record(batch(shown=Shown(1, 0), storm=Outcomes(3)), NOW)
    later = NOW + DAYS_KEPT - timedelta(days=1)
    EventStore(ledger).record(batch(TODAY + 1), later)
    assert (len(store.shown(0, TODAY)), len(store.searched(0, TODAY)), len(store.asked(0, TODAY))) == (1, 1, 1)
    EventStore(ledger).record(batch(TODAY + 1), later + timedelta(days=1))
    assert (store.shown(0, TODAY), store.searched(0, TODAY), store.asked(0, TODAY)) == ({}, {}, [])


def test_a_query_that_led_to_no_article_is_told_and_never_suggested(ledger: Ledger, store: ReportStore) -> None:
    nothing = batch(storm=Outcomes(3, 3))
    nothing.queries["storm"].heat = heat_of(NOW)
    EventStore(ledger).record(nothing, NOW)
    assert EventStore(ledger).past_queries("st", NOW, 9) == []
    assert store.asked(0, TODAY) == [AskedQuery("storm", Outcomes(3, 3))]
