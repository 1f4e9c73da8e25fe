"""The commands that measure the site's settings against judgments, and fit them: evaluate, tune."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from indexer.cli.estimates import named, show_comparison, show_tuned
from indexer.cli.group import DONE, NOT_DONE, SOME_REFUSED, Terminal, cli, now
from indexer.cli.progress import progress, working
from indexer.evaluating.answering import KnownQueries, published_ids, related_ways, search_ways, searched, searcher_of
from indexer.evaluating.archive import Archive, indexed
from indexer.evaluating.comparing import ByMeasure, Comparison, evaluated
from indexer.evaluating.events import read_events, related_queries
from indexer.evaluating.intervals import RESAMPLES, SEED, checked_count
from indexer.evaluating.judgments import JudgedQuery, judged_queries
from indexer.evaluating.measuring import RANKING, RELATED, SEARCH, Values, measured
from indexer.evaluating.settings_file import write_settings
from indexer.evaluating.tuning import Tuned, parts, tune
from search.article import ArticleId
from search.embedding.embedder import Embedder
from search.embedding.open import open_embedder
from search.engines.open import open_engine
from search.present import Json
from search.request import Filters
from search.settings import Settings, read_settings

NEWSROOM = Path(__file__).resolve().parents[2] / "data" / "newsroom"
SAMPLE = 600  # articles asked what is related to them: on NeuS that makes intervals of about ±0.03

FOLDER = click.argument("folder", type=click.Path(path_type=Path), default=NEWSROOM, metavar="[DIR]")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A comparison, and what it was made on."""

    archive: Archive
    ids: Sequence[ArticleId]
    queries: Sequence[JudgedQuery]
    comparison: Comparison


@cli.command()
@FOLDER
@click.option("--related", type=click.Path(path_type=Path), metavar="FILE", help="Judge related articles by events.")
@click.option("--sample", type=click.IntRange(2), help=f"Articles drawn from that file, at most ({SAMPLE}).")
@click.pass_obj
def evaluate(terminal: Terminal, folder: Path, related: Path | None, sample: int | None) -> int:
    """Measure how well the site's settings find what is known to be right.

    DIR holds corpus.jsonl or corpus.jsonl.gz, queries.jsonl and qrels.tsv; the sample newsroom if none is named. Its
    index is kept in HOME/evaluations, apart from the site's own. With --related, the right answers to an article are
    those of its event: FILE (also looked for in DIR) has the columns doc-id and event. Which articles are drawn
    depends on their ids alone.

    \b
    Example:
      search-index evaluate data/newsroom
    """
    if sample and not related:
        raise click.UsageError("--sample comes with --related")
    if related:
        found = _evaluate_related(terminal.settings, folder, related, sample or SAMPLE)
    else:
        found = _evaluate_search(terminal.settings, folder)
    return _report(terminal, folder, "related" if related else "search", found)


@cli.command("tune")
@FOLDER
@click.option("--write", is_flag=True, help="Put the result into HOME/settings.toml, if it is a gain.")
@click.pass_obj
def tune_command(terminal: Terminal, folder: Path, write: bool) -> int:
    """Fit the weights to judged queries, and tell the gain on queries held out.

    DIR is as for evaluate. Half of the queries, always the same ones, are held out: the gain is measured on them.
    Nothing is written without --write, and never what gains nothing there.

    \b
    Example:
      search-index tune judged/ --write
    """
    queries = judged_queries(folder)
    parts(queries)  # too few are refused before the long work
    embedder = open_embedder(terminal.settings.model)
    archive = indexed(folder, terminal.settings, embedder, now, progress)
    tuned = _tune(archive.settings, queries, _known(embedder, queries))
    is_written = write and tuned.is_gain
    if is_written:
        write_settings(terminal.settings.home, tuned.chosen)
    answer = {"set": folder.resolve().name, **_tuned_answer(tuned), "is_written": is_written}

    def for_people(console: Console) -> None:
        show_tuned(console, f"{folder.resolve().name}: {len(queries):,} judged queries", tuned)
        _tell_refused(console, archive)

    terminal.answer(answer, for_people)
    return _conclude(terminal.settings, tuned, write) or (SOME_REFUSED if archive.accepted.refused else DONE)


