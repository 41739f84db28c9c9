"""The line of what waits for a moderator: its pages, and which comes next."""

from collections.abc import Sequence
from uuid import UUID

from app.moderation.service import Waiting
from app.moderation.vocabulary import SuggestionKind

FILTERS = ("additions", "changes", "reports")
_GROUPS = {
    SuggestionKind.CHANGE: "changes",
    SuggestionKind.WRONG: "reports",
    SuggestionKind.STILL_RIGHT: "reports",
}


def group_of(kind: str) -> str:
    """Return under which filter something that waits is found."""
    return next((group for each, group in _GROUPS.items() if each == kind), "additions")


def count_groups(line: Sequence[Waiting]) -> dict[str, int]:
    """Return how much waits, by filter."""
    groups = [group_of(each.kind) for each in line]
    return {name: groups.count(name) for name in FILTERS}


def write_item_path(item: Waiting) -> str:
    """Return the address of the page on which something is decided about."""
    sort = item.kind if group_of(item.kind) == "additions" else "suggestion"
    return f"/review/{sort}/{item.key}"


def find_following(line: Sequence[Waiting], key: UUID) -> str:
    """Return the address of what comes after an item, the oldest other one after the last.

    The list itself where nothing else waits.
    """
    place = next((place for place, each in enumerate(line) if each.key == key), -1)
    others = [*line[place + 1 :], *line[: max(place, 0)]]
    return write_item_path(others[0]) if others else "/review"
