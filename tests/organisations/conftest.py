"""The demonstration place without what it begins with."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from app.core.settings import Settings
from tests.conftest import open_client


@pytest.fixture
async def database(demo_database: Database) -> Database:
    """The demonstration place without the organisations and assets that it begins with."""
    async with demo_database.sessions.begin() as session:
        for table in ("asset_sites", "assets", "organisations"):
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours
    return demo_database


@pytest.fixture
async def client(database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application on that place."""
    async with open_client(database, settings) as opened:
        yield opened
