from hypothesis import given
from hypothesis import strategies as st

from search.ranking.fusion import fuse
from search.result import Hit, Part, in_order

scores = st.floats(-5, 5, allow_nan=False)
legs = st.lists(st.builds(Hit, st.sampled_from("abcdefgh"), scores, st.integers(0, 3)), unique_by=lambda h: h.id).map(
    lambda hits: sorted(hits, key=in_order)
)


def test_a_sum_worked_out_by_hand() -> None:
    lexical = [Hit("a", 9.0, 0), Hit("b", 5.0, 0), Hit("c", 1.0, 0)]
    semantic = [Hit("b", 0.8, 0), Hit("d", 0.4, 0)]
    fused = fuse({"lexical": lexical, "semantic": semantic}, {"lexical": 0.25, "semantic": 0.75})
    assert [(each.hit.id, each.hit.score) for each in fused] == [("b", 0.875), ("a", 0.25), ("c", 0.0), ("d", 0.0)]
    assert fused[0].parts == {"lexical": Part(2, 5.0, 0.5, 0.25), "semantic": Part(1, 0.8, 1.0, 0.75)}


def test_equal_scores_are_all_the_best_and_fall_to_the_newest_then_the_id() -> None:
    fused = fuse({"lexical": [Hit("c", 2.0, 9), Hit("a", 2.0, 1), Hit("b", 2.0, 1)]}, {"lexical": 1.0})
    assert [(each.hit.id, each.hit.score) for each in fused] == [("c", 1.0), ("a", 1.0), ("b", 1.0)]


@given(lexical=legs, semantic=legs, weight=st.floats(0, 1))
def test_every_candidate_is_there_once_and_its_parts_add_up_to_its_score(
    lexical: list[Hit], semantic: list[Hit], weight: float
) -> None:
    fused = fuse({"lexical": lexical, "semantic": semantic}, {"lexical": 1 - weight, "semantic": weight})
    assert sorted(each.hit.id for each in fused) == sorted({hit.id for hit in (*lexical, *semantic)})
    assert fused == sorted(fused, key=lambda each: in_order(each.hit))
    for each in fused:
        assert each.hit.score == sum(part.weight * part.normalised for part in each.parts.values())
        assert 0 <= each.hit.score <= 1 + 1e-9
