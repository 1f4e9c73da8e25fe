"""Estimates for people: tables, and dots between whiskers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from indexer.evaluating.comparing import ByMeasure, Comparison
from indexer.evaluating.counting import EventCounts
from indexer.evaluating.intervals import Estimate
from indexer.evaluating.tuning import Choice, Tuned

PLOT_WIDTH = 50  # characters: with its names it fits a terminal of 80
TRIED_WIDTH = 24  # beside three columns
SHOWN_POSITIONS = 10  # the first page


def whiskers(estimate: Estimate, lowest: float = 0.0, highest: float = 1.0, width: int = PLOT_WIDTH) -> str:
    """A line from `lowest` to `highest` with a dot at the mean between the ends of its interval.

    >>> whiskers(Estimate(0.5, 0.25, 0.75), width=9)
    '  ├─●─┤  '
    """
    span = (highest - lowest) or 1.0
    low, mean, high = (
        round((value - lowest) / span * (width - 1)) for value in (estimate.low, estimate.mean, estimate.high)
    )
    cells = ["─" if low < at < high else " " for at in range(width)]
    cells[low], cells[high], cells[mean] = "├", "┤", "●"
    return "".join(cells)


def show_comparison(console: Console, title: str, comparison: Comparison) -> None:
    """What every way is worth, what the reference gains over it, and a picture of the first measure."""
    first = next(iter(comparison.rows[comparison.reference]))
    console.print(_table(title, comparison.rows, ".3f"))
    console.print(_table(f"\n{comparison.reference} minus the other, on the same queries", comparison.gains, "+.3f"))
    plot = Table(
        title=f"\n{first}, from 0 to 1", title_justify="left", box=None, padding=(0, 2, 0, 0), show_header=False
    )
    for name, by_measure in comparison.rows.items():
        plot.add_row(name, whiskers(by_measure[first]), f"{by_measure[first].mean:.3f}")
    console.print(plot)
    console.print("\nIn brackets and between whiskers: 95% intervals, by the bootstrap over queries.")


def show_tuned(console: Console, title: str, tuned: Tuned) -> None:
    """What was tried, and what the best of it gains where it was not fitted."""
    scores = [score for _, score in tuned.tried]
    table = _plain(title)
    for heading in tuned.present:
        table.add_column(heading.replace("_", " "), justify="right")
    for heading in (f"nDCG@10 of {tuned.fitted_count:,} fitted", f"{min(scores):.3f} to {max(scores):.3f}", ""):
        table.add_column(heading)
    for choice, score in tuned.tried:
        dot = whiskers(Estimate(score, score, score), min(scores), max(scores), TRIED_WIDTH)
        table.add_row(*(f"{value:g}" for value in choice.values()), f"{score:.4f}", dot, _note(choice, tuned))
    console.print(table)
    console.print(f"On the {tuned.held_out_count:,} queries held out, nDCG@10:")
    held_out = _plain(has_header=False)
    held_out.add_row("present", _interval(tuned.held_out_present, ".3f"))
    held_out.add_row("chosen", _interval(tuned.held_out_chosen, ".3f"))
    held_out.add_row("gain", f"{_interval(tuned.gain, '+.3f')}{_doubt(tuned)}")
    console.print(held_out)


def show_examination(console: Console, examined: Sequence[float], events: EventCounts) -> None:
    """How many readers look at each of the first positions, and what became of the events that told so."""
    console.print("\nOf the readers who look at the first hit, so many look at the others:")
    table = _plain()
    for heading in ("position", "examination"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for position, share in enumerate(examined[:SHOWN_POSITIONS], start=1):
        table.add_row(f"{position}", f"{share:.2f}", "●" * round(share * TRIED_WIDTH))
    console.print(table)
    deeper = len(examined) - SHOWN_POSITIONS
    if deeper > 0:
        console.print(f"{deeper:,} more positions are in the answer of --json.")
    counts = {name: count for name, count in asdict(events).items() if count}
    console.print("Events: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))


def named(choice: Choice) -> str:
    """A choice in words, as the settings file has it."""
    return ", ".join(f"{name} = {value:g}" for name, value in choice.items())


def _table(title: str, rows: Mapping[str, ByMeasure], form: str) -> Table:
    table = _plain(title)
    measures: Sequence[str] = list(next(iter(rows.values())))
    for heading in ("", *measures):
        table.add_column(heading)
    for name, by_measure in rows.items():
        table.add_row(name, *(_interval(by_measure[measure], form) for measure in measures))
    return table


def _plain(title: str | None = None, *, has_header: bool = True) -> Table:
    return Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0), show_header=has_header)


def _interval(estimate: Estimate, form: str) -> str:
    mean, low, high = (f"{value:{form}}".replace("0.", ".") for value in (estimate.mean, estimate.low, estimate.high))
    return f"{mean} ({low}, {high})"  # as papers print them: three columns fit a terminal of 80


def _note(choice: Choice, tuned: Tuned) -> str:
    notes = {"present": choice == tuned.present, "chosen": choice == tuned.chosen}
    return ", ".join(note for note, is_so in notes.items() if is_so)


def _doubt(tuned: Tuned) -> str:
    return "; it may be luck: the interval holds 0" if tuned.gain.low <= 0 < tuned.gain.mean else ""
