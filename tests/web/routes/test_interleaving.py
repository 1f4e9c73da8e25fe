from datetime import timedelta
from pathlib import Path

import pytest

from search.article import Article
from tests.builders import utc
from tests.web.newsroom import NOON, Newsroom, bearer

TIDES = [
    Article(
        f"tide-{n:02}",
        "Tide table" + " tide" * (n % 3),
        " ".join(f"quay{n * k % 17}" for k in range(1, 6)),
        published=utc(2026, 4, 1 + n // 2),
    )
    for n in range(1, 41)
]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"), TIDES, interleave={"semantic_weight": 1.0, "half_life_days": 1.0})


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"), TIDES)


QUERY = {"q": "tide table quay3", "size": 40}


def test_every_hit_is_of_one_of_two_teams_and_the_hits_are_those_of_one_ranking(
    newsroom: Newsroom, alone: Newsroom
) -> None:
    mixed, plain = (each.json("/api/search", **QUERY) for each in (newsroom, alone))
    ids = [hit["id"] for hit in mixed["hits"]]
    assert ids != [hit["id"] for hit in plain["hits"]]
    assert sorted(ids) == sorted(hit["id"] for hit in plain["hits"])
    assert mixed["total"] == plain["total"] == len(ids)
    teams = [hit["team"] for hit in mixed["hits"]]
    assert abs(teams.count("a") - teams.count("b")) <= 1
    assert all("team" not in hit for hit in plain["hits"])


def test_each_score_is_explained_by_the_ranking_of_its_team(newsroom: Newsroom) -> None:
    for hit in newsroom.json("/api/search", **QUERY, explain=1)["hits"]:
        legs = [part for part in hit["explain"].values() if isinstance(part, dict)]
        assert sum(part["weight"] * part["normalised"] for part in legs) * hit["explain"]["freshness"] == pytest.approx(
            hit["score"], abs=3e-6
        )
        assert hit["explain"]["semantic"]["weight"] == (0.5 if hit["team"] == "a" else 1.0)


def test_pages_continue_each_other_all_day_and_the_next_day_has_another_draft(newsroom: Newsroom) -> None:
    whole = newsroom.found(**QUERY)
    newsroom.now = NOON + timedelta(hours=11)
    assert [id_ for page in range(1, 5) for id_ in newsroom.found(q=QUERY["q"], size=10, page=page)] == whole
    drafts = set()
    for days in range(1, 8):
        newsroom.now = NOON + timedelta(days=days)
        drafts.add(tuple(newsroom.found(**QUERY)))
    newsroom.now = NOON
    assert len(drafts) > 1
    assert newsroom.found(**QUERY) == whole


def test_by_date_one_order_answers_alone(newsroom: Newsroom, alone: Newsroom) -> None:
    query = {"q": "tide", "sort": "newest", "size": 40}
    assert newsroom.found(**query) == alone.found(**query)
    assert all("team" not in hit for hit in newsroom.json("/api/search", **query)["hits"])


def test_what_the_newsroom_pins_is_of_no_team(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, TIDES, interleave={"semantic_weight": 1.0})
    pin = {"kind": "pin", "article": "tide-07", "place": "search"}
    assert newsroom.client.put("/api/signals/pin", json=pin, headers=bearer("secret")).status_code == 200
    hits = newsroom.json("/api/search", **QUERY)["hits"]
    assert (hits[0]["id"], "team" in hits[0]) == ("tide-07", False)
    assert all("team" in hit for hit in hits[1:])
    assert len(hits) == len({hit["id"] for hit in hits}) == 40
