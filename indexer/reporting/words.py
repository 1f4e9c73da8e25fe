"""The report in words."""

from indexer.reporting.rate import Rate
from indexer.reporting.report import Preference


def told(rate: Rate) -> str:
    """A rate for people, its 95% interval in brackets.

    >>> told(Rate(50, 1000)), told(Rate(0, 0))
    ('5.0% (3.8, 6.5)', '–')
    """
    low, high = rate.interval
    return f"{rate.share:.1%} ({low * 100:.1f}, {high * 100:.1f})" if rate.of else "–"


def preferred(preference: Preference) -> str:
    """Which of two interleaved rankings readers prefer."""
    chosen = preference.chosen
    verdict = {"a": "readers prefer a, the settings in force", "b": "readers prefer b, the other settings"}
    said = verdict[preference.winner] if preference.winner else "not decided yet, since the interval holds a half"
    return (
        f"Of {chosen.of:,} choices between two rankings, {told(chosen)} are for b: {said}."
        f" Click-through of a {told(preference.first)}, of b {told(preference.second)}."
    )
