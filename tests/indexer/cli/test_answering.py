import re
from pathlib import Path

import pytest

from search.embedding.hashing import HashingEmbedder
from tests.builders import record
from tests.indexer.cli.told import Told, written
from tests.tables import encoder, kept


@pytest.mark.usefixtures("newsroom")
def test_search_answers_as_the_service_does(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "--json", "search", "quay", "waves", "--mode", "lexical")
    answer = told.json
    score = answer["hits"][0].pop("score")
    assert (told.status, score > 0) == (0, True)
    assert answer == {
        "query": {"text": "quay waves", "corrected": None, "broader": [], "mode": "lexical"},
        "total": 1,
        "page": 1,
        "size": 10,
        "hits": [
            {
                "id": "storm",
                "url": "",
                "title": "Storm closes the harbour",
                "summary": "Waves broke over the quay.",
                "section": "Weather",
                "authors": [],
                "published": "2026-05-10T00:00:00Z",
                "image": "",
                "access": "free",
                "highlights": {
                    "title": "Storm closes the harbour",
                    "body": "<mark>Waves</mark> broke over the <mark>quay</mark>.",
                },
                "versions": [],
            }
        ],
        "generation": "000001",
        "degraded": [],
    }


@pytest.mark.usefixtures("newsroom")
def test_people_see_hits_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "search", "harbour", "--mode", "lexical", "--section", "weather")
    lines = [" ".join(line.split()) for line in told.out.splitlines()]
    assert lines[:2] == ["1 found", "Score Date Section Title Id"]
    assert re.fullmatch(r"[\d.]+ 2026-05-10 Weather Storm closes the harbour storm", lines[2])


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--from", "2026-05-10", "--to", "2026-05-10"], ["storm"]),
        (["--to", "2026-05-09T23:59"], []),
        (["--section", "none", "--section", "Weather", "--access", "free"], ["storm"]),
        (["--tag", "none"], []),
        (["--author", "none"], []),
        (["--source", "none"], []),
        (["--language", "none"], []),
        (["--access", "subscriber"], []),
    ],
)
def test_search_takes_every_filter(capsys: pytest.CaptureFixture[str], options: list[str], found: list[str]) -> None:
    told = Told(capsys, "--json", "search", "waves", "--mode", "lexical", *options)
    assert (told.status, [hit["id"] for hit in told.json["hits"]]) == (0, found)


@pytest.mark.usefixtures("newsroom")
def test_a_filter_that_is_no_time_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "search", "waves", "--mode", "lexical", "--from", "May")
    assert (told.status, told.err.startswith("search-index: from is 'May', allowed: an ISO 8601 time")) == (2, True)


@pytest.mark.usefixtures("newsroom")
def test_search_counts_by_facets_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "search", "waves", "--mode", "lexical", "--facets")
    assert told.out.splitlines()[-2:] == ["Section: Weather 1", "Access: free 1"]


@pytest.mark.usefixtures("newsroom")
def test_markup_in_titles_and_queries_is_shown_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Told(capsys, "add", written(tmp_path, record(id="[/x]", title="[/bold] prices [red] :100:")))
    assert "[/bold] prices [red] :100:" in Told(capsys, "search", "[/prices]", "--mode", "lexical").out
    assert "After [/bold] prices [red] :100::" in Told(capsys, "related", "[/x]").out


@pytest.mark.usefixtures("newsroom")
def test_search_explains_scores_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    found = Told(capsys, "--json", "search", "--explain", "quay").json
    assert set(found["hits"][0]["explain"]) == {"lexical", "semantic", "freshness"}


