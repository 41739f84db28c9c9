"""Rows of files on their way to becoming records: our fields by name, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.records.documents import Origin
from app.records.entries import Joined


class RowProblem(ValueError):  # noqa: N818 - the word people read: a problem with a row
    """A row cannot be used; the message names field, value and remedy."""


class Place(NamedTuple):
    """A point in degrees, and how it was had.

    Attributes:
        lon: East of Greenwich, on WGS 84.
        lat: North of the equator, on WGS 84.
        is_of_postcode: Whether it is only that of the postcode.
    """

    lon: float
    lat: float
    is_of_postcode: bool = False


@dataclass(slots=True)
class Draft:
    """One row, its cells by our names for them.

    Attributes:
        number: The row, as a spreadsheet counts it.
        table: Which table of those imported together it belongs to, from 0.
        fields: Text by field; a field that is empty is not there.
        point: East and north in the file's own system, where the file has them.
        place: Where it is, once that is known.
        is_inside: Whether that lies in the place itself, not only in its margin.
        has_made_id: Whether its `source_id` was made here, the file having none.
        joined: Rows that are the same thing, and why.
        remarks: What was left out of it, in sentences without private values.
    """

    number: int
    table: int
    fields: dict[str, str]
    point: tuple[float, float] | None = None
    place: Place | None = None
    is_inside: bool = False
    has_made_id: bool = False
    joined: list[Joined] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return a field's text, empty where it has none."""
        return self.fields.get(name, "")

    @property
    def is_hidden(self) -> bool:
        """Whether its name must not be told either."""
        return "hidden" in {self.get("visibility"), self.get("site_visibility")}

    @property
    def is_unfindable(self) -> bool:
        """Whether nobody may learn that it is there: it is not even counted."""
        return self.is_hidden and self.get("findable").casefold() not in {"yes", "y", "true", "1"}

    @property
    def label(self) -> str:
        """How a report names it: never where it is, and no name where it must stay hidden."""
        name = "" if self.is_hidden else self.get("name")
        return name or f"row {self.number}"

    @property
    def is_private(self) -> bool:
        """Whether something about its whereabouts must not be told to everybody."""
        levels = (self.get("visibility"), self.get("site_visibility"))
        return any(level not in {"", "public"} for level in levels) or (
            self.get("role") not in {"", "delivery"}
        )


class Rejected(NamedTuple):
    """A row that cannot be used, and why."""

    draft: Draft
    reason: str


def origin_of(draft: Draft) -> Origin:
    """Return where a row comes from.

    Raises:
        ValueError: It has no source or one of its words is too long.
    """
    return Origin.model_validate(
        {
            "source": draft.get("source"),
            "source_id": draft.get("source_id") or None,
            "licence": draft.get("licence") or None,
            "method": draft.get("method") or "imported",
        }
    )


def first_of_each(drafts: Sequence[Draft], name: str) -> dict[str, Draft]:
    """Return the first draft of each value of the field `name`."""
    found: dict[str, Draft] = {}
    for draft in drafts:
        if value := draft.get(name):
            found.setdefault(value, draft)
    return found