def _evaluate_search(settings: Settings, folder: Path) -> Evaluated:
    queries = judged_queries(folder)
    checked_count(queries)
    embedder, moment = open_embedder(settings.model), now()
    archive = indexed(folder, settings, embedder, now, progress)
    known, engine = _known(embedder, queries), open_engine(archive.settings)
    ids = published_ids(engine, moment)
    ways = search_ways(archive.settings, engine, known, ids, moment)
    with progress("Answering", "queries") as advance:
        return Evaluated(archive, ids, queries, evaluated(queries, ways, SEARCH, advance))


def _evaluate_related(settings: Settings, folder: Path, file: Path, sample: int) -> Evaluated:
    event_of = read_events(file if file.is_file() or not (folder / file).is_file() else folder / file)
    embedder, moment = open_embedder(settings.model), now()
    archive = indexed(folder, settings, embedder, now, progress)
    engine = open_engine(archive.settings)
    ids = published_ids(engine, moment)
    queries = related_queries(event_of, frozenset(ids), sample)
    with progress("Answering", "queries") as advance:
        comparison = evaluated(queries, related_ways(archive.settings, engine, ids, moment), RELATED, advance)
    return Evaluated(archive, ids, queries, comparison)


def _tune(settings: Settings, queries: Sequence[JudgedQuery], embedder: Embedder) -> Tuned:
    engine, filters = open_engine(settings), Filters(now())

    def measure(candidate: Settings, part: Sequence[JudgedQuery]) -> Values:
        return measured(part, searched(searcher_of(candidate, engine, embedder), filters), RANKING)

    with progress("Fitting", "settings") as advance:
        return tune(queries, settings, measure, advance)


def _known(embedder: Embedder, queries: Sequence[JudgedQuery]) -> KnownQueries:
    with working("Embedding the queries"):
        return KnownQueries(embedder, queries)


def _report(terminal: Terminal, folder: Path, kind: str, found: Evaluated) -> int:
    published = frozenset(found.ids)
    right = {id_ for query in found.queries for id_, grade in query.grades.items() if grade}
    settings, absent, name = found.archive.settings, len(right - published), folder.resolve().name
    answer: Json = {"set": name, "kind": kind, "articles": len(found.ids), "queries": len(found.queries)}
    answer |= {"right_but_not_published": absent, "refused": found.archive.accepted.refused}
    answer |= {"model": settings.model, "language": settings.language, "semantic_weight": settings.semantic_weight}
    answer |= {"reference": found.comparison.reference, "confidence": 0.95, "resamples": RESAMPLES, "seed": SEED}
    answer |= {"rows": _rounded(found.comparison.rows), "gains": _rounded(found.comparison.gains)}

    def for_people(console: Console) -> None:
        asked = "articles of events" if kind == "related" else "judged queries"
        title = f"{name}: {len(found.ids):,} articles, {len(found.queries):,} {asked}"
        show_comparison(console, title, found.comparison)
        if absent:
            console.print(f"{absent:,} right answers are not among the articles: nothing can find them.")
        _tell_refused(console, found.archive)

    terminal.answer(answer, for_people)
    return SOME_REFUSED if found.archive.accepted.refused else DONE


def _conclude(settings: Settings, tuned: Tuned, write: bool) -> int:
    """Says on stderr what became of the choice; the status is 3 where it should have been written and was not."""
    if tuned.chosen == tuned.present:
        return _say("the present settings are the best: nothing to write", DONE)
    if not tuned.is_gain:
        return _say(f"{named(tuned.chosen)} gains nothing on the queries held out: not written", NOT_DONE * write)
    if not write:
        return _say(f"--write puts {named(tuned.chosen)} into HOME/settings.toml", DONE)
    in_force = read_settings(settings.home)
    if any(getattr(in_force, name) != value for name, value in tuned.chosen.items()):
        return _say(f"wrote {named(tuned.chosen)}, but the environment goes before the file", DONE)
    return _say(f"wrote {named(tuned.chosen)}", DONE)


def _say(message: str, status: int) -> int:
    click.echo(f"search-index: {message}", err=True)
    return status


def _tell_refused(console: Console, archive: Archive) -> None:
    accepted = archive.accepted
    if accepted.refused:
        console.print(f"\n{accepted.refused:,} records of the corpus were refused, such as:", style="bold red")
        for refusal in accepted.refusals[:10]:
            console.print(f"  {refusal}", markup=False, soft_wrap=True)


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


def _rounded(rows: Mapping[str, ByMeasure]) -> Json:
    return {
        name: {measure: estimate.rounded() for measure, estimate in by_measure.items()}
        for name, by_measure in rows.items()
    }
