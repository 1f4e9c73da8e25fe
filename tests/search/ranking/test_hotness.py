from search.ranking.candidates import Candidates
from search.ranking.hotness import MIX, Readership, Traffic, is_rising, mixed, swell
from search.result import Hit


def test_a_few_readers_or_a_little_more_than_usual_do_not_rise() -> None:
    assert [is_rising(recent, 0.0) for recent in (9, 10)] == [False, True]
    assert [is_rising(recent, 20.0) for recent in (39, 40)] == [False, True]
    assert [is_rising(recent, 4.0) for recent in (12, 13)] == [False, True]


def test_a_site_that_is_read_more_swells_and_one_that_is_read_less_does_not_shrink() -> None:
    week = Readership({}, recent_hours=2.0, past_hours=100.0)
    assert [swell(40, 1_000, week), swell(10, 1_000, week), swell(40, 0, week)] == [2.0, 1.0, 1.0]


def test_traffic_adds_up() -> None:
    assert Traffic(3, 1.5, 1) + Traffic(2, 0.5, 0) == Traffic(5, 2.0, 1)


def test_a_section_steps_back_behind_the_others_with_each_of_its_articles() -> None:
    candidates = Candidates.of(Hit(id_, score, 0) for id_, score in (("a", 1.0), ("b", 0.9), ("c", 0.8), ("d", 0.6)))
    best = mixed(candidates, {"a": "news", "b": "news", "c": "news", "d": "sport"})
    assert [(each.hit.id, each.factors["mix"]) for each in best.ranked(best.hits())] == [
        ("a", 1.0),
        ("b", MIX),
        ("d", 1.0),
        ("c", MIX**2),
    ]
