import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from indexer.accept import BATCH, Accepted, accept, withdraw
from indexer.decide import Skip, Withdraw
from indexer.item import Item, Refusal
from indexer.ledger import Ledger
from indexer.sources.jsonl import read_jsonl
from search.article import ArticleId
from tests.builders import article, record


def items(*records: dict[str, object]) -> list[Item]:
    return [Item(each, "a.jsonl", line) for line, each in enumerate(records, start=1)]


def ids(ledger: Ledger) -> list[ArticleId]:
    return [change.id for change in ledger.changes(0, 10_000, "any")]


def bodies(ledger: Ledger) -> dict[ArticleId, str]:
    changes = ledger.changes(0, 10_000, "any")
    return {change.id: change.article.body for change in changes if change.article}


def test_good_articles_are_kept_and_bad_ones_told_by_line_field_and_value(ledger: Ledger) -> None:
    unread = Refusal("a.jsonl", 5, "line", "'x'", "JSON")
    told = accept(
        [
            *items(record(id="a"), record(id="b", access="gold"), {"title": "No id"}, record(id="d", url="/d")),
            unread,
            Item(record(id="e"), "a.jsonl", 6),
        ],
        ledger,
    )
    refusals = [
        Refusal("a.jsonl", 2, "access", "'gold'", "free or subscriber"),
        Refusal("a.jsonl", 3, "id", "None", "a string of 1 to 128 printable characters"),
        Refusal("a.jsonl", 4, "url", "'/d'", "an http or https address"),
        unread,
    ]
    assert told == Accepted(added=2, refused=4, refusals=refusals, sequence=2)
    assert ids(ledger) == ["a", "e"]
    assert str(refusals[0]) == "a.jsonl:2: access is 'gold', allowed: free or subscriber"


def test_what_is_new_changed_and_unchanged_is_counted(ledger: Ledger) -> None:
    accept(items(record(id="a"), record(id="b")), ledger)
    told = accept(items(record(id="a"), record(id="b", body="Waves."), record(id="c")), ledger)
    assert told == Accepted(added=1, updated=1, unchanged=1, sequence=4)


def test_the_same_file_again_changes_nothing(ledger: Ledger) -> None:
    file = items(*(record(id=f"a{number}", body="<p>Waves &amp; rain</p>") for number in range(20)))
    accept(file, ledger)
    assert accept(file, ledger) == Accepted(unchanged=20, sequence=20)


def test_of_one_id_in_a_batch_the_last_counts(ledger: Ledger) -> None:
    told = accept(items(record(body="One."), record(body="Two."), record(body="Two."), record(body="Three.")), ledger)
    assert told == Accepted(added=1, updated=2, unchanged=1, sequence=3)
    assert ledger.article("storm") == article(body="Three.")


def test_a_batch_that_ends_where_the_ledger_began_leaves_it_so(ledger: Ledger) -> None:
    accept(items(record(body="One.")), ledger)
    accept(items(record(body="Two."), record(body="One.")), ledger)
    assert ledger.article("storm") == article(body="One.")


def test_an_edit_that_is_refused_leaves_the_article_as_it_was(ledger: Ledger) -> None:
    accept(items(record(body="One."), record(body="Two.", access="gold")), ledger)
    assert ledger.article("storm") == article(body="One.")


def test_nothing_to_accept_is_no_change(ledger: Ledger) -> None:
    accept(items(record()), ledger)
    assert accept([], ledger) == Accepted(sequence=1)


def test_streams_longer_than_a_batch_are_taken_whole_and_in_order(ledger: Ledger) -> None:
    count = 2 * BATCH + 1
    told = accept(items(*(record(id=f"a{number}") for number in range(count))), ledger)
    assert told == Accepted(added=count, sequence=count)
    assert ids(ledger) == [f"a{number}" for number in range(count)]


def test_refusals_are_told_one_by_one_up_to_a_hundred_and_counted_beyond(ledger: Ledger) -> None:
    told = accept(items(*(record(access=number) for number in range(150))), ledger)
    assert (told.refused, [refusal.line for refusal in told.refusals]) == (150, list(range(1, 101)))


