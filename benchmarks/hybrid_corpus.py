"""What hybrid search is measured on, written once: articles of HOME's ledger with the vectors it keeps of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw
import numpy as np

from search.article import from_json
from search.embedding.open import open_embedder
from search.request import LONGEST_QUERY
from search.settings import Settings

SEED = 0
EMBEDDED = """
SELECT a.article, e.vector FROM articles a JOIN embeddings e ON e.text_hash = a.text_hash
WHERE a.article IS NOT NULL AND e.passages = 1 AND e.model = ? ORDER BY a.sequence LIMIT ?
"""


def written(settings: Settings, folder: Path, rows: int, queries: int) -> Path:
    """The folder, with so many articles of one passage, and headlines of others as queries, embedded by HOME's model.

    The ledger is only read. Raises Unavailable where HOME's model cannot be had, ValueError where it has too few.
    """
    if folder.exists():
        return folder
    model = open_embedder(settings)
    ledger = apsw.Connection(str(settings.ledger), flags=apsw.SQLITE_OPEN_READONLY)
    found: list[Any] = ledger.execute(EMBEDDED, (model.identity, rows + queries)).fetchall()
    if len(found) < rows + queries:
        raise ValueError(
            f"{settings.home} holds {len(found):,} embedded articles of one passage, wanted: {rows + queries:,}"
        )
    order = np.random.default_rng(SEED).permutation(len(found))
    kept = [found[at] for at in np.sort(order[queries:])]
    headlines = [from_json(found[at][0]).title[:LONGEST_QUERY] for at in order[:queries]]
    building = folder.with_name(f"{folder.name}.building")
    building.mkdir(parents=True, exist_ok=True)
    articles = [from_json(data) for data, _ in kept]
    _write(building / "articles.json", [bytes(data).decode() if isinstance(data, bytes) else data for data, _ in kept])
    _write(building / "texts.json", [f"{article.title}\n{article.text}" for article in articles])
    _write(building / "queries.json", headlines)
    np.save(building / "vectors.npy", np.stack([np.frombuffer(vector, dtype="<f4") for _, vector in kept]))
    np.save(building / "query_vectors.npy", np.concatenate([model.embed([headline]) for headline in headlines]))
    building.rename(folder)
    return folder


def _write(file: Path, texts: Sequence[str]) -> None:
    file.write_text(json.dumps(texts), encoding="utf-8")
