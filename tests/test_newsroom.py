"""The sample newsroom, whole: the real model, the real index, and what a newcomer sees."""

import json
import re
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from indexer.accept import accept
from indexer.evaluating.judgments import judged_queries
from indexer.follow import Follower, Published
from indexer.ledger import Ledger
from indexer.sources.paths import inputs
from search.article import Article
from search.embedding.embedder import Embedder
from search.embedding.open import open_embedder
from search.engines.local.engine import LocalEngine
from search.recommending import Recommender
from search.request import Filters, RelatedRequest, SearchRequest
from search.searching import Searcher
from search.settings import Settings
from search.text.analysis import Analyzer
from tests.builders import NOW

NEWSROOM = Path(__file__).resolve().parent.parent / "data" / "newsroom"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the measuring data is not on this machine")


class Built:
    """A HOME with the articles of some files, indexed with the real model."""

    def __init__(self, home: Path, model: Embedder, *files: Path) -> None:
        self.settings, self.model = Settings(home=home), model
        with Ledger(self.settings.ledger) as ledger:
            self.accepted = accept(inputs(files).items(lambda done: None), ledger)
        self.rebuild()
        engine, analyzer = LocalEngine(self.settings.index), Analyzer("english")
        self.engine = engine
        self.searcher = Searcher(engine, lambda: model, analyzer, self.settings)
        self.recommender = Recommender(engine, analyzer, self.settings)

    def rebuild(self) -> Published:
        with Ledger(self.settings.ledger) as ledger:
            return Follower(self.settings, ledger, self.model, lambda: NOW).rebuild()

    def search(self, text: str) -> list[tuple[str, float]]:
        return [(hit.id, hit.score) for hit in self.searcher.rank(SearchRequest(text, Filters(NOW)))]


@pytest.fixture(scope="module")
def model(compiled_home: Path) -> Embedder:
    return open_embedder(Settings(home=compiled_home))


@pytest.fixture(scope="module")
def newsroom(model: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("newsroom"), model, NEWSROOM / "corpus.jsonl")


