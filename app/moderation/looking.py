"""How somebody sees what they would change: as everybody does, or with what is private."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import SYSTEM, Actor, AreaRef, Permission
from app.assets.reading import NO_ASSET, read_asset
from app.assets.reading_schemas import AssetRead
from app.assets.schemas import AssetDocument
from app.assets.service import keep_assets
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReads
from app.moderation.answers import (
    Sheet,
    open_place_sheet,
    open_public_sheet,
    open_sheet,
    write_fields,
)
from app.moderation.organisations import (
    open_organisation_sheet,
    open_public_organisation_sheet,
    write_organisation_fields,
)
from app.moderation.texts import Answer
from app.organisations.reading import read_organisation
from app.organisations.schemas import OrganisationDocument
from app.organisations.service import keep_organisations
from app.records.keeping import Kept
from app.records.queries import fetch_document
from app.records.vocabulary import Status, Subject

PlaceRef = UUID | Literal["new"] | None
"""Public id of the site that is asked about alone, or "new"; None: the asset with its main one."""


class Look(NamedTuple):
    """An asset as somebody who would change it sees it.

    Attributes:
        kept: How it stands.
        document: All that is said of it. Nothing of it is for the page: `sheet` is.
        sheet: What this person sees.
        areas: Where it is.
        saw_private: Whether the sheet holds what is private.
        may_edit: Whether a change of theirs shows at once, or is of something of their own that
            waits.
        may_confirm: Whether they may say that it is still right.
    """

    kept: Kept
    document: AssetDocument
    sheet: Sheet
    areas: set[AreaRef]
    saw_private: bool
    may_edit: bool
    may_confirm: bool


class OrganisationLook(NamedTuple):
    """An organisation as somebody who would change it sees it; attributes as those of `Look`."""

    kept: Kept
    document: OrganisationDocument
    sheet: Sheet
    areas: set[AreaRef]
    saw_private: bool
    may_edit: bool
    may_confirm: bool


AnyLook = Look | OrganisationLook


def name_subject(look: AnyLook) -> Subject:
    """Return which kind of record somebody looks at."""
    return Subject.ASSET if isinstance(look, Look) else Subject.ORGANISATION


async def look_at(
    session: AsyncSession, reads: PublicReads, actor: Actor, subject: Subject, public_id: UUID
) -> AnyLook:
    """Return an asset or an organisation as this person sees it.

    Raises:
        NotFoundError: There is none, or none for this person to see.
    """
    if subject is Subject.ASSET:
        return await look_at_asset(session, reads, actor, public_id)
    return await look_at_organisation(session, reads, actor, public_id)


async def look_at_organisation(
    session: AsyncSession, reads: PublicReads, actor: Actor, public_id: UUID
) -> OrganisationLook:
    """Return an organisation as this person sees it.

    Raises:
        NotFoundError: There is none, or none for this person to see.
    """
    try:
        kept, document, areas = await keep_organisations(session, actor).open(public_id)
    except NotFoundError:
        sheet = await open_public_organisation(session, reads, public_id)
        kept, document, areas = await keep_organisations(session, SYSTEM).open(public_id)
        may_confirm = actor.may(Permission.CONFIRM, areas)
        return OrganisationLook(
            kept, document, sheet, areas,
            saw_private=False, may_edit=False, may_confirm=may_confirm,
        )  # fmt: skip
    sheet = await open_organisation_sheet(session, document)
    may_edit = _may_edit(actor, kept, areas)
    may_confirm = actor.may(Permission.CONFIRM, areas)
    return OrganisationLook(kept, document, sheet, areas, True, may_edit, may_confirm)


async def open_public_organisation(
    session: AsyncSession, reads: PublicReads, public_id: UUID
) -> Sheet:
    """Return what everybody may know of an organisation.

    Raises:
        NotFoundError: There is none, or it is hidden.
    """
    async with reads.look() as reader:
        found = await read_organisation(reader, public_id)
    return await open_public_organisation_sheet(session, found)


def _may_edit(actor: Actor, kept: Kept, areas: set[AreaRef]) -> bool:
    """Return whether a change shows at once, or is of something of their own that waits."""
    is_own = actor.person_id is not None and kept.author_id == actor.person_id
    return (is_own and kept.status is Status.WAITING) or (
        actor.may(Permission.EDIT, areas) and actor.may(Permission.PUBLISH, areas)
    )


async def look_at_asset(
    session: AsyncSession,
    reads: PublicReads,
    actor: Actor,
    public_id: UUID,
    place: PlaceRef = None,
) -> Look:
    """Return an asset as this person sees it.

    Args:
        session: The transaction.
        reads: For what is public.
        actor: The person.
        public_id: Of the asset.
        place: Which place of it is asked about.

    Raises:
        NotFoundError: There is none, or none for this person to see.
    """
    try:
        opened = await keep_assets(session, actor).open(public_id)
    except NotFoundError:
        return await _look_as_stranger(session, reads, actor, public_id, place)
    kept, document, areas = opened
    may_edit = _may_edit(actor, kept, areas)
    sheet = _open_sheet(document, place)
    may_confirm = actor.may(Permission.CONFIRM, areas)
    return Look(kept, document, sheet, areas, True, may_edit, may_confirm)


async def _look_as_stranger(
    session: AsyncSession, reads: PublicReads, actor: Actor, public_id: UUID, place: PlaceRef
) -> Look:
    sheet = await open_public(session, reads, public_id, place)
    kept, document, areas = await keep_assets(session, SYSTEM).open(public_id)
    may_confirm = actor.may(Permission.CONFIRM, areas)
    return Look(
        kept, document, sheet, areas,
        saw_private=False, may_edit=False, may_confirm=may_confirm,
    )  # fmt: skip


async def open_public(
    session: AsyncSession, reads: PublicReads, public_id: UUID, place: PlaceRef = None
) -> Sheet:
    """Return what everybody may know of an asset.

    Raises:
        NotFoundError: There is none, or it is hidden; one that may be found by its name only has
            nothing that could be changed by whoever finds it. Or it has no such place to see.
    """
    found = await read_asset(reads, session, public_id, datetime.now(UTC))
    try:
        asset = AssetRead.model_validate(orjson.loads(found.body))
    except ValidationError:
        raise NotFoundError(NO_ASSET) from None
    if place is None:
        return open_public_sheet(asset)
    return open_place_sheet(asset, _read_place(place))


def _open_sheet(document: AssetDocument, place: PlaceRef) -> Sheet:
    return open_sheet(document) if place is None else open_place_sheet(document, _read_place(place))


def _read_place(place: UUID | Literal["new"]) -> UUID | None:
    return None if place == "new" else place


async def open_earlier(session: AsyncSession, look: AnyLook, revision: int) -> Sheet | None:
    """Return what was said of it at a revision, private details included; None: no such."""
    found = await fetch_document(session, name_subject(look), look.kept.id, revision)
    if found is None:
        return None
    if isinstance(look, OrganisationLook):
        document = OrganisationDocument.model_validate(found)
        return await open_organisation_sheet(session, document)
    place = find_place(look.sheet)
    try:
        return _open_sheet(AssetDocument.model_validate(found), place)
    except NotFoundError:
        return None


def find_place(sheet: Sheet) -> PlaceRef:
    """Return which place the questions of a sheet are about alone."""
    if "standing" not in sheet.asked:
        return None
    return sheet.site or "new"


def turn_to_place(look: Look, site: UUID | None, *, is_new: bool) -> Look:
    """Return the same look with the answers about one place; for whoever sees what is private.

    A place that is not there any more has the answers of one that was never there.

    Args:
        look: What they see.
        site: Public id of the place.
        is_new: Whether it is still to be added.
    """
    try:
        sheet = open_place_sheet(look.document, None if is_new else site)
    except NotFoundError:
        sheet = open_place_sheet(look.document, None)._replace(site=site)
    return look._replace(sheet=sheet)


async def write_changes(
    session: AsyncSession, look: AnyLook, changed: Mapping[str, Answer], *, saw_private: bool
) -> dict[str, Any]:
    """Return the fields that changed answers make anew, as JSON.

    Args:
        session: The transaction.
        look: What is changed.
        changed: The new answers, by question.
        saw_private: As in `write_fields`.

    Raises:
        ValueError: A point or an area cannot be read.
    """
    if isinstance(look, OrganisationLook):
        return await write_organisation_fields(
            session, look.document, changed, saw_private=saw_private
        )
    return write_fields(look.document, look.sheet, changed, saw_private=saw_private)
