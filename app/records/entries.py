"""What a file says about a record beside the record itself, and what became of many of them."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, Self, TypeVar

from app.records.documents import Document, Origin
from app.records.vocabulary import Aspect, Method, Status

D = TypeVar("D", bound=Document)


class Joined(NamedTuple):
    """A row of another file that is the same thing.

    Attributes:
        origin: Where that row comes from.
        reason: Why it is the same, in words such as "same name and postcode".
    """

    origin: Origin
    reason: str


class Confirmation(NamedTuple):
    """That somebody made sure of one aspect of a record.

    Attributes:
        aspect: Of what.
        confirmed_on: The day.
        holds_until: The last day on which it can be relied on; None: as the service decides.
        method: How.
    """

    aspect: Aspect
    confirmed_on: date
    holds_until: date | None
    method: Method


@dataclass(frozen=True)
class ImportCounts:
    """What became of the records of an import.

    Attributes:
        added: New here.
        changed: Known, and the source says something else of them now.
        unchanged: Known, and the source says the same.
        kept_edits: Of those changed or unchanged, those of which people's own edits were kept.
        taken_down: Left out, because somebody took them down.
        closed: Known, and not in the source any more: marked as closed.
        removed: Of another collection of the same family, and gone with it.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept_edits: int = 0
    taken_down: int = 0
    closed: int = 0
    removed: int = 0

    def __add__(self, other: Self) -> "ImportCounts":
        return ImportCounts(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            kept_edits=self.kept_edits + other.kept_edits,
            taken_down=self.taken_down + other.taken_down,
            closed=self.closed + other.closed,
            removed=self.removed + other.removed,
        )


class Entry(NamedTuple, Generic[D]):
    """A record to import.

    Attributes:
        document: What the source says; it refers to other records by `identity.name_imported`.
        origin: Whose row it is; its `source_id` is needed.
        confirmations: When somebody made sure of it.
        joined: Rows of other files that are the same thing.
        status: How it is to stand when it is new.
    """

    document: D
    origin: Origin
    confirmations: tuple[Confirmation, ...] = ()
    joined: tuple[Joined, ...] = ()
    status: Status = Status.PUBLISHED
