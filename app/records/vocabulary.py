"""Words that organisations and assets share: who may see them, how they stand, how we know."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints


class Visibility(StrEnum):
    """Who may see where something is; the strictest of all that bear on it wins."""

    PUBLIC = "public"
    AREA_ONLY = "area only"
    HIDDEN = "hidden"


class Status(StrEnum):
    """How a record stands. Only what is published is ever shown to strangers."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REJECTED = "rejected"
    CLOSED = "closed"
    TAKEN_DOWN = "taken down"


class Method(StrEnum):
    """How somebody came to know."""

    VISITED = "visited"
    PHONED = "phoned"
    TOLD_BY_OWNER = "told by the owner"
    IMPORTED = "imported"
    TYPED_IN = "typed in"


class Aspect(StrEnum):
    """What can be confirmed by itself."""

    EXISTENCE = "existence"
    HOURS = "hours"
    CONTACT = "contact"


class Subject(StrEnum):
    """What a revision, an assertion or a takedown is about."""

    ORGANISATION = "organisation"
    ASSET = "asset"


AddressRole = Literal["delivery", "registered", "correspondence"]
"""What an address is for; only one of delivery is where people go."""

ContactKind = Literal["phone", "email", "web"]

Stated = Literal["yes", "no", "not stated"]
"""Unknown is a value of its own, never "no"."""

_STRICTNESS = {Visibility.PUBLIC: 0, Visibility.AREA_ONLY: 1, Visibility.HIDDEN: 2}

_SAFE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""No character that PostgreSQL cannot hold or a terminal would obey; line breaks are allowed."""

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")
]
"""A line of words."""

Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]
"""What something is called."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5_000, pattern=_SAFE)]
"""Sentences, over several lines if need be."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""A language by its BCP 47 tag, such as en, cy, bn or zh-Hant."""

TypeCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
"""A kind of area, as in /area-types."""

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


def strictest(*levels: Visibility) -> Visibility:
    """Return the strictest of the levels that bear on one thing."""
    return max(levels, key=_STRICTNESS.__getitem__)
