"""The filters of the command search: of one field any of its values, of several fields each."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, get_args

import click

from indexer.clean.article import clean_end, clean_time
from search.article import Access
from search.request import Filters
from search.result import FacetField

Command = TypeVar("Command", bound=Callable[..., Any])
PLURALS: dict[FacetField, str] = {
    "section": "sections",
    "tag": "tags",
    "author": "authors",
    "source": "sources",
    "language": "languages",
    "access": "access",
}


def narrowing(command: Command) -> Command:
    """Gives a command the options of every filter; their values come as keywords that `narrowed` takes."""
    command = click.option("--to", "last", help="Published then at the latest; of a date, its whole day.")(command)
    command = click.option("--from", "first", help="Published then at the earliest: 2026-05-10.")(command)
    for field in reversed(PLURALS):
        kind = click.Choice(get_args(Access)) if field == "access" else None
        told = "Only this access." if kind else f"Only this {field}; may be given again."
        command = click.option(f"--{field}", multiple=True, type=kind, help=told)(command)
    return command


def narrowed(visible: Filters, *, first: str | None, last: str | None, **values: Sequence[str]) -> Filters:
    """The filters that the options ask for, within what is visible. Raises InvalidValue for what is no time."""
    fields: dict[str, Any] = {plural: values[field] for field, plural in PLURALS.items()}
    fields["published_from"] = clean_time("from", first) if first is not None else None
    fields["published_to"] = clean_end("to", last) if last is not None else None
    return replace(visible, **fields)