def test_batches_before_a_source_that_fails_are_kept(ledger: Ledger) -> None:
    def failing() -> Iterator[Item]:
        yield from items(*(record(id=f"a{number}") for number in range(BATCH + 3)))
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="went away"):
        accept(failing(), ledger)
    assert ledger.count() == BATCH


def test_an_article_that_was_withdrawn_comes_back_only_when_it_is_meant_to(ledger: Ledger) -> None:
    accept(items(record()), ledger)
    withdraw(["storm"], ledger)
    assert accept(items(record(), record(id="b"), record()), ledger) == Accepted(added=1, withdrawn=2, sequence=3)
    assert ledger.article("storm") is None
    assert accept(items(record(), record()), ledger, restores=True) == Accepted(added=1, unchanged=1, sequence=4)
    assert ledger.article("storm") == article()


def test_what_is_withdrawn_is_told_id_by_id(ledger: Ledger) -> None:
    accept(items(record(id="a"), record(id="b")), ledger)
    withdraw(["b"], ledger)
    told = [Withdraw("a"), Skip("already withdrawn"), Skip("never seen")]
    assert withdraw(["a", "b", "c"], ledger) == (told, 4)
    assert (ledger.count(), ledger.sequence()) == (0, 4)


@pytest.mark.parametrize("depth", [900, 950, 960, 970, 980, 990, 1_000, 5_000])
def test_values_nested_as_deep_as_python_reads_them_are_refused_and_never_a_crash(ledger: Ledger, depth: int) -> None:
    nested = "[" * depth + "]" * depth
    data = f'{{"id": "a", "title": {nested}}}\n{{"id": "b", "title": "Storm", "else": {nested}}}\n{nested}\n'
    told = accept(read_jsonl(io.BytesIO(data.encode()), "a.jsonl"), ledger)
    assert told.refused + told.added == 3
    assert set(ids(ledger)) <= {"b"}


