"""Addresses, and the order of commit and response."""

from http import HTTPStatus

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import QueuePool
from starlette.responses import Response

from app.core.database import Database, DatabaseAddress, SessionDep
from app.core.errors import (
    FaultMiddleware,
    NotFoundError,
    install_error_handlers,
    respond_with_problem,
)

DEFERRED = """
CREATE TABLE pairs (id int PRIMARY KEY, other int REFERENCES pairs DEFERRABLE INITIALLY DEFERRED)
"""


async def render(_request: Request, status: HTTPStatus, detail: str) -> Response:
    """Answer a page's error as a problem: these tests have no pages."""
    return respond_with_problem(status, detail)


def make_client(database: Database) -> httpx.AsyncClient:
    """Return a client of a small application that writes into `pairs`."""
    app = FastAPI()
    app.state.database = database
    install_error_handlers(app, render)
    app.add_middleware(FaultMiddleware, render_page=render)

    @app.post("/pairs/{number}")
    async def create_pair(session: SessionDep, number: int, other: int | None = None) -> str:
        values = {"id": number, "other": other}
        await session.execute(text("INSERT INTO pairs VALUES (:id, :other)"), values)
        if number == 13:
            raise NotFoundError("Not this one.")
        return "written"

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://h.test")


async def count(database: Database) -> int:
    """Return how many pairs are committed."""
    async with database.sessions() as session:
        return int((await session.execute(text("SELECT count(*) FROM pairs"))).scalar_one())


@pytest.fixture
async def pairs(database: Database) -> Database:
    """A database with the table `pairs`, whose foreign key is checked at commit."""
    async with database.sessions.begin() as session:
        await session.execute(text(DEFERRED))
    return database


async def test_a_commit_that_fails_is_an_error_and_not_a_success(pairs: Database) -> None:
    async with make_client(pairs) as client:
        response = await client.post("/pairs/1?other=99")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert await count(pairs) == 0


async def test_what_was_answered_as_written_is_committed_when_the_answer_arrives(
    pairs: Database,
) -> None:
    async with make_client(pairs) as client, client.stream("POST", "/pairs/1") as response:
        assert response.status_code == 200
        assert await count(pairs) == 1


async def test_an_error_of_ours_rolls_back_what_the_request_wrote(pairs: Database) -> None:
    async with make_client(pairs) as client:
        response = await client.post("/pairs/13")
    assert response.status_code == 404
    assert response.json()["detail"] == "Not this one."
    assert await count(pairs) == 0


async def test_values_stay_out_of_the_messages_of_database_errors(pairs: Database) -> None:
    insert = text("INSERT INTO pairs VALUES (:a), (:a)")
    async with pairs.sessions() as session:
        with pytest.raises(IntegrityError, match="SQL parameters hidden"):
            await session.execute(insert, {"a": 98765})


async def test_a_statement_for_a_visitor_that_never_ends_is_ended(
    address: DatabaseAddress,
) -> None:
    database = Database(address, pool_size=1, statement_s=0.1)
    async with database.sessions() as session:
        with pytest.raises(DBAPIError, match="statement timeout"):
            await session.execute(text("SELECT pg_sleep(30)"))
    async with database.sessions() as session:
        assert await session.scalar(text("SELECT 1")) == 1
    await database.close()


@pytest.mark.parametrize(("pool_size", "limit"), [(1, "15s"), (0, "0")])
async def test_only_what_answers_visitors_is_in_a_hurry(
    address: DatabaseAddress, pool_size: int, limit: str
) -> None:
    database = Database(address, pool_size)
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SHOW statement_timeout")) == limit
    await database.close()


def test_a_visitor_does_not_wait_long_for_a_connection(address: DatabaseAddress) -> None:
    pool = Database(address, pool_size=1).engine.sync_engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.timeout() == 5


@pytest.mark.parametrize(
    "spelling",
    ["postgres://u:p@h:5433/n", "postgresql://u:p@h:5433/n", "postgresql+asyncpg://u:p@h:5433/n"],
)
def test_every_usual_spelling_of_an_address_is_taken(spelling: str) -> None:
    address = DatabaseAddress(spelling)
    assert address.for_sqlalchemy.drivername == "postgresql+asyncpg"
    assert address.for_libpq == "postgresql://u:p@h:5433/n"
    assert address.with_name("other").name == "other"


@pytest.mark.parametrize("nonsense", ["", "sqlite:///x.db", "mysql://a:hunter2@b/c", "not an url"])
def test_an_address_of_something_else_is_refused_without_repeating_it(nonsense: str) -> None:
    with pytest.raises(ValueError, match="not the address of a PostgreSQL database") as caught:
        DatabaseAddress(nonsense)
    assert "hunter2" not in str(caught.value)


def test_an_address_shows_no_password_when_printed() -> None:
    assert "hunter2" not in repr(DatabaseAddress("postgresql://u:hunter2@h/n"))
