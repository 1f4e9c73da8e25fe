"""A small judged folder: ten subjects, each with two articles and some queries."""

import json
from pathlib import Path

SUBJECTS = "harbour ferry marathon tulip orchestra bakery glacier railway museum falcon".split()
NUMBERS = ("one", "two", "three", "four")


def judged_folder(folder: Path) -> Path:
    """Forty queries over twenty articles; lexical, semantic and hybrid all find most, the baselines little."""
    folder.mkdir(parents=True, exist_ok=True)
    articles = [
        {"_id": f"{subject}-{part}", "title": f"The {subject} {part}", "text": f"News of the {subject}."}
        for subject in SUBJECTS
        for part in ("morning", "evening")
    ]
    queries = [{"_id": f"{s}-{n}", "text": f"the {s} {n}th"} for s in SUBJECTS for n in NUMBERS]
    write_jsonl(folder / "corpus.jsonl", articles)
    write_jsonl(folder / "queries.jsonl", queries)
    grades = [(query["_id"], f"{query['_id'].split('-')[0]}-{part}") for query in queries for part in ("morning",)]
    (folder / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\n" + "".join(f"{query}\t{article}\t1\n" for query, article in grades)
    )
    events = [f"{article['_id']}\t{article['_id'].split('-')[0]}\n" for article in articles]
    (folder / "events.tsv").write_text("doc-id\tevent\n" + "".join(events))
    return folder


def write_jsonl(file: Path, records: list[dict[str, str]]) -> None:
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
