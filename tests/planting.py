"""Puts organisations and assets into a database as people with every right would."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.accounts.permissions import SYSTEM
from app.assets.schemas import AssetDocument
from app.assets.service import keep_assets
from app.core.database import Database
from app.organisations.schemas import OrganisationDocument
from app.organisations.service import keep_organisations
from app.records.keeping import Kept
from app.records.service import Keeper
from app.records.vocabulary import Method, Status
from app.records.writing import Deed

Said = Mapping[str, Any]


async def add_organisation(
    database: Database, said: Said, status: Status = Status.PUBLISHED
) -> Kept:
    """Add an organisation and let it stand so."""
    async with database.sessions.begin() as session:
        keeper = keep_organisations(session, SYSTEM)
        kept = await keeper.submit(OrganisationDocument.model_validate(said), Method.TYPED_IN)
        return await _stand(keeper, kept, status)


async def add_asset(database: Database, said: Said, status: Status = Status.PUBLISHED) -> Kept:
    """Add an asset and let it stand so."""
    async with database.sessions.begin() as session:
        keeper = keep_assets(session, SYSTEM)
        kept = await keeper.submit(AssetDocument.model_validate(said), Method.TYPED_IN)
        return await _stand(keeper, kept, status)


async def _stand(keeper: Keeper[Any], kept: Kept, status: Status) -> Kept:
    if status is Status.PUBLISHED:
        return kept
    if status in {Status.WAITING, Status.REJECTED}:
        await keeper._store.set_status(keeper._session, kept.id, Status.WAITING, 1)
        kept = kept._replace(status=Status.WAITING)
        if status is Status.WAITING:
            return kept
    return await keeper.move(kept.public_id, status, "for a test")


async def edit_organisation(database: Database, public_id: UUID, fields: Said) -> Kept:
    """Change fields of an organisation."""
    async with database.sessions.begin() as session:
        keeper = keep_organisations(session, SYSTEM)
        opened = await keeper.open(public_id)
        deed = Deed(SYSTEM, "changed", Method.TYPED_IN)
        return await keeper.edit(public_id, dict(fields), opened.kept.revision, deed)


async def edit_asset(database: Database, public_id: UUID, fields: Said) -> Kept:
    """Change fields of an asset; the only site given is the one there is."""
    async with database.sessions.begin() as session:
        keeper = keep_assets(session, SYSTEM)
        opened = await keeper.open(public_id)
        deed = Deed(SYSTEM, "changed", Method.TYPED_IN)
        if "sites" in fields:
            ids = [str(site.id) for site in opened.document.sites]
            sites = [{"id": i, **site} for i, site in zip(ids, fields["sites"], strict=False)]
            fields = {**fields, "sites": sites}
        return await keeper.edit(public_id, dict(fields), opened.kept.revision, deed)


async def find_district(database: Database, number: int = 0) -> dict[str, Any]:
    """Return a publishing area of the demonstration place, with points inside and what is around.

    Keys are id, code, name, authority (a code), centroid and points, each a (lon, lat).
    """
    query = """
        SELECT a.id, a.code, a.name, ST_X(a.centroid) AS lon, ST_Y(a.centroid) AS lat,
               (SELECT u.code FROM area_lookups AS l JOIN areas AS u ON u.id = l.to_area_id
                JOIN boundary_sets AS s ON s.id = u.boundary_set_id
                WHERE l.from_area_id = a.id AND s.area_type = 'authority' LIMIT 1) AS authority,
               (SELECT array_agg(ARRAY[round(ST_X(g.geom)::numeric, 6)::float8,
                                       round(ST_Y(g.geom)::numeric, 6)::float8] ORDER BY g.path)
                FROM ST_Dump(ST_GeneratePoints(ST_Buffer(a.boundary, -0.0005), 8, 7)) AS g)
               AS points
        FROM areas AS a
        WHERE a.boundary_set_id = publishing_set() AND a.people >= 1000 AND a.in_study_area
        ORDER BY a.code OFFSET :number LIMIT 1
    """
    async with database.sessions() as session:
        row = (await session.execute(text(query), {"number": number})).one()
    return {
        "id": row.id, "code": row.code, "name": row.name, "authority": row.authority,
        "centroid": (row.lon, row.lat), "points": [tuple(point) for point in row.points],
    }  # fmt: skip


def at(point: tuple[float, float]) -> dict[str, float]:
    """Return a point as a document has it."""
    return {"lon": point[0], "lat": point[1]}
