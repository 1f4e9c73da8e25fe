"""The command that fits the site's settings to judgments, or to its own readers' clicks: tune."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console

from indexer.cli.answering import visible
from indexer.cli.estimates import named, show_examination, show_tuned
from indexer.cli.evaluating import NEWSROOM, embedded, tell_refused
from indexer.cli.group import DONE, NOT_DONE, SOME_REFUSED, Terminal, cli, now
from indexer.cli.progress import progress, working
from indexer.evaluating.answering import Answer, published_ids, searched, searcher_of
from indexer.evaluating.archive import indexed
from indexer.evaluating.clicked import among_judged, clicked_queries
from indexer.evaluating.counting import counted
from indexer.evaluating.examination import examination
from indexer.evaluating.judgments import JudgedQuery, judged_queries
from indexer.evaluating.measuring import RANKING, Values, measured
from indexer.evaluating.settings_file import write_settings
from indexer.evaluating.tuning import Tuned, parts, tune
from search.embedding.embedder import Embedder
from search.embedding.open import open_embedder
from search.engines.engine import Engine
from search.engines.open import open_engine
from search.errors import InvalidValue, Unavailable
from search.present import Json
from search.request import Filters
from search.settings import Settings, read_settings


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the settings were fitted to, what came of it, and what else there is to tell."""

    title: str
    tuned: Tuned
    more: Json
    tell_more: Callable[[Console], None]
    status: int = DONE


@cli.command("tune")
@click.argument("folder", type=click.Path(path_type=Path), required=False, metavar="[DIR]")
@click.option("--events", type=click.Path(path_type=Path), metavar="FILE", help="Learn from searches and clicks.")
@click.option("--write", is_flag=True, help="Put the result into HOME/settings.toml, if it is a gain.")
@click.pass_obj
def tune_command(terminal: Terminal, folder: Path | None, events: Path | None, write: bool) -> int:
    """Fit the weights to judged queries, or to clicks, and tell the gain on queries held out.

    DIR is as for evaluate. FILE holds the site's own events as JSON lines, .gz or not, and is judged on its own index:
    clicks are corrected for the positions they were made at, which are learnt from the same file. Half of the queries,
    always the same ones, are held out: the gain is measured on them. Nothing is written without --write, and never
    what gains nothing there beyond chance: the 95% interval of the gain must lie above 0.

    \b
    Example:
      search-index tune judged/ --write
      search-index tune --events events.jsonl.gz
    """
    if folder and events:
        raise click.UsageError("DIR and --events exclude each other")
    settings, name = terminal.settings, (events or folder or NEWSROOM).resolve().name
    lesson = _from_events(settings, events) if events else _from_folder(settings, folder or NEWSROOM)
    tuned = lesson.tuned
    is_written = write and tuned.is_gain
    if is_written:
        write_settings(settings.home, tuned.chosen)

    def for_people(console: Console) -> None:
        show_tuned(console, f"{name}: {lesson.title}", tuned)
        lesson.tell_more(console)

    terminal.answer({"set": name, **_tuned_answer(tuned), **lesson.more, "is_written": is_written}, for_people)
    return _conclude(settings, tuned, write) or lesson.status


def _from_folder(settings: Settings, folder: Path) -> Lesson:
    queries = judged_queries(folder)
    parts(queries)  # too few are refused before the long work
    embedder = open_embedder(settings)
    archive = indexed(folder, settings, embedder, now, progress)
    tuned = _tune(archive.settings, queries, embedder, Filters(now()))
    status = SOME_REFUSED if archive.accepted.refused else DONE
    title = f"{len(queries):,} judged queries"
    return Lesson(title, tuned, {}, lambda console: tell_refused(console, archive), status)


def _from_events(settings: Settings, file: Path) -> Lesson:
    engine, embedder = open_engine(settings), open_embedder(settings)
    filters = visible(settings)
    published = frozenset(published_ids(engine, filters))
    _check_model(engine, embedder)
    with working("Reading the events"):
        cells, events = counted(file)
    if not cells:
        raise InvalidValue(f"{file}: impressions", 0, "some of a search, with query and position")
    examined = examination(cells)
    queries = clicked_queries(cells, examined, published)
    parts(queries)
    tuned = _tune(settings, queries, embedder, filters, among_judged)
    title = f"{len(queries):,} queries with clicks, of {events.used:,} events"
    more: Json = {"queries": len(queries), "events": asdict(events), "examination": examined}
    return Lesson(title, tuned, more, lambda console: show_examination(console, examined, events))


def _check_model(engine: Engine, embedder: Embedder) -> None:
    if engine.reader().model != embedder.identity:
        raise Unavailable("the index was built with another model: run search-index rebuild first")


def _tune(
    settings: Settings,
    queries: Sequence[JudgedQuery],
    embedder: Embedder,
    filters: Filters,
    among: Callable[[Answer], Answer] = lambda answer: answer,
) -> Tuned:
    engine, known = open_engine(settings), embedded(embedder, queries)

    def measure(candidate: Settings, part: Sequence[JudgedQuery]) -> Values:
        return measured(part, among(searched(searcher_of(candidate, engine, known), filters)), RANKING)

    with progress("Fitting", "settings") as advance:
        return tune(queries, settings, measure, advance)


def _conclude(settings: Settings, tuned: Tuned, write: bool) -> int:
    """Says on stderr what became of the choice; the status is 3 where it should have been written and was not."""
    if tuned.chosen == tuned.present:
        return _say("the present settings are the best: nothing to write", DONE)
    if not tuned.is_gain:
        told = f"{named(tuned.chosen)} gains nothing beyond chance on the queries held out: not written"
        return _say(told, NOT_DONE * write)
    if not write:
        return _say(f"--write puts {named(tuned.chosen)} into HOME/settings.toml", DONE)
    in_force = read_settings(settings.home)
    if any(getattr(in_force, name) != value for name, value in tuned.chosen.items()):
        return _say(f"wrote {named(tuned.chosen)}, but the environment goes before the file", DONE)
    return _say(f"wrote {named(tuned.chosen)}", DONE)


def _say(message: str, status: int) -> int:
    click.echo(f"search-index: {message}", err=True)
    return status


def _tuned_answer(tuned: Tuned) -> Json:
    return {
        "measure": next(iter(RANKING)),
        "fitted": tuned.fitted_count,
        "held_out": tuned.held_out_count,
        "tried": [{**choice, "mean": round(score, 4)} for choice, score in tuned.tried],
        "present": {**tuned.present, "held_out": tuned.held_out_present.rounded()},
        "chosen": {**tuned.chosen, "held_out": tuned.held_out_chosen.rounded()},
        "gain": tuned.gain.rounded(),
        "is_gain": tuned.is_gain,
    }
