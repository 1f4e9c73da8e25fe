import json
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from search.embedding.static import read_static
from tests.builders import record
from tests.indexer.cli.told import Told, written

WORDS = "storm harbour bridge ferry crack tide council vote budget marathon".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one layer and ten words that has learnt nothing."""
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("model")
    pieces = Tokenizer(WordPiece({word: at for at, word in enumerate([*SPECIAL, *WORDS])}, unk_token="[UNK]"))
    pieces.normalizer, pieces.pre_tokenizer = Lowercase(), Whitespace()
    names = dict(zip(("pad", "unk", "cls", "sep", "mask"), SPECIAL, strict=True))
    tokens = {f"{name}_token": token for name, token in names.items()}
    whole = PreTrainedTokenizerFast(tokenizer_object=pieces, model_max_length=64, **tokens)
    whole.save_pretrained(folder)
    shape = BertConfig(vocab_size=15, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertModel(shape).save_pretrained(folder)
    return folder


def corpus(folder: Path) -> str:
    pairs = [(one, two) for one in WORDS for two in WORDS if one != two]
    return written(folder, *(record(id=f"{a}-{b}", title=f"The {a} {b}", body=f"A {b} and a {a}.") for a, b in pairs))


def test_distill_learns_from_the_archive_and_tells_what(
    tmp_path: Path, home: Path, model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCH_MODEL", str(model))
    assert Told(capsys, "--json", "rebuild", "--from", corpus(tmp_path)).json.get("distilled") is None  # too few
    judged = tmp_path / "judged"
    judged.mkdir()
    (judged / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "The storm, harbour!"}))
    (judged / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\tstorm-harbour\t1\n")
    told = Told(capsys, "--json", "distill", "--without", str(judged)).json
    own = read_static(home / "query_encoder")
    assert (told["identity"], told["model"], told["articles"]) == (own.identity, own.space, 90)
    assert (told["held_out_texts"], told["held_out_cosine"]) == (
        own.header.held_out_texts,
        own.header.held_out_cosine,
    )
    assert told["texts"] == 3 * (89 - told["held_out_texts"])  # a headline, a sentence and a passage each
    lines = Told(capsys, "distill").out.splitlines()
    assert [line.split()[0] for line in lines] == ["learnt", "loss", "held", "encoder"]
    assert "0 embedded anew" not in lines[0]  # the article that was left out before


def test_a_model_without_word_pieces_teaches_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "distill")
    assert (told.status, told.out) == (3, "")
    assert "model 'hashing' has no tokenizer.json to learn word pieces from" in told.err
