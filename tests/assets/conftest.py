"""The demonstration place without the assets that it begins with."""

from pathlib import Path

import pytest

from app.core.database import Database, DatabaseAddress
from tests.assets.small_place import remove_assets
from tests.conftest import make_template


async def _clear(address: DatabaseAddress) -> None:
    database = Database(address, pool_size=0)
    await remove_assets(database)
    await database.close()


@pytest.fixture(scope="session")
def bare_template(server: DatabaseAddress, demo_template: str, locks: Path) -> str:
    """The name of a database with the demonstration pack, but without its assets."""
    return make_template(server, locks, "template_bare", demo_template, _clear)
