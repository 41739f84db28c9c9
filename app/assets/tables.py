"""Every INSERT of assets, and the SELECTs of those who may see private details.

What strangers read comes from public views: `queries.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, all_, any_, cast, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from app.assets.models import Asset, AssetCategory, AssetSite, SiteContact, SiteServedArea
from app.geo import expressions as geo
from app.organisations.models import Organisation
from app.records.models import RecordSource
from app.records.vocabulary import Subject

AnyRow = Row[*tuple[Any, ...]]


async def fetch_kept(session: AsyncSession, public_id: UUID, *, lock: bool) -> AnyRow | None:
    """Return id, public_id, revision, status and author_id, the row locked if asked; or None."""
    query = select(Asset.id, Asset.public_id, Asset.revision, Asset.status, Asset.author_id).where(
        Asset.public_id == public_id
    )
    return (await session.execute(query.with_for_update() if lock else query)).one_or_none()


async def fetch_standing(session: AsyncSession, asset_id: int) -> tuple[int, str]:
    """Return revision and status of an asset, its row locked."""
    query = select(Asset.revision, Asset.status).where(Asset.id == asset_id).with_for_update()
    row = (await session.execute(query)).one()
    return row.revision, row.status


async def is_public(session: AsyncSession, asset_id: int) -> bool:
    """Whether strangers can see that the asset exists."""
    query = select(Asset.public_level != "hidden").where(Asset.id == asset_id)
    return bool(await session.scalar(query))


async def insert_assets(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add assets and return their numbers, in order."""
    add = insert(Asset).returning(Asset.id, sort_by_parameter_order=True)
    return list(await session.scalars(add, rows))


async def update_asset(session: AsyncSession, asset_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of an asset."""
    await session.execute(
        update(Asset).where(Asset.id == asset_id).values(**values, updated_at=func.now())
    )


async def delete_assets(session: AsyncSession, ids: Collection[int]) -> list[int]:
    """Remove assets but for the places of those that stay; return the numbers of the removed."""
    wanted = cast(list(ids), postgresql.ARRAY(postgresql.BIGINT))
    needed = select(AssetSite.place_id).where(
        AssetSite.place_id == any_(wanted), AssetSite.asset_id != all_(wanted)
    )
    gone = select(Asset.id).where(Asset.id == any_(wanted), Asset.id.not_in(needed))
    removed = list(await session.scalars(gone))
    gone_ids = cast(removed, postgresql.ARRAY(postgresql.BIGINT))
    for table, column in ((AssetSite, AssetSite.asset_id), (Asset, Asset.id)):
        await session.execute(delete(table).where(column == any_(gone_ids)))
    return removed


async def insert_categories(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add what assets are."""
    if rows:
        await session.execute(insert(AssetCategory), rows)


async def delete_categories(session: AsyncSession, asset_id: int) -> None:
    """Remove what an asset is, before it is written anew."""
    await session.execute(delete(AssetCategory).where(AssetCategory.asset_id == asset_id))


async def insert_sites(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add sites and return their numbers, in order."""
    add = insert(AssetSite).returning(AssetSite.id, sort_by_parameter_order=True)
    return list(await session.scalars(add, rows)) if rows else []


async def fetch_site_ids(session: AsyncSession, asset_id: int) -> dict[UUID, int]:
    """Return the numbers of an asset's sites by their public ids."""
    query = select(AssetSite.public_id, AssetSite.id).where(AssetSite.asset_id == asset_id)
    return {row.public_id: row.id for row in await session.execute(query)}


async def update_site(session: AsyncSession, site_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a site."""
    await session.execute(update(AssetSite).where(AssetSite.id == site_id).values(**values))


async def delete_sites(session: AsyncSession, ids: Collection[int]) -> None:
    """Remove sites with all that belongs to them."""
    if ids:
        await session.execute(delete(AssetSite).where(AssetSite.id.in_(ids)))


async def delete_site_parts(session: AsyncSession, ids: Collection[int]) -> None:
    """Remove contacts and served areas of sites, before they are written anew."""
    for table in (SiteContact, SiteServedArea):
        await session.execute(delete(table).where(table.site_id.in_(ids)))


async def insert_contacts(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add ways to reach sites."""
    if rows:
        await session.execute(insert(SiteContact), rows)


async def insert_served_areas(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the areas whose people sites serve."""
    if rows:
        await session.execute(insert(SiteServedArea), rows)


async def fetch_organisations(
    session: AsyncSession, public_ids: Collection[UUID]
) -> dict[UUID, AnyRow]:
    """Return id and public_level of organisations by public id."""
    query = select(Organisation.public_id, Organisation.id, Organisation.public_level).where(
        Organisation.public_id == any_(_uuids(public_ids))
    )
    return {row.public_id: row for row in await session.execute(query)} if public_ids else {}


async def fetch_places(session: AsyncSession, public_ids: Collection[UUID]) -> dict[UUID, AnyRow]:
    """Return id, kind, public_level, author_id and the point of place assets by public id.

    The point is that of the first site of delivery: lon and lat, None where it has none.
    """
    query = (
        select(
            Asset.public_id,
            Asset.id,
            Asset.kind,
            Asset.public_level,
            Asset.author_id,
            geo.longitude(AssetSite.location).label("lon"),
            geo.latitude(AssetSite.location).label("lat"),
        )
        .ext(postgresql.distinct_on(Asset.id))
        .outerjoin(AssetSite, (AssetSite.asset_id == Asset.id) & (AssetSite.role == "delivery"))
        .where(Asset.public_id == any_(_uuids(public_ids)))
        .order_by(Asset.id, AssetSite.position)
    )
    return {row.public_id: row for row in await session.execute(query)} if public_ids else {}


async def fetch_public_ids(session: AsyncSession, references: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the public ids of assets by the references of their sources."""
    if not references:
        return {}
    query = (
        select(RecordSource.reference, Asset.public_id)
        .join(Asset, Asset.id == RecordSource.subject_id)
        .where(
            RecordSource.subject == Subject.ASSET,
            RecordSource.reference == any_(_uuids(references)),
        )
    )
    return {row.reference: row.public_id for row in await session.execute(query)}


def _uuids(ids: Collection[UUID]) -> Any:  # noqa: ANN401 - a cast of SQLAlchemy
    return cast(list(ids), postgresql.ARRAY(postgresql.UUID))
