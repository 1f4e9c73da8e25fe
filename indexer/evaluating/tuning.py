"""Fitting settings to judged queries, and telling honestly what that gains on queries it never saw."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from indexer.evaluating.drawing import lot
from indexer.evaluating.intervals import Estimate, estimates
from indexer.evaluating.judgments import JudgedQuery
from indexer.evaluating.measuring import Values
from search.errors import InvalidValue
from search.settings import Settings

GRID: Mapping[str, Sequence[float]] = {  # a setting is tuned once it stands here with the values to try
    "semantic_weight": [round(0.05 * step, 2) for step in range(21)],
}
FITTED_SHARE = 0.5  # of the queries: the held-out gain needs as many as the fit
FEWEST_QUERIES = 10  # in each part: below that a gain is luck

Choice = Mapping[str, float]  # a setting's name and value
Measure = Callable[[Settings, Sequence[JudgedQuery]], Values]  # every query's nDCG@10, in one column


@dataclass(frozen=True, slots=True)
class Tuned:
    """What was tried on the fitted part, and what the best of it is worth on the held-out rest."""

    tried: Sequence[tuple[Choice, float]]  # with the mean over the fitted part
    present: Choice
    chosen: Choice
    fitted_count: int
    held_out_count: int
    held_out_present: Estimate
    held_out_chosen: Estimate
    gain: Estimate  # paired: chosen minus present, query by query

    @property
    def is_gain(self) -> bool:
        """Whether the held-out queries are answered better, and by more than chance gives: the whole interval is."""
        return self.gain.low > 0


def parts(queries: Sequence[JudgedQuery]) -> tuple[list[JudgedQuery], list[JudgedQuery]]:
    """The queries to fit on and those held out, each in its part for good: its id alone decides.

    Raises InvalidValue where a part has fewer than ten.
    """
    fitted = [query for query in queries if lot(query.id, "fitted") < FITTED_SHARE]
    held_out = [query for query in queries if lot(query.id, "fitted") >= FITTED_SHARE]
    if min(len(fitted), len(held_out)) < FEWEST_QUERIES:
        came = f"{len(fitted)} to fit on and {len(held_out)} held out"
        raise InvalidValue("judged queries", came, f"at least {FEWEST_QUERIES} in each part")
    return fitted, held_out


def tune(
    queries: Sequence[JudgedQuery],
    settings: Settings,
    measure: Measure,
    progress: Callable[[int, int], None] = lambda done, total: None,
    grid: Mapping[str, Sequence[float]] = GRID,
) -> Tuned:
    """The choice from the grid with the best mean over the fitted part; among equals the nearest to the present."""
    fitted, held_out = parts(queries)
    present = {name: float(getattr(settings, name)) for name in grid}
    choices = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    if present not in choices:
        choices.append(present)
    tried = []
    for done, choice in enumerate(choices):
        progress(done, len(choices) + 2)
        tried.append((choice, float(measure(with_choice(settings, choice), fitted).mean())))
    chosen, _ = max(tried, key=lambda each: (round(each[1], 9), -_distance(each[0], present)))
    before = measure(settings, held_out)
    progress(len(choices) + 1, len(choices) + 2)
    after = measure(with_choice(settings, chosen), held_out)
    progress(len(choices) + 2, len(choices) + 2)
    found = estimates(np.hstack([before, after, after - before]))
    return Tuned(tried, present, chosen, len(fitted), len(held_out), *found)


def with_choice(settings: Settings, choice: Choice) -> Settings:
    """The settings with these values in place of their own."""
    return replace(settings, **dict(choice))  # type: ignore[arg-type]  # the grid names fields that hold numbers


def _distance(choice: Choice, present: Choice) -> float:
    return sum(abs(choice[name] - present[name]) for name in choice)
