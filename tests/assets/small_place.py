"""A few assets of a test's own, written straight into the tables."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.assets.models import (
    Asset,
    AssetCategory,
    AssetSite,
    SiteContact,
    SiteServedArea,
)
from app.core.database import Database
from app.geo.expressions import point_wkt
from app.organisations.models import Organisation
from app.records.models import Assertion, RecordSource, Revision
from app.taxonomy.models import Category

_NAMESPACE = UUID("0d9ef5f4-2d53-4c9c-a6a9-7f0c9a3a8f11")


def name_asset(name: str) -> UUID:
    """Return the public id of the asset that a test calls `name`."""
    return uuid5(_NAMESPACE, name)


@dataclass
class Site:
    """A site as a test describes it; the rest is what most sites are."""

    at: tuple[float, float] | None = None
    mode: str = "address"
    visibility: str = "public"
    role: str = "delivery"
    address: str = "1 Quay Street"
    postcode: str = "ZZ1 1AA"
    serves: list[tuple[str, str]] = field(default_factory=list)
    contacts: list[tuple[str, str, str]] = field(default_factory=list)
    place: str | None = None
    schedule_id: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None


async def add_asset(  # noqa: PLR0913 - a test says what matters to it
    database: Database,
    name: str,
    sites: list[Site],
    *,
    categories: tuple[str, ...] = ("library",),
    organisation: str | None = None,
    source: str = "Test list",
    documents: tuple[dict[str, Any], ...] = (),
    **columns: object,
) -> UUID:
    """Add one asset, and return its public id; what strangers see is worked out on commit.

    Args:
        database: Where to.
        name: What it is called, and what its public id is made of.
        sites: Where it is.
        categories: Codes.
        organisation: Name of one that `add_organisation` added.
        source: Where it comes from.
        documents: What its revisions held, oldest first.
        **columns: Other columns of `assets`.
    """
    values: dict[str, Any] = {
        "public_id": name_asset(name), "name": name, "kind": "service", "translations": {},
        "description": "", "eligibility": "", "cost": "not stated", "cost_words": "",
        "languages": [], "how_to_join": "", "term_time_only": "not stated",
        "step_free": "not stated", "accessible_toilet": "not stated",
        "hearing_loop": "not stated", "parking": "not stated", "alert": "",
        "visibility": "public", "findable": False, "status": "published", "revision": 1,
    }  # fmt: skip
    async with database.sessions.begin() as session:
        if organisation is not None:
            query = select(Organisation.id).where(Organisation.name == organisation)
            values["organisation_id"] = (await session.execute(query)).scalar_one()
        made = insert(Asset).values(values | columns).returning(Asset.id)
        asset_id = (await session.execute(made)).scalar_one()
        for position, code in enumerate(categories, 1):
            category = await find_category(session, code)
            row = {"asset_id": asset_id, "category_id": category, "position": position}
            await session.execute(insert(AssetCategory).values(row))
        for position, site in enumerate(sites, 1):
            await _add_site(session, asset_id, position, site, name)
        origin = {"subject": "asset", "subject_id": asset_id, "source": source, "source_id": name,
                  "licence": "CC0-1.0", "method": "imported"}  # fmt: skip
        await session.execute(insert(RecordSource).values(origin))
        for number, document in enumerate(documents, 1):
            revision = {"subject": "asset", "subject_id": asset_id, "number": number,
                        "author": "", "method": "visited", "action": "changed", "note": "",
                        "status": "published", "document": document, "changed": []}  # fmt: skip
            await session.execute(insert(Revision).values(revision))
    return name_asset(name)


async def add_organisation(database: Database, name: str, visibility: str = "public") -> UUID:
    """Add an organisation and return its public id."""
    values = {
        "public_id": name_asset(name), "name": name, "translations": {}, "kind": "charity",
        "legal_form": "", "description": "", "visibility": visibility, "findable": False,
        "status": "published", "revision": 1,
    }  # fmt: skip
    async with database.sessions.begin() as session:
        await session.execute(insert(Organisation).values(values))
    return name_asset(name)


async def confirm(
    database: Database,
    name: str,
    aspect: str,
    day: date,
    until: date | None,
    *,
    is_right: bool = True,
) -> None:
    """Note that somebody made sure of one respect of an asset."""
    async with database.sessions.begin() as session:
        query = select(Asset.id).where(Asset.public_id == name_asset(name))
        row = {"subject": "asset", "subject_id": (await session.execute(query)).scalar_one(),
               "aspect": aspect, "is_right": is_right, "asserted_on": day, "holds_until": until,
               "method": "visited", "author": ""}  # fmt: skip
        await session.execute(insert(Assertion).values(row))


async def find_category(session: AsyncSession, code: str) -> int:
    """Return the id of a category."""
    return (await session.scalars(select(Category.id).where(Category.code == code))).one()


async def remove_assets(database: Database) -> None:
    """Take away the assets that the demonstration pack brings, so that a test has its own only."""
    async with database.sessions.begin() as session:
        freed = "UPDATE asset_sites SET place_id = NULL, mode = 'address' WHERE mode = 'place'"
        await session.execute(text(freed))
        await session.execute(text("DELETE FROM assets"))


async def _add_site(
    session: AsyncSession, asset_id: int, position: int, site: Site, name: str
) -> None:
    place_id = None
    if site.place is not None:
        query = select(Asset.id).where(Asset.public_id == name_asset(site.place))
        place_id = (await session.execute(query)).scalar_one()
    values = {
        "public_id": uuid5(_NAMESPACE, f"{name}/{position}"), "asset_id": asset_id,
        "position": position, "role": site.role, "mode": site.mode, "place_id": place_id,
        "address": "" if place_id else site.address, "postcode": "" if place_id else site.postcode,
        "location": None if site.at is None else point_wkt(*site.at),
        "hours_words": "", "time_zone": "Europe/London", "capacity_unit": "places a week",
        "visibility": site.visibility, "schedule_id": site.schedule_id,
        "valid_from": site.valid_from, "valid_to": site.valid_to,
    }  # fmt: skip
    made = insert(AssetSite).values(values).returning(AssetSite.id)
    site_id = (await session.execute(made)).scalar_one()
    for area_type, code in site.serves:
        row = {"site_id": site_id, "area_type": area_type, "area_code": code}
        await session.execute(insert(SiteServedArea).values(row))
    for number, (kind, value, visibility) in enumerate(site.contacts, 1):
        contact = {"site_id": site_id, "position": number, "kind": kind, "value": value,
                   "label": "", "visibility": visibility}  # fmt: skip
        await session.execute(insert(SiteContact).values(contact))
