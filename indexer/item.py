"""What a source said, untrusted, and what is said of it when it cannot be taken."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One record as it came. A page of a site also says which site, and its article's paragraphs."""

    record: Mapping[str, object]
    origin: str  # the file, or where else it came from
    line: int  # from 1
    site: str | None = None  # None: not a page
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record was not taken: where it stands, the field, what came, what is allowed."""

    origin: str
    line: int
    field: str
    value: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.origin}:{self.line}: {self.field} is {self.value}, allowed: {self.allowed}"
