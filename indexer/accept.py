"""From untrusted items to the ledger: clean, decide, record. From then on the articles are safe."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from indexer.clean.article import LONGEST_NAME, clean_article, unknown_fields
from indexer.clean.boilerplate import block_key, without_recurring
from indexer.decide import WITHDRAWN, Add, Decision, Known, Skip, Update, Withdraw, content_hash, decide, decide_removal
from indexer.item import Item, Refusal
from indexer.ledger import Ledger
from indexer.ledger_blocks import note_blocks, recurring_blocks
from search.article import Article, ArticleId
from search.errors import InvalidValue

BATCH = 500  # records to a durable transaction
MOST_IGNORED = 20  # fields: whose names differ from record to record are no fields
MOST_REFUSALS = 100  # that are told one by one; the rest are counted


@dataclass(slots=True)
class Accepted:
    """What became of a stream of items. `sequence` is the ledger's latest change."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0  # before, and left out
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)  # the first so many
    ignored: dict[str, int] = field(default_factory=dict)  # records by a field that no article has: the first so many
    sequence: int = 0

    def ignore(self, fields: Iterable[str]) -> None:
        """Counts what a record says that no article has."""
        for name in (each[:LONGEST_NAME] for each in fields):
            if name in self.ignored or len(self.ignored) < MOST_IGNORED:
                self.ignored[name] = self.ignored.get(name, 0) + 1

    def note(self, outcome: Decision | Refusal, most_told: int) -> None:
        """Counts one outcome; of what was refused, it tells the first `most_told` one by one."""
        match outcome:
            case Refusal():
                self.refused += 1
                if self.refused <= most_told:
                    self.refusals.append(outcome)
            case Add():
                self.added += 1
            case Update():
                self.updated += 1
            case Skip() if outcome == WITHDRAWN:
                self.withdrawn += 1
            case _:
                self.unchanged += 1


def accept(
    items: Iterable[Item | Refusal], ledger: Ledger, *, restores: bool = False, most_told: int = MOST_REFUSALS
) -> Accepted:
    """Records every good item, in durable batches, and says what was refused and why; good ones never wait for bad.

    Articles that were withdrawn are left out, unless it `restores` them.
    """
    accepted = Accepted(sequence=ledger.sequence())
    stream = iter(items)
    while batch := list(islice(stream, BATCH)):
        with ledger.transaction():  # one, so that a crash cannot part a page from the blocks noted of it
            outcomes = list(_outcomes(batch, ledger, restores))
            accepted.sequence = ledger.record(outcome for outcome in outcomes if isinstance(outcome, Add | Update))
        for outcome in outcomes:
            accepted.note(outcome, most_told)
        for item in batch:
            if isinstance(item, Item):
                accepted.ignore(unknown_fields(item.record))
    return accepted


def withdraw(ids: Iterable[ArticleId], ledger: Ledger) -> tuple[list[Withdraw | Skip], int]:
    """Records that articles must go: from here on no answer may hold them.

    Returns what was decided of each, and the ledger's latest change.
    """
    with ledger.transaction():
        decisions = [decide_removal(id_, ledger.known([id_]).get(id_)) for id_ in ids]
        return decisions, ledger.record(decisions)


def _outcomes(batch: Iterable[Item | Refusal], ledger: Ledger, restores: bool) -> Iterator[Decision | Refusal]:
    seen: dict[ArticleId, Known] = {}  # what earlier records of this batch will have made of the ledger
    for candidate in _cleaned(batch, ledger):
        if isinstance(candidate, Refusal):
            yield candidate
        else:
            known = seen.get(candidate.id) or ledger.known([candidate.id]).get(candidate.id)
            decision = decide(candidate, known, restores=restores)
            if decision != WITHDRAWN:
                seen[candidate.id] = Known(content_hash(candidate))
            yield decision


def _cleaned(batch: Iterable[Item | Refusal], ledger: Ledger) -> Iterator[Article | Refusal]:
    pages: dict[ArticleId, Item] = {}
    for item in batch:
        try:
            article = item if isinstance(item, Refusal) else clean_article(item.record)
        except InvalidValue as error:
            yield Refusal(item.origin, item.line, error.field, error.value, error.allowed)
            continue
        if isinstance(item, Item) and isinstance(article, Article) and item.site is not None:
            pages[article.id] = item
        else:
            yield article
    yield from _pages_without_furniture(pages, ledger)


def _pages_without_furniture(pages: dict[ArticleId, Item], ledger: Ledger) -> Iterator[Article]:
    """The pages' articles without blocks that recur across their site; earlier articles too, where they hold some."""
    outdated: dict[ArticleId, str] = {}
    for id_, page in pages.items():
        site = page.site or ""
        keys = [block_key(block) for block in page.blocks]
        outdated |= dict.fromkeys(note_blocks(ledger, site, id_, keys), site)
    for page in pages.values():
        yield _without_recurring(clean_article(page.record), page.site or "", ledger)
    for id_ in sorted(outdated.keys() - pages.keys()):
        if article := ledger.article(id_):
            yield _without_recurring(article, outdated[id_], ledger)


def _without_recurring(article: Article, site: str, ledger: Ledger) -> Article:
    blocks = article.body.split("\n\n")
    recurring = recurring_blocks(ledger, site, [block_key(block) for block in blocks])
    return replace(article, body="\n\n".join(without_recurring(blocks, recurring)))