def records() -> list[dict[str, object]]:
    return [json.loads(line) for line in (NEWSROOM / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]


def test_it_is_a_newspaper_of_five_weeks_and_many_sections(newsroom: Built) -> None:
    assert newsroom.accepted.refused == 0
    assert newsroom.accepted.added >= 60
    assert len({record["section"] for record in records()}) >= 8
    days = sorted(datetime.fromisoformat(str(record["published"])) for record in records())
    assert 28 <= (days[-1] - days[0]).days <= 35
    assert len(judged_queries(NEWSROOM)) >= 30


def test_no_sentence_stands_in_two_articles_but_those_of_the_wire() -> None:
    sentences = Counter(
        sentence
        for record in records()
        if "-wire-" not in str(record["id"])
        for sentence in set(re.split(r"(?<=[.!?”])\s+", str(record["body"])))
        if len(sentence.split()) >= 8
    )
    assert [sentence for sentence, count in sentences.items() if count > 1] == []


def test_nine_in_ten_judged_queries_find_an_answer_on_their_first_page(newsroom: Built) -> None:
    queries = judged_queries(NEWSROOM)
    answers = {query.id: {id_ for id_, grade in query.grades.items() if grade == 2} for query in queries}
    missed = [
        query.text for query in queries if not answers[query.id] & {i for i, _ in newsroom.search(query.text)[:10]}
    ]
    assert len(missed) <= len(queries) // 10, missed


@pytest.mark.parametrize(
    ("question", "keywords"),
    [
        ("why was the bridge shut", "harbour bridge closes"),
        ("who won the mayoral election and by how much", "mayoral election result"),
        ("why did the last mayor resign", "mayor resigns"),
        ("is it safe to eat mussels from the estuary", "estuary mussels mercury"),
    ],
)
def test_a_question_finds_what_its_keywords_find(newsroom: Built, question: str, keywords: str) -> None:
    assert newsroom.search(question)[0][0] == newsroom.search(keywords)[0][0]


@pytest.mark.parametrize(
    "text", ["asdfgh qwerty", "recipe for quantum lasagne", "Zoltan Varga transfer fee", "kubernetes pod scheduling"]
)
def test_what_the_newsroom_knows_nothing_of_finds_nothing(newsroom: Built, text: str) -> None:
    assert newsroom.search(text) == []


@pytest.mark.parametrize(
    ("paraphrase", "answer"),
    [
        ("bogus crustaceans conman punished", "fake-lobster-court"),
        ("oral immunisation experiment recruiting participants", "norovirus-vaccine-trial"),
    ],
)
def test_a_paraphrase_without_a_shared_word_finds_its_story(newsroom: Built, paraphrase: str, answer: str) -> None:
    article = newsroom.engine.reader().articles([answer])[answer]
    terms = set(Analyzer("english").content_terms([paraphrase]))
    assert not terms & set(Analyzer("english").terms(f"{article.title} {article.text}"))
    assert newsroom.search(paraphrase)[0][0] == answer


def test_the_versions_of_a_wire_story_are_one_hit_and_never_related_to_one_another(newsroom: Built) -> None:
    versions = {str(record["id"]) for record in records() if "-wire-" in str(record["id"])}
    title = newsroom.engine.reader().articles([min(versions)])[min(versions)].title
    result = newsroom.searcher.search(SearchRequest(title, Filters(NOW)))
    best = next(hit for hit in result.hits if hit.article.id in versions)
    assert {best.article.id, *best.ranked.versions} == versions
    related = newsroom.recommender.related(RelatedRequest(best.article.id, Filters(NOW), 10))
    assert not versions & {item.article.id for item in related.items}


def test_the_embargoed_and_the_expired_are_in_no_answer(newsroom: Built) -> None:
    for text in ("sealed letter in the cornerstone of the town hall", "regatta ticket offer", ""):
        assert {"cornerstone-letter-2099", "regatta-ticket-offer"} & {id_ for id_, _ in newsroom.search(text)} == set()


def test_related_articles_of_a_running_story_are_of_that_story(newsroom: Built) -> None:
    items = newsroom.recommender.related(RelatedRequest("herring-girls-stolen", Filters(NOW), 3)).items
    story = {"herring-girls-found", "laundry-van-painting", "who-was-ottilie-vaszkovszky", "kettleborough-in-court"}
    assert {item.article.id for item in items} <= story


def test_without_its_index_a_rebuild_gives_the_same_hits_order_and_scores(newsroom: Built) -> None:
    before = {query.text: newsroom.search(query.text) for query in judged_queries(NEWSROOM)}
    shutil.rmtree(newsroom.settings.index)
    published = newsroom.rebuild()
    assert (published.is_new, published.embedded) == (True, 0)
    assert {query.text: newsroom.search(query.text) for query in judged_queries(NEWSROOM)} == before


@needs_shared_data
def test_a_real_page_is_found_by_its_story_and_not_by_its_boxes(model: Embedder, tmp_path: Path) -> None:
    wikinews, page = SHARED / "wikinews" / "corpus.jsonl.gz", SHARED / "seed_page" / "article.txt"
    built = Built(tmp_path, model, wikinews, page)
    collapse = built.search("apartment block collapse after gas explosion in Magnitogorsk")[0][0]
    story = built.search("North Korean soldiers sent to fight for Russia")[0][0]
    found: dict[str, Article] = dict(built.engine.reader().articles([collapse, story]))
    assert "Magnitogorsk" in found[collapse].title
    assert (found[story].published, found[story].source) == (datetime.fromisoformat("2025-05-13T00:00Z"), "Yonhap News")
    for text in (
        "iPhone 16 Pro price cut China",
        "sofa dirtier than a toilet seat",
        "3.81-carat diamond Arkansas",
        "Disney Abu Dhabi theme park",
    ):
        assert story not in {id_ for id_, _ in built.search(text)}, text
