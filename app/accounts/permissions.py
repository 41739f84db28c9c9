"""The one table role x permission, and the question every change asks: may this person do it here?

Grants name areas by kind and code, without a boundary year and without a foreign key: they outlive
every reload of the place. Whoever asks gives all areas that the thing in question lies in; a grant
for one of them, or one without an area, is enough.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from app.core.errors import ForbiddenError, UnauthorizedError


class Role(StrEnum):
    """What somebody is to the service; each contains fewer or more permissions."""

    CONTRIBUTOR = "contributor"
    ORGANISER = "organiser"
    MODERATOR = "moderator"
    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing that not everybody may do."""

    SUBMIT = "submit"
    """Offer something; it waits for review."""
    PUBLISH = "publish"
    """Let one's own additions and edits show at once."""
    EDIT = "edit"
    """Change what others added."""
    SEE_PRIVATE = "see_private"
    """See addresses, contacts and points that are not public."""
    CONFIRM = "confirm"
    """Say that existence, hours or contact are still right."""
    REVIEW = "review"
    """Decide about what others offered."""
    TAKE_DOWN = "take_down"
    """Remove something from view."""
    REVERT = "revert"
    """Go back to an earlier version."""
    IMPORT = "import"
    """Add and change many things at a time."""
    ANALYSE = "analyse"
    """Run analyses and keep them."""
    GRANT_ROLES = "grant_roles"
    """Give and take roles."""


_CONTRIBUTOR = frozenset({Permission.SUBMIT, Permission.CONFIRM})
_ORGANISER = _CONTRIBUTOR | {Permission.PUBLISH, Permission.EDIT, Permission.SEE_PRIVATE}
_MODERATOR = _ORGANISER | {Permission.REVIEW, Permission.TAKE_DOWN, Permission.REVERT}
_COORDINATOR = _MODERATOR | {Permission.IMPORT, Permission.ANALYSE, Permission.GRANT_ROLES}

TABLE: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.CONTRIBUTOR: _CONTRIBUTOR,
        Role.ORGANISER: _ORGANISER,
        Role.MODERATOR: _MODERATOR,
        Role.COORDINATOR: _COORDINATOR,
        Role.ANALYST: frozenset({Permission.SUBMIT, Permission.ANALYSE}),
        Role.ADMINISTRATOR: frozenset(Permission),
    }
)
"""What each role may do, in the areas it is granted for."""

EVERYBODY: frozenset[Permission] = frozenset({Permission.SUBMIT})
"""What nobody needs a role for."""

GRANTABLE: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.COORDINATOR: frozenset({Role.CONTRIBUTOR, Role.ORGANISER}),
        Role.ADMINISTRATOR: frozenset(Role),
    }
)
"""Which roles a role may give and take, in the areas it is granted for."""

_WORDS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.SUBMIT: "offer something",
        Permission.PUBLISH: "publish without review",
        Permission.EDIT: "change what others added",
        Permission.SEE_PRIVATE: "see private details",
        Permission.CONFIRM: "confirm that something is still right",
        Permission.REVIEW: "review what others offered",
        Permission.TAKE_DOWN: "take something down",
        Permission.REVERT: "go back to an earlier version",
        Permission.IMPORT: "import",
        Permission.ANALYSE: "run analyses",
        Permission.GRANT_ROLES: "give or take roles",
    }
)

SIGN_IN_FIRST = "Sign in first: this is only for people with an account."


class AreaRef(NamedTuple):
    """An area as grants name it: kind and code, in whatever boundary year."""

    area_type: str
    code: str


@dataclass(frozen=True)
class Grant:
    """A role, for an area or, without one, everywhere."""

    role: Role
    area: AreaRef | None = None

    def holds_in(self, areas: Collection[AreaRef]) -> bool:
        """Whether it holds for something that lies in all of `areas`."""
        return self.area is None or self.area in areas


@dataclass(frozen=True)
class Allowance:
    """How much somebody may offer in an hour where they may not publish.

    Attributes:
        who: A keyed hash of the person, or of the network address of a stranger.
        most: How many times.
    """

    who: bytes
    most: int


@dataclass(frozen=True)
class Actor:
    """Who does something.

    Attributes:
        person_id: The number of the person; None for strangers and for the service itself.
        name: What to call them beside what they did; empty for strangers.
        grants: The roles they hold.
        allowance: What they may offer; every request has one. None: no limit, for what the
            service does by itself.
    """

    person_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    allowance: Allowance | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether this is a person whom we know."""
        return self.person_id is not None

    def may(self, permission: Permission, areas: Collection[AreaRef]) -> bool:
        """Whether they may do this to something.

        Args:
            permission: What they want to do.
            areas: Every area that the thing lies in, of any kind; none for what lies nowhere,
                which takes a grant without an area.
        """
        return permission in EVERYBODY or any(
            permission in TABLE[grant.role] and grant.holds_in(areas) for grant in self.grants
        )

    def may_anywhere(self, permission: Permission) -> bool:
        """Whether there is any area, or none, for which they may do this."""
        return permission in EVERYBODY or any(
            permission in TABLE[grant.role] for grant in self.grants
        )

    def list_areas(self, permission: Permission) -> frozenset[AreaRef] | None:
        """Return the areas that they may do this in; None means everywhere."""
        if permission in EVERYBODY:
            return None
        areas = [grant.area for grant in self.grants if permission in TABLE[grant.role]]
        return None if None in areas else frozenset(area for area in areas if area)

    def may_grant(self, role: Role, areas: Collection[AreaRef]) -> bool:
        """Whether they may give and take a role for an area.

        Args:
            role: The role.
            areas: The area and every area that it lies in; none for the role everywhere.
        """
        return any(
            role in GRANTABLE.get(grant.role, ()) and grant.holds_in(areas) for grant in self.grants
        )


STRANGER = Actor(None, "")
"""Somebody who is not signed in."""


def act_for_service(name: str) -> Actor:
    """Return the actor for what the service does by itself or at an operator's command.

    Args:
        name: What is kept beside the changes, such as "Loaded from the pack".
    """
    return Actor(None, name, (Grant(Role.ADMINISTRATOR),))


SYSTEM = act_for_service("Hereabouts")
"""The service itself."""


def require_permission(
    actor: Actor, permission: Permission, areas: Collection[AreaRef] | None = None
) -> None:
    """Return if `actor` may do this, else raise.

    Args:
        actor: Who wants to.
        permission: What they want to do.
        areas: As in `Actor.may`; None asks whether they may anywhere.

    Raises:
        UnauthorizedError: Nobody is signed in.
        ForbiddenError: Somebody is, without the permission; the sentence says what is missing.
    """
    is_allowed = actor.may_anywhere(permission) if areas is None else actor.may(permission, areas)
    if is_allowed:
        return
    if not actor.is_signed_in:
        raise UnauthorizedError(SIGN_IN_FIRST)
    where = "" if areas is None else " here"
    roles = ", ".join(role for role in Role if permission in TABLE[role])
    raise ForbiddenError(
        f"Your roles do not allow you to {_WORDS[permission]}{where}. "
        f"That takes one of these roles for the area: {roles}. A coordinator can grant it."
    )
