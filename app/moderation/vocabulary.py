"""What can be sent in, and what may become of it."""

from enum import StrEnum


class SuggestionKind(StrEnum):
    """What somebody sends in about a record; the last two are reports."""

    CHANGE = "change"
    STILL_RIGHT = "still right"
    WRONG = "wrong"


class SuggestionStatus(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
