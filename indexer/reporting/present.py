"""The report for programs."""

from collections.abc import Sequence

from indexer.reporting.rate import Rate
from indexer.reporting.report import Preference, QueryRates, Report
from search.present import Json


def report_answer(report: Report) -> Json:
    """`search-index --json report`. Rates are shares from 0 to 1, with their 95% intervals."""
    return {
        "from": report.days[0].day.isoformat(),
        "to": report.days[-1].day.isoformat(),
        "days": [
            {"day": each.day.isoformat(), **each.shown._asdict(), **_counts(each.searches._asdict())}
            for each in report.days
        ],
        "places": [
            {
                "place": each.place,
                **rate_told(each.all),
                "positions": [{"position": at, **rate_told(rate)} for at, rate in each.positions.items()],
            }
            for each in report.places
        ],
        "searches": report.searches.searches,
        "unanswered": rate_told(report.unanswered_rate),
        "clicked": rate_told(report.clicked_rate),
        "queries": {
            "popular": _queries(report.popular),
            "unanswered": _queries(report.unanswered),
            "unclicked": _queries(report.unclicked),
        },
        "interleaving": _preference(report.preference) if report.preference else None,
    }


def rate_told(rate: Rate) -> Json:
    """A rate as an object: four decimals."""
    low, high = rate.interval
    return {
        "count": rate.count,
        "of": rate.of,
        "share": round(rate.share, 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def _counts(outcomes: dict[str, int]) -> dict[str, int]:
    return {name: outcomes[name] for name in ("searches", "unanswered", "clicked")}


def _queries(queries: Sequence[QueryRates]) -> list[Json]:
    return [
        {
            "text": each.text,
            "searches": each.searches,
            "unanswered": rate_told(each.unanswered),
            "clicked": rate_told(each.clicked),
        }
        for each in queries
    ]


def _preference(preference: Preference) -> Json:
    return {
        "a": rate_told(preference.first),
        "b": rate_told(preference.second),
        "prefer_b": rate_told(preference.chosen),
        "winner": preference.winner,
    }
