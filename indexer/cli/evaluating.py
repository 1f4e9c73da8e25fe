"""The command that measures the site's settings against judgments: evaluate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from indexer.cli.estimates import show_comparison
from indexer.cli.group import DONE, SOME_REFUSED, Terminal, cli, now
from indexer.cli.progress import progress, working
from indexer.evaluating.answering import KnownQueries, published_ids, related_ways, search_ways, searcher_of
from indexer.evaluating.archive import Archive, indexed
from indexer.evaluating.comparing import ByMeasure, Comparison, evaluated
from indexer.evaluating.events import read_events, related_queries
from indexer.evaluating.intervals import RESAMPLES, SEED, checked_count
from indexer.evaluating.judgments import JudgedQuery, judged_queries
from indexer.evaluating.measuring import RELATED, SEARCH
from search.article import ArticleId
from search.embedding.embedder import Embedder
from search.embedding.open import open_embedder
from search.embedding.queries import STATIC, open_static
from search.engines.open import open_engine
from search.errors import Unavailable
from search.present import Json
from search.request import Filters
from search.settings import Settings

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


def _evaluate_search(settings: Settings, folder: Path) -> Evaluated:
    queries = judged_queries(folder)
    checked_count(queries)
    embedder, static, moment = open_embedder(settings), open_static(settings), now()
    if settings.query_encoder == STATIC and not (static and static.space == embedder.identity):
        raise Unavailable("query_encoder is static, and no encoder of this model was learnt: run search-index distill")
    archive = indexed(folder, settings, embedder, now, progress)
    known = embedder if settings.query_encoder == STATIC else embedded(embedder, queries)
    engine = open_engine(archive.settings)
    ids = published_ids(engine, Filters(moment))
    ways = search_ways(searcher_of(archive.settings, engine, known, static), ids, moment)
    with progress("Answering", "queries") as advance:
        return Evaluated(archive, ids, queries, evaluated(queries, ways, SEARCH, advance))


def _evaluate_related(settings: Settings, folder: Path, file: Path, sample: int) -> Evaluated:
    event_of = read_events(file if file.is_file() or not (folder / file).is_file() else folder / file)
    embedder, moment = open_embedder(settings), now()
    archive = indexed(folder, settings, embedder, now, progress)
    engine = open_engine(archive.settings)
    ids = published_ids(engine, Filters(moment))
    queries = related_queries(event_of, frozenset(ids), sample)
    with progress("Answering", "queries") as advance:
        comparison = evaluated(queries, related_ways(archive.settings, engine, ids, moment), RELATED, advance)
    return Evaluated(archive, ids, queries, comparison)


def embedded(embedder: Embedder, queries: Sequence[JudgedQuery]) -> KnownQueries:
    """The embedder, with the queries embedded beforehand."""
    with working("Embedding the queries"):
        return KnownQueries(embedder, queries)


def _report(terminal: Terminal, folder: Path, kind: str, found: Evaluated) -> int:
    published = frozenset(found.ids)
    right = {id_ for query in found.queries for id_, grade in query.grades.items() if grade}
    settings, absent, name = found.archive.settings, len(right - published), folder.resolve().name
    answer: Json = {"set": name, "kind": kind, "articles": len(found.ids), "queries": len(found.queries)}
    answer |= {"right_but_not_published": absent, "refused": found.archive.accepted.refused}
    answer |= {
        "model": settings.model,
        "query_encoder": settings.query_encoder,
        "language": settings.language,
        "semantic_weight": settings.semantic_weight,
    }
    answer |= {"reference": found.comparison.reference, "confidence": 0.95, "resamples": RESAMPLES, "seed": SEED}
    answer |= {"rows": _rounded(found.comparison.rows), "gains": _rounded(found.comparison.gains)}

    def for_people(console: Console) -> None:
        asked = "articles of events" if kind == "related" else "judged queries"
        title = f"{name}: {len(found.ids):,} articles, {len(found.queries):,} {asked}"
        show_comparison(console, title, found.comparison)
        if absent:
            console.print(f"{absent:,} right answers are not among the articles: nothing can find them.")
        tell_refused(console, found.archive)

    terminal.answer(answer, for_people)
    return SOME_REFUSED if found.archive.accepted.refused else DONE


def tell_refused(console: Console, archive: Archive) -> None:
    """Which records of a corpus were refused, the first ten by name."""
    accepted = archive.accepted
    if accepted.refused:
        console.print(f"\n{accepted.refused:,} records of the corpus were refused, such as:", style="bold red")
        for refusal in accepted.refusals[:10]:
            console.print(f"  {refusal}", markup=False, soft_wrap=True)


def _rounded(rows: Mapping[str, ByMeasure]) -> Json:
    return {
        name: {measure: estimate.rounded() for measure, estimate in by_measure.items()}
        for name, by_measure in rows.items()
    }
