from collections import Counter
from collections.abc import Sequence
from itertools import islice, repeat

from hypothesis import given
from hypothesis import strategies as st

from search.ranking.interleaving import lots, team_draft
from search.result import Hit, Team

IDS = st.lists(st.sampled_from("abcdefghijkl"), unique=True)


def ranking(ids: Sequence[str], score: float = 1.0) -> list[Hit]:
    return [Hit(id_, score, 0) for id_ in ids]


def drafted(first: str, second: str, *, is_first: bool) -> list[tuple[str, Team]]:
    hits, teams = team_draft(ranking(first), ranking(second), repeat(is_first))
    assert [hit.id for hit in hits] == list(teams)
    return list(teams.items())


def test_the_captains_pick_in_turn_the_best_that_is_not_there_yet() -> None:
    assert drafted("wxyz", "ywzx", is_first=True) == [("w", "a"), ("y", "b"), ("x", "a"), ("z", "b")]
    assert drafted("wxyz", "ywzx", is_first=False) == [("y", "b"), ("w", "a"), ("z", "b"), ("x", "a")]


def test_where_a_ranking_has_no_more_the_other_goes_on() -> None:
    assert drafted("w", "xyz", is_first=True) == [("w", "a"), ("x", "b"), ("y", "b"), ("z", "b")]
    assert drafted("", "xy", is_first=True) == [("x", "b"), ("y", "b")]
    assert drafted("", "", is_first=True) == []


def test_each_hit_has_the_score_of_its_own_team() -> None:
    hits, _ = team_draft(ranking("xy", 0.9), ranking("yx", 0.4), repeat(True))
    assert hits == [Hit("x", 0.9, 0), Hit("y", 0.4, 0)]


@given(IDS, IDS, st.text())
def test_every_candidate_is_there_once_and_never_after_one_that_both_rank_lower(
    first: list[str], second: list[str], seed: str
) -> None:
    mixed = [hit.id for hit in team_draft(ranking(first), ranking(second), lots(seed))[0]]
    assert sorted(mixed) == sorted({*first, *second})
    places = {id_: place for place, id_ in enumerate(mixed)}
    both = [id_ for id_ in first if id_ in second]
    for better in both:
        for worse in both:
            if first.index(better) < first.index(worse) and second.index(better) < second.index(worse):
                assert places[better] < places[worse]


@given(st.permutations("abcdefghij"), st.permutations("abcdefghij"), st.text())
def test_of_the_same_candidates_neither_team_is_ever_ahead_by_two(
    first: list[str], second: list[str], seed: str
) -> None:
    _, teams = team_draft(ranking(first), ranking(second), lots(seed))
    for end in range(len(teams) + 1):
        sizes = Counter(list(teams.values())[:end])
        assert abs(sizes["a"] - sizes["b"]) <= 1


@given(IDS, st.text())
def test_a_ranking_with_itself_is_itself(ids: list[str], seed: str) -> None:
    assert [hit.id for hit in team_draft(ranking(ids), ranking(ids), lots(seed))[0]] == ids


def test_lots_are_fair_and_the_same_for_a_seed() -> None:
    tosses = list(islice(lots("storm"), 10_000))
    assert tosses == list(islice(lots("storm"), 10_000))
    assert tosses != list(islice(lots("storm\n2026-05-11"), 10_000))
    assert 4_800 < sum(tosses) < 5_200
