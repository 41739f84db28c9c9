"""What the public would see of an asset that is not kept yet: kept, looked at, and undone.

So the answer is made by the very rules of the database and the very SQL that lists are made by,
and cannot differ from what is shown later.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import SYSTEM
from app.assets.cards import FINDABLE, write_cards
from app.assets.opening import SiteOpening, TimedSite, tell_openings_of
from app.assets.reading_queries import SITES
from app.assets.schemas import AssetDocument
from app.assets.service import keep_assets
from app.records.vocabulary import Method

_WORK_OUT = text("SELECT refresh_public()")
_CARD = text(f"""
WITH page AS (
    SELECT s.asset_id, s.id AS site_id FROM public_sites AS s WHERE s.asset_id = :asset
        AND NOT s.in_margin
    ORDER BY s.position LIMIT 1)
SELECT {write_cards("NULL::float8", "1")}
""")  # noqa: S608 - a query of ours
_LISTED = text("SELECT is_listed FROM public_assets WHERE id = :asset")
_OUTSIDE = text("SELECT public_id FROM public_sites WHERE asset_id = :asset AND in_margin")
_FINDABLE = text(f"SELECT {FINDABLE} FROM findable_assets AS f WHERE f.id = :asset")  # noqa: S608
_SITES = text(SITES.replace("$1", ":asset"))


class Preview(NamedTuple):
    """What strangers would be told.

    Attributes:
        card: The row of lists, as in `GET /api/v1/assets`; None: in no list. With sites it lies
            in the margin then, and its own page is there.
        opening: Whether the site of that row is open now; None where that is not known.
        sites: What its own page says of each place, as in `GET /api/v1/assets/{asset}`.
        found: Of a hidden one that may be found: its name and contacts; None for all others.
        outside: Ids of the sites that lie in the margin: in no list, whatever else is.
    """

    card: dict[str, Any] | None = None
    opening: SiteOpening | None = None
    sites: tuple[dict[str, Any], ...] = ()
    found: dict[str, Any] | None = None
    outside: frozenset[str] = frozenset()


async def preview_asset(
    session: AsyncSession, document: AssetDocument, moment: datetime
) -> Preview:
    """Return what the public will see of it; empty: nothing at all.

    Nothing of it is left in the database, and nobody else can see it meanwhile.

    Raises:
        BadRequestError: It refers to something that is not there.
    """
    undone = await session.begin_nested()
    try:
        kept = await keep_assets(session, SYSTEM).submit(document, Method.TYPED_IN)
        await session.execute(_WORK_OUT)
        asked = {"asset": kept.id}
        is_listed = (await session.execute(_LISTED, asked)).scalar_one_or_none()
        row = (await session.execute(_CARD, asked)).one_or_none() if is_listed else None
        if is_listed is None or (is_listed and row is None):
            found = (await session.execute(_FINDABLE, asked)).one_or_none()
            return Preview(found=orjson.loads(found.properties) if found else None)
        rows = (await session.execute(_SITES, asked)).all()
        sites = tuple(orjson.loads(each.site) for each in rows)
        outside = frozenset(map(str, await session.scalars(_OUTSIDE, asked)))
        if row is None:
            return Preview(sites=sites, outside=outside)
        card = {
            "id": str(row.asset),
            "geometry": orjson.loads(row.geometry) if row.geometry else None,
            "properties": orjson.loads(row.properties),
        }
        first = UUID(card["properties"]["site_id"])
        timed = [
            TimedSite(first, each.schedule_id, each.time_zone)
            for each, site in zip(rows, sites, strict=True)
            if site["id"] == str(first) and each.schedule_id is not None
        ]
        openings = await tell_openings_of(session, timed, moment)
        return Preview(card, openings.get(first), sites, outside=outside)
    finally:
        await undone.rollback()
