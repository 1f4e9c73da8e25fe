"""The plots of the page as shapes on a canvas, in units of SVG: y counts from the top. The template draws them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.reporting.rate import Rate
from indexer.reporting.report import DayCounts

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 10, 28  # margins, for the numbers and names of the axes
BAR_SHARE = 0.7  # of a bar's place that it fills
STEPS = (1, 2, 2.5, 5, 10)  # that people count in
TICKS = 4
FEWEST = 30  # of which a rate is drawn


@dataclass(frozen=True, slots=True)
class Tick:
    """A number of the upright axis."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A rate with the whiskers of its interval."""

    x: float
    y: float
    low: float
    high: float
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a stack; only the lowest part of one is labelled."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What stands on one canvas."""

    ticks: Sequence[Tick]
    dots: Sequence[Dot] = ()
    bars: Sequence[Bar] = ()


def dots(rates: Mapping[str, Rate]) -> Plot:
    """Rates side by side, named along the lower edge; those of fewer than 30 are left out, or they flatten the rest."""
    known = {label: rate for label, rate in rates.items() if rate.of >= FEWEST}
    ceiling, ticks = _axis(max((rate.interval[1] for rate in known.values()), default=1.0), is_share=True)
    place = (WIDTH - LEFT - RIGHT) / max(len(known), 1)

    def dot(number: int, label: str, rate: Rate) -> Dot:
        low, high = (_y(end, ceiling) for end in rate.interval)
        title = f"{label}: {rate.count:,} of {rate.of:,}"
        return Dot(LEFT + (number + 0.5) * place, _y(rate.share, ceiling), low, high, label, title)

    return Plot(ticks, dots=[dot(number, *each) for number, each in enumerate(known.items())])


def stacks(days: Sequence[DayCounts]) -> Plot:
    """The searches of each day: with a click, without one, and with nothing found."""
    ceiling, ticks = _axis(max((each.searches.searches for each in days), default=0) or 1, is_share=False)
    place = (WIDTH - LEFT - RIGHT) / max(len(days), 1)
    every = -(-len(days) // 10)  # labels that have room
    bars = []
    for number, each in enumerate(days):
        counts = each.searches
        rest = max(counts.searches - counts.clicked - counts.unanswered, 0)
        base = 0
        for kind, count in (("clicked", counts.clicked), ("unclicked", rest), ("unanswered", counts.unanswered)):
            label = f"{each.day.day} {each.day:%b}" if base == 0 and kind == "clicked" and number % every == 0 else ""
            top = _y(min(base + count, ceiling), ceiling)
            height = _y(min(base, ceiling), ceiling) - top
            x = LEFT + (number + (1 - BAR_SHARE) / 2) * place
            bars.append(Bar(kind, x, top, place * BAR_SHARE, height, label, f"{each.day}: {count:,} {kind}"))
            base += count
    return Plot(ticks, bars=bars)


def _axis(highest: float, *, is_share: bool) -> tuple[float, list[Tick]]:
    """Where the axis ends, and its numbers, in steps that people count in.

    >>> ceiling, ticks = _axis(0.11, is_share=True)
    >>> round(ceiling, 6), [tick.label for tick in ticks]
    (0.15, ['0%', '5%', '10%', '15%'])
    """
    rough = highest / TICKS
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * each for each in STEPS if unit * each >= rough * 0.999)
    step = step if is_share else max(math.ceil(step), 1)
    count = math.ceil(highest / step * 0.999)
    ceiling = min(step * count, 1.0) if is_share else step * count
    ends = [min(step * number, ceiling) for number in range(count + 1)]
    return ceiling, [Tick(_y(end, ceiling), f"{end * 100:.3g}%" if is_share else f"{end:,.0f}") for end in ends]


def _y(value: float, ceiling: float) -> float:
    return round(HEIGHT - BOTTOM - value / ceiling * (HEIGHT - TOP - BOTTOM), 2)
