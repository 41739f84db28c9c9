"""Pages that somebody may have to leave in a hurry.

The one place where this is decided. A code stands for its narrower categories too. What is hidden
and lets itself be found can always be left quickly: its place is secret for somebody's safety.
"""

from collections.abc import Collection, Iterable, Mapping

from app.taxonomy.schemas import CategoryRead

LEAVE_QUICKLY = frozenset({"domestic-abuse"})
"""Categories whose pages offer to be left quickly."""

LEAD_AWAY = "https://www.bbc.co.uk/weather"
"""Where somebody is led: a page that nobody wonders at, fast, and of somebody else."""


def is_sensitive(
    codes: Iterable[str],
    known: Mapping[str, CategoryRead],
    sensitive: Collection[str] = LEAVE_QUICKLY,
) -> bool:
    """Return whether any of some categories, or one that it is part of, is to be left quickly."""
    for code in codes:
        path = {each.code for each in known[code].path} if code in known else set()
        if ({code} | path) & set(sensitive):
            return True
    return False
