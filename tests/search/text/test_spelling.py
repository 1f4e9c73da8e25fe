import pytest

from search.text.spelling import ENOUGH, Candidate, Dictionary, likeliest

HARBOUR = {
    "harbour": 40,
    "harbours": 3,
    "bridge": 30,
    "bride": 2,
    "government": 900,
    "north": 50,
    "norway": 9,
    "1999": 4,
}


def first(typed: str) -> str | None:
    return next((candidate.word for candidate in Dictionary(HARBOUR).candidates(typed)), None)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("harbuor", "harbour"),
        ("brigde", "bridge"),
        ("brridge", "bridge"),
        ("brdge", "bridge"),
        ("rbidge", "bridge"),
        ("goverment", "government"),
        ("govenrmant", "government"),
        ("noth", "north"),
    ],
)
def test_a_misspelt_word_is_near_the_one_that_was_meant(typed: str, word: str) -> None:
    assert first(typed) == word


@pytest.mark.parametrize("typed", ["fridge", "bridgegee", "nroht", "narbonne", "1998"])
def test_a_word_is_not_near_by_its_end_alone_nor_by_two_edits_where_it_is_short(typed: str) -> None:
    assert first(typed) is None


def test_of_words_equally_near_the_commoner_comes_first() -> None:
    assert [c.word for c in Dictionary({"mover": 1, "moved": 90}).candidates("movex")] == ["moved", "mover"]


def test_a_slip_of_the_hand_weighs_more_than_another_letter() -> None:
    assert [c.word for c in Dictionary({"unity": 5, "units": 5}).candidates("uniyt")] == ["unity"]
    assert [c.word for c in Dictionary({"recipe": 5, "receipt": 5}).candidates("recipt")] == ["receipt", "recipe"]


def test_what_goes_with_the_rest_of_the_query_wins_over_what_is_commoner() -> None:
    fewer, more = Candidate("counter", ENOUGH - 4, True), Candidate("center", ENOUGH - 2, True)
    assert likeliest([more, fewer], [0.1, 0.9]) == "counter"
    assert likeliest([more, fewer], [None, None]) == "center"


def test_too_little_evidence_corrects_nothing() -> None:
    assert likeliest([Candidate("chief", ENOUGH - 5, True)], [0.8]) is None
    assert likeliest([Candidate("chief", ENOUGH - 5, True)], [0.9]) == "chief"
    assert likeliest([], []) is None
