"""Tests that only read share a database, and cannot write to it by mistake."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.database import Database, DatabaseAddress
from tests.conftest import Share, refused_writes

pytestmark = pytest.mark.reads

FORGET = "DELETE FROM versions"


async def test_a_write_is_refused_and_remembered(demo_database: Database) -> None:
    async with demo_database.sessions() as session:
        with pytest.raises(DBAPIError, match="read-only"):
            await session.execute(text(FORGET))
    assert refused_writes == [FORGET]
    # Else this very test would fail at its end.
    refused_writes.clear()


def test_so_is_one_past_the_service(
    demo_address: DatabaseAddress, demo_template: str, share: Share
) -> None:
    assert demo_address.name == share(demo_template).name
    with psycopg.connect(demo_address.for_libpq) as connection:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute(FORGET)
        connection.rollback()


@pytest.mark.writes
def test_a_test_that_writes_has_a_clone_of_its_own(
    demo_address: DatabaseAddress, demo_template: str, share: Share
) -> None:
    assert demo_address.name != share(demo_template).name
    with psycopg.connect(demo_address.for_libpq) as connection:
        assert connection.execute(FORGET).rowcount > 0
