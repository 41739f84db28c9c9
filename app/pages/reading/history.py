"""What changed of a record, in words that anybody can read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

MOST_REVISIONS = 20
LONGEST_VALUE = 160
"""Letters of a value that are shown; longer ones are cut."""


class Changed(Protocol):
    """One field that changed."""

    field: str
    before: Any
    after: Any


class Revised(Protocol):
    """One revision that everybody may know of."""

    at: datetime
    action: str
    method: str

    @property
    def changes(self) -> Sequence[Changed]:
        """The fields that changed."""


class ChangeLine(NamedTuple):
    """One field that changed.

    Attributes:
        field: Its name; the template has the words.
        before: What it was, where that can be said in a line; else ''.
        after: What it is now, likewise.
    """

    field: str
    before: str
    after: str


class RevisionEntry(NamedTuple):
    """One time at which something changed.

    Attributes:
        at: When.
        kind: added: the first that is known; changed: a later one.
        method: How somebody came to know.
        lines: What changed, fields in a fixed order; of the first only their names.
    """

    at: datetime
    kind: str
    method: str
    lines: Sequence[ChangeLine]


def describe_history(revisions: Sequence[Revised]) -> list[RevisionEntry]:
    """Return revisions for reading, in the order given: the newest first."""
    last = len(revisions) - 1
    return [
        RevisionEntry(
            each.at,
            "added" if number == last else "changed",
            each.method,
            _list_lines(each.changes, with_values=number != last),
        )
        for number, each in enumerate(revisions[:MOST_REVISIONS])
    ]


def _list_lines(changes: Iterable[Changed], *, with_values: bool) -> list[ChangeLine]:
    lines = []
    for change in changes:
        before, after = (_write_value(each) for each in (change.before, change.after))
        shows = with_values and (before or after)
        lines.append(ChangeLine(change.field, before if shows else "", after if shows else ""))
    return lines


def _write_value(value: object) -> str:
    """Return a value in a line; '' for none, and for what is too rich for a line."""
    if isinstance(value, bool) or value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, str | int | float):
        text = " ".join(str(value).split())
        return (
            text
            if len(text) <= LONGEST_VALUE
            else f"{text[: LONGEST_VALUE - 1]}\N{HORIZONTAL ELLIPSIS}"
        )
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return ""
