"""What changed from one version of a record to the next, so that people can read it."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Change(NamedTuple):
    """One field that differs.

    Attributes:
        field: Its name in the document.
        before: What it held; None: nothing.
        after: What it holds now.
    """

    field: str
    before: Any
    after: Any


def list_changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
    """Return the fields of two documents that differ, in the order of the documents.

    Args:
        before: The earlier document as JSON; None for the first, whose filled fields all count.
        after: The later one.
    """
    earlier = before or {}
    fields = dict.fromkeys([*earlier, *after])
    return [
        Change(field, earlier.get(field), after.get(field))
        for field in fields
        if earlier.get(field) != after.get(field)
        and (before is not None or after.get(field) not in (None, "", [], {}))
    ]


def merge_edits(
    imported: Mapping[str, Any], current: Mapping[str, Any], fresh: Mapping[str, Any]
) -> tuple[dict[str, Any], bool]:
    """Return what a re-imported record should be: people's edits kept, the rest as the source says.

    Args:
        imported: The document as the source last had it.
        current: The document as it is now, with what people edited since.
        fresh: The document as the source has it now.

    Returns:
        The merged document, and whether any edit of people's was kept in it.
    """
    edited = {
        field
        for field in current
        if current[field] != imported.get(field) and current[field] != fresh.get(field)
    }
    merged = {field: current[field] if field in edited else fresh[field] for field in fresh}
    return merged, bool(edited)
