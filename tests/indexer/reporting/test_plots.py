from hypothesis import given
from hypothesis import strategies as st

from indexer.events.impressions import Shown
from indexer.events.tally import Outcomes
from indexer.reporting.plots import BOTTOM, FEWEST, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Plot, dots, stacks
from indexer.reporting.rate import Rate
from indexer.reporting.report import DayCounts
from tests.indexer.reporting.counts import DATE

COUNTS = st.integers(0, 10**7)


def is_within(plot: Plot) -> bool:
    heights = [tick.y for tick in plot.ticks]
    heights += [y for dot in plot.dots for y in (dot.y, dot.low, dot.high)]
    heights += [y for bar in plot.bars for y in (bar.y, bar.y + bar.height)]
    widths = [dot.x for dot in plot.dots] + [x for bar in plot.bars for x in (bar.x, bar.x + bar.width)]
    return all(TOP - 0.1 <= y <= HEIGHT - BOTTOM + 0.1 for y in heights) and all(
        LEFT <= x <= WIDTH - RIGHT for x in widths
    )


@given(st.dictionaries(st.text(), st.builds(Rate, COUNTS, COUNTS), max_size=20))
def test_whatever_the_rates_they_stand_within_the_axes(rates: dict[str, Rate]) -> None:
    plot = dots(rates)
    assert is_within(plot)
    assert [dot.label for dot in plot.dots] == [label for label, rate in rates.items() if rate.of >= FEWEST]
    assert all(dot.high <= dot.y <= dot.low for dot in plot.dots)


@given(st.lists(st.builds(Outcomes, COUNTS, COUNTS, COUNTS), min_size=1, max_size=90))
def test_whatever_became_of_searches_the_stacks_stand_within_the_axes(outcomes: list[Outcomes]) -> None:
    plot = stacks([DayCounts(DATE, Shown(0, 0), each) for each in outcomes])
    assert is_within(plot)
    assert all(bar.height >= 0 for bar in plot.bars)
    assert sum(bool(bar.label) for bar in plot.bars) <= 10


def test_a_stack_is_as_high_as_the_searches_of_its_day() -> None:
    first, second = Outcomes(4, 1, 1), Outcomes(2, 0, 2)
    plot = stacks([DayCounts(DATE, Shown(0, 0), each) for each in (first, second)])
    assert [tick.label for tick in plot.ticks] == ["0", "1", "2", "3", "4"]
    unit = (HEIGHT - TOP - BOTTOM) / 4
    assert [(bar.kind, round(bar.height / unit, 2)) for bar in plot.bars] == [
        ("clicked", 1),
        ("unclicked", 2),
        ("unanswered", 1),
        ("clicked", 2),
        ("unclicked", 0),
        ("unanswered", 0),
    ]
