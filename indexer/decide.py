"""What an article's arrival means, given what is known of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from search.article import Article, ArticleId, to_json


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger holds of an article; `content_hash` is None for one that was withdrawn."""

    content_hash: bytes | None


@dataclass(frozen=True, slots=True)
class Add:
    """It is new, or restored after it was withdrawn."""

    article: Article


@dataclass(frozen=True, slots=True)
class Update:
    """Readers would see a difference."""

    article: Article


@dataclass(frozen=True, slots=True)
class Withdraw:
    """It must go."""

    id: ArticleId


@dataclass(frozen=True, slots=True)
class Skip:
    """There is nothing to do, and why."""

    why: str


Decision: TypeAlias = Add | Update | Withdraw | Skip


WITHDRAWN = Skip("withdrawn")


def decide(article: Article, known: Known | None, *, restores: bool = False) -> Add | Update | Skip:
    """What to do with an article that a source holds.

    One that was withdrawn stays so, unless whoever sends it means to restore it: a nightly export that still holds an
    article pulled for legal reasons must not bring it back.
    """
    if known is None:
        return Add(article)
    if known.content_hash is None:
        return Add(article) if restores else WITHDRAWN
    if known.content_hash == content_hash(article):
        return Skip("same content")
    return Update(article)


def decide_removal(id_: ArticleId, known: Known | None) -> Withdraw | Skip:
    """What to do when an article is to be withdrawn."""
    if known is None:
        return Skip("never seen")
    if known.content_hash is None:
        return Skip("already withdrawn")
    return Withdraw(id_)


def content_hash(article: Article) -> bytes:
    """16 bytes that differ where anything in the article differs."""
    return hashlib.sha256(to_json(article)).digest()[:16]


def text_hash(article: Article) -> bytes:
    """16 bytes that differ where what the model reads differs."""
    return passages_hash(article.passages)


def passages_hash(passages: Sequence[str]) -> bytes:
    """16 bytes that differ where any of the texts differs."""
    return hashlib.sha256("\0".join(passages).encode()).digest()[:16]
