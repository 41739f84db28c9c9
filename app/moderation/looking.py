"""How somebody sees an asset that they would change: as everybody does, or with what is private."""

from datetime import UTC, datetime
from typing import NamedTuple
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
from app.moderation.answers import Sheet, open_public_sheet, open_sheet
from app.records.keeping import Kept
from app.records.queries import fetch_document
from app.records.vocabulary import Status, Subject


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


async def look_at_asset(
    session: AsyncSession, reads: PublicReads, actor: Actor, public_id: UUID
) -> Look:
    """Return an asset as this person sees it.

    Raises:
        NotFoundError: There is none, or none for this person to see.
    """
    try:
        opened = await keep_assets(session, actor).open(public_id)
    except NotFoundError:
        return await _look_as_stranger(session, reads, actor, public_id)
    kept, document, areas = opened
    is_own = actor.person_id is not None and kept.author_id == actor.person_id
    may_edit = (is_own and kept.status is Status.WAITING) or (
        actor.may(Permission.EDIT, areas) and actor.may(Permission.PUBLISH, areas)
    )
    sheet = open_sheet(document)
    may_confirm = actor.may(Permission.CONFIRM, areas)
    return Look(kept, document, sheet, areas, True, may_edit, may_confirm)


async def _look_as_stranger(
    session: AsyncSession, reads: PublicReads, actor: Actor, public_id: UUID
) -> Look:
    sheet = await open_public(session, reads, public_id)
    kept, document, areas = await keep_assets(session, SYSTEM).open(public_id)
    may_confirm = actor.may(Permission.CONFIRM, areas)
    return Look(
        kept, document, sheet, areas,
        saw_private=False, may_edit=False, may_confirm=may_confirm,
    )  # fmt: skip


async def open_public(session: AsyncSession, reads: PublicReads, public_id: UUID) -> Sheet:
    """Return what everybody may know of an asset.

    Raises:
        NotFoundError: There is none, or it is hidden; one that may be found by its name only has
            nothing that could be changed by whoever finds it.
    """
    found = await read_asset(reads, session, public_id, datetime.now(UTC))
    try:
        return open_public_sheet(AssetRead.model_validate(orjson.loads(found.body)))
    except ValidationError:
        raise NotFoundError(NO_ASSET) from None


async def open_earlier(session: AsyncSession, look: Look, revision: int) -> Sheet | None:
    """Return what was said of the asset at a revision, private details included; None: no such."""
    found = await fetch_document(session, Subject.ASSET, look.kept.id, revision)
    if found is None:
        return None
    return open_sheet(AssetDocument.model_validate(found), look.sheet.site)


def turn_to_site(look: Look, site: UUID | None) -> Look:
    """Return the same look with the questions about one site; for whoever sees what is private."""
    return look._replace(sheet=open_sheet(look.document, site))
