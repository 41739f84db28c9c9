"""What the public would newly see, or no longer see, if something is accepted."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import SYSTEM, Actor, Permission
from app.areas.service import find_areas_at
from app.core.errors import NotFoundError
from app.moderation import service
from app.moderation.looking import Look, OrganisationLook
from app.moderation.place_parts import GONE, NEW
from app.moderation.service import Found
from app.moderation.texts import Answer, Answers
from app.moderation.vocabulary import SuggestionKind
from app.organisations.schemas import OrganisationDocument
from app.pages.keeping.addresses import AddressSpot, list_spots, plan_document
from app.pages.keeping.items import Item
from app.pages.keeping.places import Where
from app.records.vocabulary import Status, Subject, Visibility, strictest

About = Literal[
    "appears", "widens", "narrows", "disappears", "stays unseen", "unseen details",
    "contacts shown", "contacts withdrawn", "areas shown", "leaves yours", "confirmed",
    "only closed", "same", "place appears", "place disappears",
]  # fmt: skip
OF_PLACE = ("address", "postcode", "point")
"""What nobody sees of something that is shown by area only."""

_OF_PLACE_ALONE: Mapping[tuple[str, About], About] = {
    (NEW, "appears"): "place appears",
    (GONE, "disappears"): "place disappears",
}


class Effect(NamedTuple):
    """One thing that changes for those who look at the service; the template has its words.

    Attributes:
        about: What.
        level: How much of its place everybody sees afterwards.
        area: Name of the neighbourhood that it is said to be in.
        questions: Which answers everybody newly sees, or no longer sees, or still does not.
        values: Numbers, addresses or neighbourhoods, where it is about those.
    """

    about: About
    level: Visibility
    area: str = ""
    questions: Sequence[str] = ()
    values: Sequence[str] = ()


async def describe_effects(
    session: AsyncSession, actor: Actor, item: Item, where: Where | None
) -> list[Effect]:
    """Return what would change for everybody if the moderator accepts.

    Args:
        session: The transaction.
        actor: The moderator.
        item: What is to be decided about.
        where: Where it is and would be; None for an organisation.
    """
    if item.kind == SuggestionKind.STILL_RIGHT:
        return [Effect("confirmed", Visibility.PUBLIC)]
    if item.kind == SuggestionKind.WRONG:
        return [Effect("only closed", Visibility.PUBLIC)]
    if isinstance(item.look, OrganisationLook):
        return await _describe_organisation(session, item.look, item.found)
    if where is None:
        return []
    before, after = await _find_levels(session, item, item.look, where)
    publishing = where.find_publishing()
    area = publishing.after if publishing else ""
    now = {} if item.found is None else item.look.sheet.answers
    effects = [
        each._replace(about=_OF_PLACE_ALONE.get((item.answers["standing"], each.about), each.about))
        for each in _compare_levels(before, after, area, item.answers)
    ]
    if not effects:
        effects = _find_unseen(after, now, item.answers)
    effects += _find_withdrawn(before, now, item.answers)
    effects += _compare_contacts(before, after, now, item.answers)
    if await _leaves(session, actor, item, where):
        effects.append(Effect("leaves yours", after))
    return effects or [Effect("same", after, area)]


async def _describe_organisation(
    session: AsyncSession, look: OrganisationLook, found: Found | None
) -> list[Effect]:
    """Return what changes of an organisation: its addresses and contacts, each as far as it shows.

    What it runs follows its visibility; the template says so.
    """
    planned = await plan_document(session, look, found)
    is_there = found is not None and look.kept.status is Status.PUBLISHED
    before = look.document.visibility if is_there else Visibility.HIDDEN
    after = planned.visibility
    if after is Visibility.HIDDEN:
        return [Effect("disappears" if before is not after else "stays unseen", after)]
    effects = []
    if before is Visibility.HIDDEN:
        effects.append(Effect("appears", after))
    elif before is not after:
        effects.append(Effect("widens" if after is Visibility.PUBLIC else "narrows", after))
    then = await list_spots(session, planned)
    now = await list_spots(session, look.document) if is_there else []
    shown = _list_open(planned, then)
    old = _list_open(look.document, now) if before is not Visibility.HIDDEN else []
    for about, values in (
        ("contacts shown", [each for each in shown if each not in old]),
        ("contacts withdrawn", [each for each in old if each not in shown]),
        ("areas shown", _list_new_areas(now, then)),
    ):
        if values:
            effects.append(Effect(cast("About", about), after, values=values))
    return effects or [Effect("same", after)]


def _list_open(document: OrganisationDocument, spots: Sequence[AddressSpot]) -> list[str]:
    """Return the addresses and contacts that everybody reads in full."""
    addresses = [each.text for each in spots if each.level is Visibility.PUBLIC and each.text]
    contacts = [each.value for each in document.contacts if each.visibility is Visibility.PUBLIC]
    return [*addresses, *contacts]


def _list_new_areas(now: Sequence[AddressSpot], then: Sequence[AddressSpot]) -> list[str]:
    """Return the neighbourhoods that everybody newly reads in the place of an address."""
    old, new = (
        [each.area for each in spots if each.level is Visibility.AREA_ONLY and each.area]
        for spots in (now, then)
    )
    return [name for name in dict.fromkeys(new) if name not in old]


async def _find_levels(
    session: AsyncSession, item: Item, look: Look, where: Where
) -> tuple[Visibility, Visibility]:
    """Return how much everybody sees of its place now, and would see: the strictest wins."""
    now = look.sheet.answers
    runs_now = await _find_level_of(session, now["organisation"])
    runs_then = await _find_level_of(session, item.answers["organisation"])
    publishing = where.find_publishing()
    before = _judge(now, runs_now, publishing.before if publishing else "")
    after = _judge(item.answers, runs_then, publishing.after if publishing else "")
    standing = item.answers["standing"]
    is_public = look.kept.status is Status.PUBLISHED
    if not is_public or standing == NEW:
        before = Visibility.HIDDEN
    if standing == GONE or (not is_public and item.found is not None):
        after = Visibility.HIDDEN
    return before, after


def _judge(answers: Answers, runs: Visibility, area: str) -> Visibility:
    own = [Visibility(answers[name]) for name in ("visibility", "site_visibility")]
    level = strictest(*own, runs)
    # What lies in no neighbourhood cannot be said to be in one.
    is_nowhere = level is Visibility.AREA_ONLY and bool(answers.get("point")) and not area
    return Visibility.HIDDEN if is_nowhere else level


async def _find_level_of(session: AsyncSession, organisation: str) -> Visibility:
    """Return the visibility of whoever runs something, which holds for it as well."""
    if not organisation:
        return Visibility.PUBLIC
    keeper = service.open_keeper(session, SYSTEM, Subject.ORGANISATION)
    try:
        opened = await keeper.open(UUID(organisation))
    except NotFoundError:
        return Visibility.PUBLIC
    return Visibility(opened.document.visibility)


def _compare_levels(
    before: Visibility, after: Visibility, area: str, answers: Answers
) -> list[Effect]:
    of_place = [name for name in OF_PLACE if answers.get(name)]
    if before is after:
        return [Effect("stays unseen", after)] if after is Visibility.HIDDEN else []
    if before is Visibility.HIDDEN:
        return [Effect("appears", after, area, of_place)]
    if after is Visibility.HIDDEN:
        return [Effect("disappears", after)]
    is_wider = after is Visibility.PUBLIC
    return [Effect("widens" if is_wider else "narrows", after, area, of_place)]


def _find_unseen(after: Visibility, now: Mapping[str, Answer], answers: Answers) -> list[Effect]:
    """Return changes of what nobody but those who look after the area sees."""
    changed = [name for name in OF_PLACE if now.get(name) != answers.get(name)]
    is_unseen = after is Visibility.AREA_ONLY and changed
    return [Effect("unseen details", after, "", changed)] if is_unseen else []


def _find_withdrawn(
    before: Visibility, now: Mapping[str, Answer], answers: Answers
) -> list[Effect]:
    """Return the address that goes because something is not at an address any more."""
    is_moved = now.get("mode") == "address" != answers["mode"]
    values = [now[name] for name in ("address", "postcode") if now.get(name)] if is_moved else []
    is_seen = before is Visibility.PUBLIC and values
    return [Effect("contacts withdrawn", before, values=values)] if is_seen else []


def _compare_contacts(
    before: Visibility, after: Visibility, now: Mapping[str, Answer], answers: Answers
) -> list[Effect]:
    old = _list_public(now) if before is not Visibility.HIDDEN else []
    new = _list_public(answers) if after is not Visibility.HIDDEN else []
    shown = [value for value in new if value not in old]
    withdrawn = [value for value in old if value not in new]
    effects = []
    if shown:
        effects.append(Effect("contacts shown", after, values=shown))
    if withdrawn and after is not Visibility.HIDDEN:
        effects.append(Effect("contacts withdrawn", after, values=withdrawn))
    return effects


def _list_public(answers: Mapping[str, Answer]) -> list[str]:
    return [
        each["value"]
        for each in answers.get("contacts", [])
        if each["visibility"] == Visibility.PUBLIC
    ]


async def _leaves(session: AsyncSession, actor: Actor, item: Item, where: Where) -> bool:
    """Return whether it would move out of the areas in which the moderator may publish."""
    if where.then is None or where.moved_m is None or not isinstance(item.look, Look):
        return False
    if len(item.look.sheet.places) > 1:
        return False
    there = {(each.type, each.code) for each in await find_areas_at(session, *where.then)}
    mine = actor.list_areas(Permission.PUBLISH)
    return mine is not None and not any((each.area_type, each.code) in there for each in mine)