HOSTILE = [
    "<html></html>",
    "<html><head></head></html>",
    "<!-- x -->",
    "\ud800",
    "&#xD800;",
    "<p" * 1_000,
    "<b>" * 5_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_keeps_the_articles_around_it_out(ledger: Ledger, text: str) -> None:
    told = accept(items(record(id="a"), record(id="b", body=text, tags=[text[:200]]), record(id="c")), ledger)
    assert told == Accepted(added=3, sequence=3)
    assert ids(ledger) == ["a", "b", "c"]


SITE = "gannet.example"
PLEA = (
    "You can have all of our stories in your inbox every morning if you only tell us where that inbox is to be found."
)


def prose(id_: ArticleId) -> str:
    return f"Story {id_} begins with one long paragraph that no other page of the whole site has ever had in it before."


def page(id_: ArticleId, blocks: Sequence[str], site: str | None = SITE, **fields: Any) -> Item:
    told = record(id=id_, title=f"Story {id_}", body="\n\n".join(blocks), **fields)
    return Item(told, f"{id_}.html", 1, site, tuple(blocks))


def story(id_: ArticleId, *more: str) -> Item:
    return page(id_, [prose(id_), f"More of {id_}.", *more])


def clean_body(id_: ArticleId) -> str:
    return f"{prose(id_)}\n\nMore of {id_}."


def test_a_paragraph_of_two_pages_stays(ledger: Ledger) -> None:
    accept([story("a", PLEA), story("b", PLEA)], ledger)
    assert bodies(ledger) == {id_: f"{clean_body(id_)}\n\n{PLEA}" for id_ in "ab"}


def test_a_paragraph_of_three_pages_goes_from_all_of_one_batch(ledger: Ledger) -> None:
    told = accept([story(id_, PLEA) for id_ in "abc"], ledger)
    assert told == Accepted(added=3, sequence=3)
    assert bodies(ledger) == {id_: clean_body(id_) for id_ in "abc"}


def test_a_paragraph_that_comes_to_recur_goes_from_pages_accepted_before(ledger: Ledger) -> None:
    accept([story("a", PLEA)], ledger)
    accept([story("b", PLEA)], ledger)
    told = accept([story("c", PLEA)], ledger)
    assert told == Accepted(added=1, updated=2, sequence=5)
    assert bodies(ledger) == {id_: clean_body(id_) for id_ in "abc"}


def test_a_paragraph_known_to_recur_goes_from_the_next_page_at_once(ledger: Ledger) -> None:
    accept([story(id_, PLEA) for id_ in "abc"], ledger)
    assert accept([story("d", PLEA.upper() + " ")], ledger) == Accepted(added=1, sequence=4)
    assert bodies(ledger)["d"] == clean_body("d")


def test_pages_read_again_are_unchanged(ledger: Ledger) -> None:
    pages = [story(id_, PLEA) for id_ in "abcd"]
    for each in pages:
        accept([each], ledger)
    sequence = ledger.sequence()
    assert accept(pages, ledger) == Accepted(unchanged=4, sequence=sequence)


def test_versions_of_a_story_keep_what_they_share(ledger: Ledger) -> None:
    versions = [page(id_, [prose("a"), "The second paragraph.", PLEA]) for id_ in ("a", "a-2", "a-3", "a-4")]
    accept(versions, ledger)
    assert set(bodies(ledger).values()) == {f"{prose('a')}\n\nThe second paragraph.\n\n{PLEA}"}


def test_a_page_of_nothing_but_recurring_paragraphs_keeps_them(ledger: Ledger) -> None:
    accept([story(id_, PLEA, "Imprint") for id_ in "abc"], ledger)
    accept([page("d", ["Imprint", PLEA])], ledger)
    assert bodies(ledger)["d"] == f"Imprint\n\n{PLEA}"


def test_what_recurs_on_one_site_stays_on_another(ledger: Ledger) -> None:
    accept([story(id_, PLEA) for id_ in "abc"], ledger)
    accept([replace(story("d", PLEA), site="other.example")], ledger)
    assert bodies(ledger)["d"] == f"{clean_body('d')}\n\n{PLEA}"


def test_records_that_are_no_pages_are_left_whole(ledger: Ledger) -> None:
    accept([replace(story(id_, PLEA), site=None) for id_ in "abcd"], ledger)
    assert {body.endswith(PLEA) for body in bodies(ledger).values()} == {True}


def test_a_page_that_was_withdrawn_does_not_come_back_when_its_paragraphs_recur(ledger: Ledger) -> None:
    accept([story("a", PLEA), story("b", PLEA)], ledger)
    withdraw(["a"], ledger)
    accept([story("c", PLEA)], ledger)
    assert bodies(ledger) == {id_: clean_body(id_) for id_ in "bc"}


def test_a_page_that_is_refused_is_told_and_the_others_kept(ledger: Ledger) -> None:
    told = accept([story("a"), page("b", ["Text."], access="gold"), story("c")], ledger)
    assert (told.added, told.refused, told.refusals[0].origin) == (2, 1, "b.html")


def test_a_crash_between_a_pages_blocks_and_its_article_keeps_neither(ledger: Ledger) -> None:
    box = "The best of our newsletters, each morning at six."

    def page(name: str) -> Item:
        lead = f"Nobody in {name} had seen so much rain in one night, and nobody had slept through any of it."
        blocks = (lead, box)
        return Item(record(id=name, title=name, body="\n\n".join(blocks)), name, 1, site="a.example", blocks=blocks)

    def crashing() -> Iterator[Item]:
        yield page("Hexley")
        raise KeyboardInterrupt

    accept([page("Marram"), page("Pellwick")], ledger)
    with pytest.raises(KeyboardInterrupt):
        accept(crashing(), ledger)
    accept([page("Ostrey")], ledger)
    bodies = {name: ledger.article(name) for name in ("Marram", "Pellwick", "Ostrey")}
    assert [box in article.body for article in bodies.values() if article] == [False, False, False]


def test_fields_that_no_article_has_are_counted_up_to_twenty(ledger: Ledger) -> None:
    records = [{"id": f"a{n}", "title": "Rain", "sectoin": "News", f"x{n}": n + 1} for n in range(30)]
    accepted = accept([Item(each, "test", 1) for each in records], ledger)
    assert (accepted.added, accepted.ignored) == (30, {"sectoin": 30, **{f"x{n}": 1 for n in range(19)}})
