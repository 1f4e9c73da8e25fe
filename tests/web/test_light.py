"""What the service process loads: with the compiled encoder, no torch and nothing that brings it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from indexer.decide import Add
from indexer.follow import Follower
from indexer.ledger import Ledger
from search.embedding.open import open_embedder
from search.settings import Settings
from tests.builders import NOW, article

ROOT = Path(__file__).resolve().parents[2]
SERVE = """
import json, os, sys, time
from web.worker import application
client = application().test_client()
deadline = time.monotonic() + 60
answer = client.get("/api/search?q=storm").get_json()
while answer["degraded"] and time.monotonic() < deadline:
    time.sleep(0.05)
    answer = client.get("/api/search?q=storm").get_json()
names = {name.split(".")[0] for name in sys.modules}
hits = [hit["id"] for hit in answer["hits"]]
print(json.dumps([hits, answer["degraded"], sorted(names & {"torch", "transformers", "sentence_transformers"})]))
sys.stdout.flush()
os._exit(0)
"""


def test_the_service_answers_by_meaning_without_torch(compiled_home: Path, tmp_path: Path) -> None:
    shutil.copytree(compiled_home / "models", tmp_path / "models")
    settings = Settings(home=tmp_path)
    with Ledger(settings.ledger) as ledger:
        ledger.record([Add(article("storm", body="Waves broke over the quay."))])
        Follower(settings, ledger, open_embedder(settings), lambda: NOW).rebuild()
    done = subprocess.run(
        [sys.executable, "-c", SERVE],
        cwd=ROOT,
        env={**os.environ, "SEARCH_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["storm"], [], []]
