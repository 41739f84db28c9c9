"""Who may do what, and where: the table as people would read it."""

import pytest

from app.accounts.permissions import (
    STRANGER,
    SYSTEM,
    TABLE,
    Actor,
    AreaRef,
    Grant,
    Permission,
    Role,
    require_permission,
)
from app.core.errors import ForbiddenError, UnauthorizedError

HERE = AreaRef("ward", "W01")
TOWN = AreaRef("authority", "A01")
ELSEWHERE = AreaRef("ward", "W02")

EXPECTED = {
    "contributor": "submit confirm",
    "organiser": "submit confirm publish edit see_private",
    "moderator": "submit confirm publish edit see_private review take_down revert",
    "coordinator": "submit confirm publish edit see_private review take_down revert import "
    "analyse grant_roles",
    "analyst": "submit analyse",
    "administrator": "submit confirm publish edit see_private review take_down revert import "
    "analyse grant_roles",
}


def give(role: Role, area: AreaRef | None = None) -> Actor:
    """Return somebody with one role."""
    return Actor(1, "Asha", (Grant(role, area),))


def test_the_table_is_the_one_that_was_agreed() -> None:
    written = {str(role): {str(each) for each in granted} for role, granted in TABLE.items()}
    assert written == {role: set(words.split()) for role, words in EXPECTED.items()}


def test_a_stranger_may_offer_something_and_nothing_else() -> None:
    allowed = {each for each in Permission if STRANGER.may(each, [HERE])}
    assert allowed == {Permission.SUBMIT}
    assert not STRANGER.is_signed_in


def test_a_role_holds_in_its_area_only() -> None:
    organiser = give(Role.ORGANISER, TOWN)
    assert organiser.may(Permission.EDIT, [HERE, TOWN])
    assert not organiser.may(Permission.EDIT, [HERE])
    assert not organiser.may(Permission.EDIT, [])
    assert organiser.may_anywhere(Permission.EDIT)
    assert not organiser.may_anywhere(Permission.REVIEW)


def test_a_role_without_an_area_holds_everywhere() -> None:
    assert give(Role.MODERATOR).may(Permission.REVIEW, [])
    assert give(Role.MODERATOR).may(Permission.REVIEW, {ELSEWHERE})


def test_an_area_of_another_kind_with_the_same_code_is_another_area() -> None:
    assert not give(Role.ORGANISER, AreaRef("parish", "W01")).may(Permission.EDIT, [HERE])


def test_the_service_itself_may_everything_and_is_nobody() -> None:
    assert all(SYSTEM.may(each, []) for each in Permission)
    assert not SYSTEM.is_signed_in
    assert SYSTEM.name


def test_the_areas_of_a_permission_can_be_listed() -> None:
    grants = (Grant(Role.ORGANISER, HERE), Grant(Role.MODERATOR, TOWN))
    actor = Actor(1, "Asha", grants)
    assert actor.list_areas(Permission.EDIT) == frozenset({HERE, TOWN})
    assert actor.list_areas(Permission.REVIEW) == frozenset({TOWN})
    assert actor.list_areas(Permission.IMPORT) == frozenset()
    assert give(Role.MODERATOR).list_areas(Permission.REVIEW) is None
    assert STRANGER.list_areas(Permission.SUBMIT) is None


@pytest.mark.parametrize(
    ("role", "grantable"),
    [
        (Role.CONTRIBUTOR, set()),
        (Role.ORGANISER, set()),
        (Role.MODERATOR, set()),
        (Role.ANALYST, set()),
        (Role.COORDINATOR, {Role.CONTRIBUTOR, Role.ORGANISER}),
        (Role.ADMINISTRATOR, set(Role)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nobody_grants_more_than_they_may(role: Role, grantable: set[Role]) -> None:
    actor = give(role, TOWN)
    assert {each for each in Role if actor.may_grant(each, [HERE, TOWN])} == grantable
    assert not any(actor.may_grant(each, [ELSEWHERE]) for each in Role)
    assert not any(actor.may_grant(each, []) for each in Role)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(UnauthorizedError, match="Sign in"):
        require_permission(STRANGER, Permission.IMPORT)
    with pytest.raises(ForbiddenError, match=r"to import here.*coordinator, administrator"):
        require_permission(give(Role.ORGANISER), Permission.IMPORT, [HERE])
    require_permission(give(Role.COORDINATOR, HERE), Permission.IMPORT, [HERE])
    require_permission(STRANGER, Permission.SUBMIT, [HERE])
