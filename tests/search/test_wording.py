from search.engines.engine import Question
from search.request import Filters
from search.text.analysis import Analyzer
from search.text.query_syntax import parse_query
from search.text.synonyms import Synonyms, parse_synonyms
from search.wording import Wording, every_word, worded
from tests.builders import NOW

ENGLISH = Analyzer("english")
SYNONYMS = Synonyms(parse_synonyms("MP, member of parliament\nco-op, cooperative\nco => company", "s"), ENGLISH)


def wording(text: str) -> Wording:
    return worded(parse_query(text), ENGLISH, SYNONYMS)


def test_synonyms_weigh_less_than_the_word_they_stand_for() -> None:
    asked = wording("MP expenses")
    assert asked.beside == Question({}, {}, [{"member of parliament": 0.35}])
    assert asked.question({"MP": 0.5, "expenses": 0.5, "fraud": 0.2}) == Question(
        {"MP": 0.5, "expenses": 0.5, "fraud": 0.2}, {"MP expenses": 0.1}, [{"member of parliament": 0.175}]
    )


def test_no_name_counts_for_more_because_it_is_long() -> None:
    assert wording("member of parliament").beside == Question({}, {}, [{"MP": 1.4}])


def test_what_stands_for_several_words_stands_for_each_of_them() -> None:
    assert wording("member of parliament").instead == {"member": ["MP"], "of": ["MP"], "parliament": ["MP"]}


def test_what_is_quoted_or_excluded_has_no_synonyms() -> None:
    assert wording('"MP" -MP expenses').alternatives == []


def filters(text: str) -> Filters:
    query = parse_query(text)
    return every_word(query, Filters(NOW), worded(query, ENGLISH, SYNONYMS), ENGLISH)


def test_by_date_a_synonym_will_do_in_the_place_of_a_word() -> None:
    assert filters('the MP "on trial" resigns') == Filters(
        NOW, phrases=("on trial", "resigns"), any_of=[("MP", "member of parliament")]
    )
    assert filters("member of parliament") == Filters(NOW, any_of=[("member", "MP"), ("parliament", "MP")])


def test_of_a_word_of_two_parts_a_synonym_must_stand_for_both() -> None:
    assert filters("co-op shop").any_of == [("co-op", "cooperative")]
    assert filters("co-pilot") == Filters(NOW, phrases=("co-pilot",), any_of=[])


def test_a_name_of_stop_words_weighs_more_than_neighbours_and_finds_candidates() -> None:
    asked = wording("tickets for Take That today")
    assert asked.beside == Question({}, {"Take That": 0.5}, [])
    assert asked.question({}).phrases == {"tickets for Take": 0.1, "Take That today": 0.1, "Take That": 0.5}
