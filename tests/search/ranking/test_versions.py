import numpy as np

from search.embedding.embedder import Vector, unit
from search.ranking.versions import VERSION_AGE, VERSION_COSINE, are_versions, folded
from search.result import UNKNOWN_TIME, Hit, Ranked

DAY = 86_400_000_000


def lead(*numbers: float) -> Vector:
    vector: Vector = unit(np.array([numbers]))[0]
    return vector


def ranked(id_: str, published: int = 0) -> Ranked:
    return Ranked(Hit(id_, 1.0, published), {})


def test_versions_fold_into_the_first_which_keeps_their_ids() -> None:
    leads = {"a": lead(1, 0), "b": lead(0, 1), "copy": lead(1, 0.01), "reprint": lead(1, 0.02)}
    found = folded([ranked("a"), ranked("b"), ranked("copy", DAY), ranked("reprint")], leads)
    assert [(each.hit.id, list(each.versions)) for each in found] == [("a", ["copy", "reprint"]), ("b", [])]


def test_the_same_words_years_apart_are_two_articles() -> None:
    far = VERSION_AGE.days + 1
    assert not are_versions(Hit("a", 1, 0), Hit("b", 1, far * DAY), cosine=1.0)
    assert not are_versions(Hit("a", 1, 0), Hit("b", 1, UNKNOWN_TIME), cosine=1.0)
    assert are_versions(Hit("a", 1, UNKNOWN_TIME), Hit("b", 1, UNKNOWN_TIME), cosine=1.0)


def test_no_list_has_no_versions() -> None:
    assert folded([], {}) == []


def test_a_version_of_a_version_is_folded_into_the_first() -> None:
    leads = {"a": lead(1, 0), "b": lead(1, 0.5), "c": lead(1, 0.25)}
    assert not are_versions(ranked("a").hit, ranked("b").hit, float(leads["a"] @ leads["b"]))
    kept = folded([ranked("a"), ranked("b"), ranked("c")], leads)
    assert [(each.hit.id, each.versions) for each in kept] == [("a", ("b", "c"))]
