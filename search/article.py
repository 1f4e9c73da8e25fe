"""The article: plain text and aware UTC times, as it is after cleaning."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from pydantic import TypeAdapter

from search.errors import InvalidValue
from search.text.passages import passages
from search.text.sentences import opening

ArticleId: TypeAlias = str
Access: TypeAlias = Literal["free", "subscriber"]

LONGEST_ID = 128  # characters
LONGEST_DEK = 240  # characters: three lines of a card


@dataclass(frozen=True, slots=True)
class Article:
    """One article. All text is plain; `published` is None where nobody knows, and such an article ranks as old."""

    id: ArticleId
    title: str
    body: str = ""
    summary: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    section: str = ""
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    source: str = ""
    language: str = ""
    url: str = ""
    image: str = ""
    access: Access = "free"
    embargo_until: datetime | None = None
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        check_id("id", self.id)
        if not (self.title or self.body):
            raise InvalidValue("title", self.title, "some text, or a body where there is no title")
        for name in TIMES:
            time = getattr(self, name)
            if time is not None and time.utcoffset() != timedelta(0):
                raise InvalidValue(name, time, "a time in UTC")

    def is_visible(self, now: datetime) -> bool:
        """Whether readers may see it: its embargo is over and it has not expired."""
        return (self.embargo_until is None or self.embargo_until <= now) and (
            self.expires_at is None or now < self.expires_at
        )

    @property
    def dek(self) -> str:
        """What stands under the headline on a card: the summary, else the first sentences; at most 240 characters."""
        return opening(self.summary or self.body, LONGEST_DEK)

    @property
    def text(self) -> str:
        """Dek and body, what is under the headline."""
        return "\n".join(part for part in (self.summary, self.body) if part)

    @property
    def passages(self) -> list[str]:
        """What the model reads, its lead first: at least one text."""
        return passages(self.title, self.text)


def check_id(field: str, id_: str) -> None:
    """Lets an article's id pass. Raises InvalidValue for what can be none."""
    if not (0 < len(id_) <= LONGEST_ID and id_.isprintable() and not id_.isspace()):
        raise InvalidValue(field, id_, f"1 to {LONGEST_ID} printable characters")


TIMES = tuple(field.name for field in fields(Article) if "datetime" in str(field.type))
_codec = TypeAdapter(Article)


def to_json(article: Article) -> bytes:
    """The article as UTF-8 JSON, without the fields that say nothing; `from_json` gives it back whole."""
    return _codec.dump_json(article, exclude_defaults=True)


def from_json(data: bytes | str) -> Article:
    """The article that `to_json` wrote."""
    return _codec.validate_json(data)
