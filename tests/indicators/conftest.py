"""The small place of these tests: bare, with indicators, and behind the API."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.database import Database
from app.core.settings import Settings
from app.main import create_app
from tests.indicators.small_place import insert_place, load_everything


@pytest.fixture
async def place(database: Database) -> Database:
    """A database with the small place and no indicator."""
    async with database.sessions.begin() as session:
        await insert_place(session)
    return database


@pytest.fixture
async def loaded(place: Database) -> Database:
    """A database with the small place and its indicators."""
    await load_everything(place)
    return place


@pytest.fixture
async def api(loaded: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application with the small place and its indicators."""
    app = create_app(settings, database=loaded)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    base = "http://hereabouts.test/api/v1"
    async with httpx.AsyncClient(transport=transport, base_url=base) as opened:
        yield opened