@pytest.mark.usefixtures("newsroom")
def test_people_see_what_each_leg_gave(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Told(capsys, "search", "--explain", "quay").out.splitlines()
    assert lines[1].split() == ["Score", "lexical", "semantic", "freshness", "Date", "Section", "Title", "Id"]
    assert re.match(r"1\.000 +0\.5 × 1\.000 +0\.5 × 1\.000 +× 1\.000 +2026-05-10 ", lines[2])


@pytest.mark.usefixtures("newsroom")
def test_a_list_by_date_has_no_scores(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Told(capsys, "search", "harbour", "--sort", "newest", "--mode", "lexical").out.splitlines()
    assert lines[1].split() == ["Date", "Section", "Title", "Id"]


@pytest.mark.usefixtures("newsroom")
def test_search_sorts_and_turns_pages(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--json", "search", "harbour", "--sort", "newest", "--mode", "lexical", "--size", "1", "--page"]
    ids = [Told(capsys, *arguments, page).json["hits"][0]["id"] for page in "12"]
    assert ids == ["storm", "ferry"]


@pytest.mark.usefixtures("newsroom")
def test_words_after_a_dash_and_in_quotes_bind(capsys: pytest.CaptureFixture[str]) -> None:
    without = Told(capsys, "--json", "search", "--", "harbour", "-ferry").json
    quoted = Told(capsys, "--json", "search", '"harbour ferry"').json
    assert "ferry" not in [hit["id"] for hit in without["hits"]]
    assert [hit["id"] for hit in quoted["hits"]] == ["ferry"]


@pytest.mark.parametrize("arguments", [["search", "storm"], ["related", "storm"]])
def test_before_the_first_publish_questions_are_status_3(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    told = Told(capsys, "--json", *arguments)
    assert (told.status, told.out) == (3, "")
    assert told.err.endswith("yet: run search-index rebuild\n")


@pytest.mark.usefixtures("newsroom")
def test_related_answers_as_the_service_does(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, "--json", "related", "storm", "--limit", "1")
    answer = told.json
    assert (told.status, answer["article"], [item["id"] for item in answer["items"]]) == (0, "storm", ["ferry"])
    assert answer["items"][0]["reason"]["shared"] == ["harbour"]


@pytest.mark.usefixtures("newsroom")
def test_nothing_is_related_to_an_article_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    Told(capsys, "remove", "ferry")
    for id_ in ("nobody", "ferry"):
        told = Told(capsys, "--json", "related", id_)
        assert (told.status, told.out, told.err) == (3, "", f"search-index: there is no article '{id_}'\n")


@pytest.mark.usefixtures("newsroom")
def test_search_goes_by_the_encoder_that_was_distilled_where_the_setting_says_so(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCH_QUERY_ENCODER", "static")
    by_model = Told(capsys, "--json", "search", "waves", "--mode", "semantic").json
    kept(home / "query_encoder", encoder(("waves", "town"), HashingEmbedder()))
    by_table = Told(capsys, "--json", "search", "waves", "--mode", "semantic").json
    ids = [[hit["id"] for hit in answer["hits"]] for answer in (by_model, by_table)]
    assert (ids[0], by_table["degraded"]) == (ids[1], [])


@pytest.mark.usefixtures("newsroom")
def test_a_misspelt_query_is_corrected_unless_it_is_to_be_taken_as_typed(capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(capsys, "--json", "search", "marathno").json["query"]["corrected"] == "marathon"
    lines = Told(capsys, "search", "marathno", "[/b]").out.splitlines()
    assert lines[0] == "Showing results for marathon [/b]; --as-typed searches marathno [/b]"
    typed = Told(capsys, "search", "marathno", "--as-typed", "--mode", "lexical").out.splitlines()
    assert typed[:2] == ["0 found", "Did you mean marathon?"]


@pytest.mark.usefixtures("newsroom")
def test_search_knows_the_synonyms_of_its_home(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    searching = ("--json", "search", "breakers", "--mode", "lexical")
    assert Told(capsys, *searching).json["total"] == 0
    (home / "synonyms.txt").write_text("breakers => waves\n")
    (hit,) = Told(capsys, *searching).json["hits"]
    assert (hit["id"], hit["highlights"]["body"]) == ("storm", "<mark>Waves</mark> broke over the quay.")


@pytest.mark.usefixtures("newsroom")
def test_a_wrong_line_among_the_synonyms_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "synonyms.txt").write_text("breakers, waves\nbreakers\n")
    told = Told(capsys, "search", "breakers")
    assert (told.status, told.out) == (2, "")
    assert f"{home}/synonyms.txt:2 is 'breakers', allowed: words parted by commas" in " ".join(told.err.split())


@pytest.mark.usefixtures("newsroom")
def test_where_nothing_is_found_broader_searches_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    searching = ("search", "--mode", "lexical", "--", '"waves quay" [/b] -zeppelin')
    lines = Told(capsys, *searching).out.splitlines()
    assert lines == ["0 found", "Try: waves quay [/b] -zeppelin", "Try: waves quay"]
    assert Told(capsys, "--json", *searching).json["query"]["broader"] == [line[5:] for line in lines[1:]]
