"""The report as one HTML page that needs nothing else: no script, no network."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from indexer.reporting.plots import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, dots, stacks
from indexer.reporting.report import Report
from indexer.reporting.words import preferred, told

MOST_POSITIONS = 20  # of a plot


def report_page(report: Report, site_name: str) -> str:
    """The page; what readers typed is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["told"] = told
    positions = {
        each.place: dots({str(at): rate for at, rate in each.positions.items() if at <= MOST_POSITIONS})
        for each in report.places
        if each.positions
    }
    return environment.get_template("page.html").render(
        report=report,
        site_name=site_name,
        places=dots({each.place: each.all for each in report.places}),
        positions=positions,
        days=stacks(report.days),
        preferred=preferred(report.preference) if report.preference else "",
        canvas={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "bottom": HEIGHT - BOTTOM},
    )
