from search.text.analysis import Analyzer

ENGLISH = Analyzer("english")


def test_neighbours_are_content_words_with_the_stop_words_between_them() -> None:
    assert ENGLISH.neighbours(["the Bank of England cuts", "rates"]) == ["Bank of England", "England cuts"]


def test_words_far_apart_are_no_neighbours() -> None:
    assert ENGLISH.neighbours(["bridge of the and in harbour"]) == []


def test_of_two_words_of_one_stem_the_first_is_asked_for() -> None:
    assert ENGLISH.content_words(["closing the bridges", "closed bridge closing ferry"]) == [
        "closing",
        "bridges",
        "ferry",
    ]


def test_stop_words_are_asked_for_where_there_is_nothing_else() -> None:
    assert ENGLISH.content_words(["of The"]) == ["of", "The"]


def test_initials_are_asked_for_though_they_are_stop_words() -> None:
    assert ENGLISH.content_words(["IT", "department", "cuts", "at", "it"]) == ["IT", "department", "cuts"]
    assert ENGLISH.content_words(["IT Department Cuts Jobs"]) == ["Department", "Cuts", "Jobs"]
    assert ENGLISH.neighbours(["the IT department"]) == ["IT department"]


def test_names_are_told_once_whatever_text_they_stand_in() -> None:
    assert ENGLISH.names(["Take That tour", "Take That tour dates"]) == ["Take That"]
