"""Assets and organisations to be kept, and people with roles to keep them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from app.accounts.permissions import Actor, AreaRef, Grant, Role
from app.accounts.service import ensure_person
from app.assets.schemas import AssetDocument
from app.assets.service import keep_assets
from app.assets.store import AssetStore
from app.core.database import Database
from app.organisations.schemas import OrganisationDocument
from app.organisations.service import keep_organisations
from app.records.keeping import Kept
from app.records.service import Keeper
from app.records.vocabulary import Method

HERE = {"lon": 1.184912, "lat": 53.849518}
"""In the borough."""

THERE = {"lon": 1.115, "lat": 53.862}
"""Replaced by a point of the other council where a test needs one."""

ADMINISTRATOR = Actor(None, "Tester", (Grant(Role.ADMINISTRATOR),))


def describe_asset(**changes: object) -> AssetDocument:
    """Return an activity at an address, with some fields changed."""
    site = {"address": "12 Oak Lane", "postcode": "HF9 4FY", "location": HERE}
    fields: dict[str, Any] = {
        "kind": "activity", "name": "Tea at three", "categories": ["befriending"],
        "sites": [site], **changes,
    }  # fmt: skip
    return AssetDocument.model_validate(fields)


def describe_organisation(**changes: object) -> OrganisationDocument:
    """Return a charity at a registered address, with some fields changed."""
    address = {"address": "1 Secret Row", "postcode": "HF5 2AA", "location": HERE}
    fields = {"name": "Old Town Friends", "kind": "charity", "addresses": [address], **changes}
    return OrganisationDocument.model_validate(fields)


async def add_asset(database: Database, actor: Actor = ADMINISTRATOR, **changes: object) -> Kept:
    """Submit an asset in a transaction of its own."""
    async with database.sessions.begin() as session:
        return await keep_assets(session, actor).submit(describe_asset(**changes), Method.TYPED_IN)


async def add_organisation(
    database: Database, actor: Actor = ADMINISTRATOR, **changes: object
) -> Kept:
    """Submit an organisation in a transaction of its own."""
    async with database.sessions.begin() as session:
        keeper = keep_organisations(session, actor)
        return await keeper.submit(describe_organisation(**changes), Method.TYPED_IN)


@asynccontextmanager
async def keeping(
    database: Database, actor: Actor = ADMINISTRATOR
) -> AsyncIterator[Keeper[AssetDocument]]:
    """Open what an actor may do to assets, committed when the block ends well."""
    async with database.sessions.begin() as session:
        yield keep_assets(session, actor)


async def make_person(database: Database, email: str, *grants: Grant) -> Actor:
    """Return somebody with an account and these roles."""
    async with database.sessions.begin() as session:
        person, _ = await ensure_person(session, email, email.partition("@")[0])
    return Actor(person.id, person.name, grants)


async def find_grantable(database: Database, asset: AssetDocument, area_type: str) -> AreaRef:
    """Return the area of a kind that an asset lies in."""
    async with database.sessions.begin() as session:
        areas = await AssetStore().find_areas(session, asset)
    return next(area for area in areas if area.area_type == area_type)


async def fetch(database: Database, query: str, **values: object) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    async with database.sessions.begin() as session:
        return [dict(row) for row in (await session.execute(text(query), values)).mappings()]
