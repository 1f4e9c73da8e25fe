"""The command `search-index` itself: its global options, and how it fails."""

import json
import logging
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from indexer.ledger import Ledger
from search.errors import BroadsheetError, InvalidValue
from search.settings import ENGINES, Settings, read_settings

DONE, SOME_REFUSED, WRONG_USAGE, NOT_DONE = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Terminal:
    """What every command is given: the settings, and where to answer."""

    settings: Settings
    as_json: bool

    def answer(self, data: object, for_people: Callable[[Console], None]) -> None:
        """One JSON object for programs, else what people read."""
        if self.as_json:
            click.echo(json.dumps(data, ensure_ascii=False))
        else:
            for_people(Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else 160))

    def ledger(self) -> Ledger:
        """The ledger of HOME, made if there is none."""
        return Ledger(self.settings.ledger)


def now() -> datetime:
    """The clock, read only at the rim."""
    return datetime.now(UTC)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--home", type=click.Path(path_type=Path), help="Where everything is kept (SEARCH_HOME; data/local).")
@click.option("--engine", metavar="NAME", help=f"What holds the index: {' or '.join(ENGINES)} (SEARCH_ENGINE).")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object on stdout.")
@click.version_option(package_name="broadsheet")
@click.pass_context
def cli(context: click.Context, home: Path | None, engine: str | None, as_json: bool) -> None:
    """Search and recommendations for a news site.

    \b
    Example:
      search-index rebuild --from articles.jsonl.gz
      search-index search "harbour bridge"
    """
    settings = read_settings(home)
    context.obj = Terminal(replace(settings, engine=engine) if engine else settings, as_json)


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status: 0 done, 1 some refused, 2 wrong usage, 3 could not be done."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a bad page is refused by name: once is enough
    try:
        given = None if arguments is None else list(arguments)
        result = cli.main(args=given, prog_name="search-index", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.NoSuchOption) and any(error.option_name in each.opts for each in cli.params):
            click.echo(f"{error.option_name} stands before the command: search-index {error.option_name} …", err=True)
        return WRONG_USAGE
    except SystemExit:  # what click and rich make of a pipe that nobody reads on: `| head` has enough
        return DONE
    except (click.Abort, KeyboardInterrupt):
        return _fail("stopped; nothing was half-published", NOT_DONE)
    except InvalidValue as error:
        return _fail(str(error), WRONG_USAGE)
    except (BroadsheetError, OSError) as error:
        return _fail(str(error), NOT_DONE)
    except BaseException:  # a bug, or a native library's panic: told whole, and never taken for "some refused"
        traceback.print_exc()
        return _fail("this should not happen: search-index verify tells whether the index is damaged", NOT_DONE)
    return result if isinstance(result, int) else DONE


def _fail(message: str, status: int) -> int:
    click.echo(f"search-index: {message}", err=True)
    return status
