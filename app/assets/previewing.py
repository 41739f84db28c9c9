"""What the public would see of an asset that is not kept yet: kept, looked at, and undone.

So the answer is made by the very rules of the database and the very SQL that lists are made by,
and cannot differ from what is shown later.
"""

from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import SYSTEM
from app.assets.cards import FINDABLE, write_cards
from app.assets.schemas import AssetDocument
from app.assets.service import keep_assets
from app.records.vocabulary import Method

_WORK_OUT = text("SELECT refresh_public()")
_CARD = text(f"""
WITH page AS (
    SELECT s.asset_id, s.id AS site_id FROM public_sites AS s WHERE s.asset_id = :asset
    ORDER BY s.position LIMIT 1)
SELECT {write_cards("NULL::float8", "1")}
""")  # noqa: S608 - a query of ours
_FINDABLE = text(f"SELECT {FINDABLE} FROM findable_assets AS f WHERE f.id = :asset")  # noqa: S608


async def preview_card(session: AsyncSession, document: AssetDocument) -> dict[str, Any] | None:
    """Return what lists will say of it, as in `GET /api/v1/assets`; None: nothing at all.

    Nothing of it is left in the database, and nobody else can see it meanwhile.

    Raises:
        BadRequestError: It refers to something that is not there.
    """
    undone = await session.begin_nested()
    try:
        kept = await keep_assets(session, SYSTEM).submit(document, Method.TYPED_IN)
        await session.execute(_WORK_OUT)
        asked = {"asset": kept.id}
        row = (await session.execute(_CARD, asked)).one_or_none()
        row = row or (await session.execute(_FINDABLE, asked)).one_or_none()
        return None if row is None else orjson.loads(row.properties)
    finally:
        await undone.rollback()
