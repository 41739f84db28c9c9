"""The demonstration place without what it begins with."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database, DatabaseAddress
from app.core.settings import Settings
from tests.conftest import make_template, open_client


async def _clear(address: DatabaseAddress) -> None:
    database = Database(address, pool_size=0)
    async with database.sessions.begin() as session:
        for table in ("asset_sites", "assets", "organisations"):
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours
    await database.close()


@pytest.fixture(scope="session")
def origin(server: DatabaseAddress, demo_template: str, locks: Path) -> str:
    """What these tests begin with."""
    return make_template(server, locks, "template_without_records", demo_template, _clear)


@pytest.fixture
def database(demo_database: Database) -> Database:
    """The demonstration place without the organisations and assets that it begins with."""
    return demo_database


@pytest.fixture
async def client(database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application on that place."""
    async with open_client(database, settings) as opened:
        yield opened
