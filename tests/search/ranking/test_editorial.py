from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from search.ranking.candidates import Candidates
from search.ranking.editorial import BOOST, BURY, UNSTEERED, Steering, pinned_first, placed, steering, weighed
from search.result import Hit, in_order
from search.signal import Kind, Place, Signal
from tests.builders import NOW, signal

HOUR = timedelta(hours=1)
LETTERS = "abcdefgh"

signals = st.lists(
    st.builds(
        signal,
        kind=st.sampled_from(list(Kind)),
        article=st.sampled_from(LETTERS),
        place=st.sampled_from([Place.SEARCH, Place.ALL]),
    ).flatmap(
        lambda each: st.integers(1, 10).map(
            lambda place: (
                signal(each.kind, each.article, each.place, id=f"s{place}", position=place)
                if each.kind is Kind.PIN
                else each
            )
        )
    ),
    max_size=8,
)
lists = st.lists(st.sampled_from(LETTERS), unique=True).map(lambda ids: ranked("".join(ids)))


def ranked(ids: str) -> list[Hit]:
    """A list by score, of articles of one letter."""
    return [Hit(id_, 1 - place / 100, 0) for place, id_ in enumerate(ids)]


def ids_of(found: Sequence[Hit]) -> str:
    return "".join(hit.id for hit in found)


def steered(signals: list[Signal]) -> Steering:
    return steering(signals, Place.SEARCH, NOW, (), ())


def pinned(found: list[Hit], *pins: Signal) -> str:
    """The ids of a list whose pins are placed."""
    steer = steered(list(pins))
    hits = [Hit(pin.article, 0.0, 0) for pin in steer.pins]
    return ids_of(placed(pinned_first(found, hits), steer.pins))


def test_without_signals_nothing_is_steered() -> None:
    found = ranked("abc")
    assert steered([]) is UNSTEERED
    assert (weighed(Candidates.of(found), {}).hits(), placed(found, ()), pinned_first(found, [])) == (found,) * 3


def test_what_is_over_of_another_place_or_about_something_else_does_nothing() -> None:
    elsewhere = [
        signal(end=NOW),
        signal(start=NOW + HOUR),
        signal(place=Place.HOT),
        signal(query="ferry"),
        signal(section="sport"),
    ]
    assert steering(elsewhere, Place.SEARCH, NOW, {"bridge"}, {"metro"}) == UNSTEERED


def test_boosts_and_buries_are_factors_that_stay_within_bounds_however_many_there_are() -> None:
    many = [signal(kind, id_, id=f"{kind}-{id_}-{n}") for n in range(9) for kind, id_ in PAIRS]
    assert steered(many).factors == {"a": BOOST, "b": BURY, "c": BOOST * BURY}


PAIRS = [(Kind.BOOST, "a"), (Kind.BURY, "b"), (Kind.BOOST, "c"), (Kind.BURY, "c")]


def test_a_factor_multiplies_the_score_and_is_remembered() -> None:
    best = weighed(Candidates.of(ranked("abc")), {"c": BOOST, "a": BURY, "z": BOOST})
    assert [(each.hit, each.factors) for each in best.ranked(best.hits())] == [
        (Hit("c", 0.98 * BOOST, 0), {"editorial": BOOST}),
        (Hit("b", 0.99, 0), {}),
        (Hit("a", 1.0 * BURY, 0), {"editorial": BURY}),
    ]


def test_a_pin_stands_at_its_position_whether_it_matched_or_not() -> None:
    assert pinned(ranked("abcd"), signal(article="c", position=1)) == "cabd"
    assert pinned(ranked("abcd"), signal(article="a", position=3)) == "bcad"
    assert pinned(ranked("abcd"), signal(article="z", position=2)) == "azbcd"
    assert pinned(ranked("ab"), signal(article="z", position=9)) == "abz"
    assert pinned([], signal(article="z", position=9)) == "z"


def test_pins_to_one_position_stand_one_after_the_other() -> None:
    pins = [signal(article=id_, id=f"pin-{n}", position=2) for n, id_ in enumerate("zyx")]
    assert pinned(ranked("abcd"), *pins) == "azyxbcd"
    assert pinned(ranked("abcd"), *pins, signal(article="c", position=3)) == "azyxcbd"


def test_the_highest_of_several_pins_of_one_article_counts() -> None:
    assert pinned(ranked("abcd"), signal(article="d", id="x", position=3), signal(article="d", position=2)) == "adbc"


def test_a_pin_keeps_the_score_that_it_has_by_itself() -> None:
    first, last = pinned_first(ranked("ab"), [Hit("z", 0.0, 7), Hit("b", 0.0, 0)])[:2]
    assert (first, last) == (Hit("z", 0.0, 7), Hit("b", 0.99, 0))


def test_a_list_that_nothing_is_in_is_filled_only_by_pins_that_name_its_query() -> None:
    steer = steering([signal(article="a", query="ferry"), signal(article="b")], Place.SEARCH, NOW, {"ferry"}, ())
    assert steer.pinned(is_answered=False) == {"a"}
    assert steer.pinned(is_answered=True) == {"a", "b"}


@given(signals)
def test_an_exclusion_beats_a_pin(signals: list[Signal]) -> None:
    steer = steered(signals)
    assert steer.excluded == {each.article for each in signals if each.kind is Kind.EXCLUDE}
    assert steer.excluded.isdisjoint(steer.pinned(is_answered=True))


@given(signals, lists)
def test_pins_come_to_stand_in_order_and_the_rest_keeps_its_own(signals: list[Signal], found: list[Hit]) -> None:
    steer = steered(signals)
    hits = [Hit(id_, 0.0, 0) for id_ in sorted(steer.pinned(is_answered=True))]
    result = placed(pinned_first(found, hits), steer.pins)
    pins = [hit.id for hit in result if hit.id in steer.pinned(is_answered=True)]
    assert pins == [pin.article for pin in steer.pins]
    assert [hit for hit in result if hit.id not in pins] == [hit for hit in found if hit.id not in pins]
    for pin in steer.pins:
        place = ids_of(result).index(pin.article) + 1
        assert (
            place >= (pin.position or 0)
            or place == len(result)
            or pins[pins.index(pin.article) :] == list(ids_of(result)[place - 1 :])
        )


@given(signals, lists)
def test_factors_are_bounded_and_the_list_stays_one_of_the_same_articles_by_score(
    signals: list[Signal], found: list[Hit]
) -> None:
    factors = steered(signals).factors
    result = weighed(Candidates.of(found), factors).hits()
    assert sorted(ids_of(result)) == sorted(ids_of(found))
    assert result == sorted(result, key=in_order)
    assert all(BURY <= factor <= BOOST for factor in factors.values())
