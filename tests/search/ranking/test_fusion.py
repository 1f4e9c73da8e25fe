from hypothesis import given
from hypothesis import strategies as st

from search.ranking.candidates import Candidates
from search.ranking.fusion import CANDIDATES, fuse
from search.result import Hit, Part, in_order

scores = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-5, 5, allow_nan=False))
published = st.fixed_dictionaries({letter: st.integers(0, 3) for letter in "abcdefgh"})


def candidates(*ids: str) -> Candidates:
    return Candidates.of(Hit(id_, 0.0, 0) for id_ in ids)


def test_a_sum_worked_out_by_hand() -> None:
    legs = {"lexical": {"a": 9.0, "b": 5.0, "c": 1.0}, "semantic": {"b": 0.8, "d": 0.4}}
    fused = fuse(candidates(*"abcd"), legs, {"lexical": 0.25, "semantic": 0.75})
    best = fused.ranked(fused.hits())
    assert [(each.hit.id, each.hit.score) for each in best] == [("b", 0.875), ("a", 0.25), ("c", 0.0), ("d", 0.0)]
    assert best[0].parts == {"lexical": Part(2, 5.0, 0.5, 0.25), "semantic": Part(1, 0.8, 1.0, 0.75)}
    assert best[3].parts == {"semantic": Part(2, 0.4, 0.0, 0.75)}


def test_equal_scores_are_all_the_best_and_fall_to_the_newest_then_the_id() -> None:
    tied = Candidates.of([Hit("c", 0.0, 9), Hit("a", 0.0, 1), Hit("b", 0.0, 1)])
    fused = fuse(tied, {"lexical": dict.fromkeys("abc", 2.0)}, {"lexical": 1.0})
    assert [(hit.id, hit.score) for hit in fused.hits()] == [("c", 1.0), ("a", 1.0), ("b", 1.0)]


def test_a_leg_that_scores_nothing_adds_nothing() -> None:
    fused = fuse(candidates("a"), {"lexical": {}, "semantic": {"a": 0.5}}, {"lexical": 0.5, "semantic": 0.5})
    assert fused.hits() == [Hit("a", 0.5, 0)]


def test_only_the_best_two_hundred_of_a_leg_count() -> None:
    ids = [f"{number:03d}" for number in range(CANDIDATES + 2)]
    fused = fuse(candidates(*ids), {"lexical": {id_: -float(id_) for id_ in ids}}, {"lexical": 1.0})
    assert [hit.id for hit in fused.hits()] == ids[:CANDIDATES]


@given(lexical=scores, semantic=scores, times=published, weight=st.floats(0, 1))
def test_every_candidate_is_there_once_and_its_parts_add_up_to_its_score(
    lexical: dict[str, float], semantic: dict[str, float], times: dict[str, int], weight: float
) -> None:
    pool = Candidates.of(Hit(id_, 0.0, times[id_]) for id_ in lexical | semantic)
    fused = fuse(pool, {"lexical": lexical, "semantic": semantic}, {"lexical": 1 - weight, "semantic": weight})
    best = fused.ranked(fused.hits())
    assert sorted(each.hit.id for each in best) == sorted(lexical | semantic)
    assert best == sorted(best, key=lambda each: in_order(each.hit))
    for name, scored in (("lexical", lexical), ("semantic", semantic)):
        by_rank = sorted((each for each in best if name in each.parts), key=lambda each: each.parts[name].rank)
        assert [each.parts[name].rank for each in by_rank] == list(range(1, len(scored) + 1))
        assert [each.hit.id for each in by_rank] == sorted(scored, key=lambda id_: (-scored[id_], -times[id_], id_))
    for each in best:
        assert each.hit.score == sum(part.weight * part.normalised for part in each.parts.values())
        assert 0 <= each.hit.score <= 1 + 1e-9
