"""How fresh what is said of something is, as it is stamped on cards and pages."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple, Protocol

from app.records.vocabulary import Aspect, Method

Kind = Literal["ok", "old", "due"]


class Confirmation(Protocol):
    """What is known of one respect of it, as `FreshnessRead` says it."""

    aspect: Aspect
    is_right: bool
    confirmed_on: date
    method: Method
    is_unconfirmed: bool


class Stamp(NamedTuple):
    """One stamp; `write_stamp` in the templates has its words.

    Attributes:
        kind: ok: confirmed; old: only from a list, or long ago; due: something does not add up.
        about: What it says.
        day: ISO date that it speaks of; '' for none.
        source: Whose list it is from, if it is from one.
    """

    kind: Kind
    about: str
    day: str = ""
    source: str = ""


_DOUBTS = (Aspect.EXISTENCE, Aspect.HOURS, Aspect.CONTACT)


def describe_freshness(confirmations: Sequence[Confirmation], source: str | None) -> Stamp:
    """Return the one stamp that matters most: what is wrong, else how sure it is that it is there.

    Args:
        confirmations: The newest of each respect.
        source: Whose list it comes from; None: from none.
    """
    by_aspect = {each.aspect: each for each in confirmations}
    for aspect in _DOUBTS:
        found = by_aspect.get(aspect)
        if found is not None and not found.is_right:
            return Stamp("due", f"{aspect} wrong", found.confirmed_on.isoformat())
    there = by_aspect.get(Aspect.EXISTENCE)
    if there is None:
        return Stamp("old", "never")
    day = there.confirmed_on.isoformat()
    if there.is_unconfirmed:
        return Stamp("old", "old", day)
    if there.method is Method.IMPORTED:
        return Stamp("old", "from a list", day, source or "")
    about = "confirmed by owner" if there.method is Method.TOLD_BY_OWNER else "confirmed"
    return Stamp("ok", about, day)
