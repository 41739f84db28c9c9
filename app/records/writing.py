"""Rows of revisions and sources from what is known of them."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from app.accounts.permissions import Actor
from app.records.changes import list_changes
from app.records.documents import Document, Origin
from app.records.identity import name_imported
from app.records.vocabulary import Method, Status, Subject


@dataclass(frozen=True)
class Deed:
    """What somebody did to a record.

    Attributes:
        actor: Who.
        action: What, in words that stand in its history.
        method: How they know.
        note: Why, in their words.
    """

    actor: Actor
    action: str
    method: Method
    note: str = ""


def dump(document: Document) -> dict[str, Any]:
    """Return a document as JSON."""
    return document.model_dump(mode="json")


def write_revision(
    deed: Deed,
    key: tuple[Subject, int, int],
    status: Status,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> dict[str, Any]:
    """Return the row of a revision.

    Args:
        deed: What was done.
        key: Kind and number of the record, and the number of the revision.
        status: How the record stands afterwards.
        before: Its document before; None for the first.
        after: Its document afterwards.
    """
    subject, subject_id, number = key
    return {
        "subject": subject, "subject_id": subject_id, "number": number,
        "person_id": deed.actor.person_id, "author": deed.actor.name, "method": deed.method,
        "action": deed.action, "note": deed.note, "status": status, "document": after,
        "changed": [change.field for change in list_changes(before, after)],
    }  # fmt: skip


def write_source(
    subject: Subject,
    subject_id: int,
    origin: Origin,
    *,
    reason: str | None = None,
    imported: dict[str, Any] | None = None,
    collection: str = "",
) -> dict[str, Any]:
    """Return the row of where a record comes from."""
    reference = (
        name_imported(subject, origin.source, origin.source_id) if origin.source_id else None
    )
    return {
        "subject": subject, "subject_id": subject_id, "source": origin.source,
        "source_id": origin.source_id, "reference": reference, "licence": origin.licence,
        "method": origin.method, "reason": reason, "imported": imported, "collection": collection,
    }  # fmt: skip


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or the last one where that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def list_fields(update: Document) -> dict[str, Any]:
    """Return the fields that a change names, as JSON; what is said of the change left out."""
    return update.model_dump(mode="json", exclude_unset=True, exclude={"remark"})


def say_problems(error: ValidationError) -> str:
    """Return what makes a document none, a sentence for each field."""
    return " ".join(
        f"{'.'.join(map(str, each['loc'])) or 'Fields together'}: "
        f"{each['msg'].removeprefix('Value error, ')}."
        for each in error.errors(include_url=False, include_input=False)
    )
