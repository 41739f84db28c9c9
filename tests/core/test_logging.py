"""What logs say, and what they must never say."""

import io
import json
import logging
from collections.abc import Iterator

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import Database
from app.core.logging import RequestLogMiddleware, configure_logging, request_id, scrub


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything logged during the test, as JSON lines."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    ours = structlog.get_config()
    configure_logging("json", "INFO", stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.configure(**ours)


def fail() -> None:
    """Raise an error whose message holds what should not be in a log."""
    raise ValueError("cannot reach postgresql://someone:hunter2@db/x for a.person@example.org")


def make_client() -> httpx.AsyncClient:
    """Return a client of a small application with the middleware."""
    router = APIRouter()

    @router.get("/postcodes/{postcode}")
    async def get_postcode(postcode: str) -> str:
        structlog.get_logger("test").info("looked_up", postcode=postcode, note="ask a@b.example")
        return request_id()

    app = FastAPI()
    app.include_router(router, prefix="/api/v1")
    app.add_middleware(RequestLogMiddleware)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://h.test")


async def test_a_postcode_in_the_address_never_reaches_the_log(written: io.StringIO) -> None:
    async with make_client() as client:
        await client.get("/api/v1/postcodes/QX1 2AB?token=s3cret")
    text = written.getvalue()
    assert "2AB" not in text
    assert "s3cret" not in text
    assert "a@b.example" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[-1]["route"] == "/api/v1/postcodes/{postcode}"


async def test_every_line_of_a_request_carries_the_id_sent_back(written: io.StringIO) -> None:
    async with make_client() as client:
        response = await client.get("/api/v1/postcodes/QX1")
    sent = response.headers["x-request-id"]
    assert response.json() == sent
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len(lines) == 2
    assert {line["request_id"] for line in lines} == {sent}


async def test_a_given_id_is_kept_only_if_it_looks_like_one() -> None:
    async with make_client() as client:
        kept = await client.get("/api/v1/postcodes/QX1", headers={"X-Request-ID": "abc-12345678"})
        forged = await client.get("/api/v1/postcodes/QX1", headers={"X-Request-ID": "x\tlevel=bad"})
    assert kept.headers["x-request-id"] == "abc-12345678"
    assert "level" not in forged.headers["x-request-id"]


def test_private_values_inside_a_traceback_are_hidden(written: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("library").exception("failed")
    assert "hunter2" not in written.getvalue()
    assert "a.person" not in written.getvalue()
    assert "Traceback" in written.getvalue()


async def _fail_on_values(database: Database, statement: str) -> None:
    values = [{"code": "QX1 2AB", "other": "first\n\nsecond QX1 2AB"}] * 2
    async with database.sessions.begin() as session:
        await session.execute(text("CREATE TABLE kept (code text PRIMARY KEY, other text)"))
        await session.execute(text("ALTER TABLE kept ADD CHECK (other <> code)"))
        await session.execute(text(statement), values)


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("INSERT INTO kept VALUES (:code, :other)", "duplicate key value violates"),
        ("INSERT INTO kept VALUES (:other, :code), (:code, :code)", "violates check constraint"),
        ("INSERT INTO kept SELECT 'a', 'b' WHERE 1 = CAST(:code AS int)", "query argument $"),
        ("INSERT INTO kept SELECT :code, CAST(CAST(:other AS text) AS int)", "type integer"),
    ],
)
async def test_values_that_the_database_repeats_are_hidden(
    database: Database, written: io.StringIO, statement: str, kept: str
) -> None:
    try:
        await _fail_on_values(database, statement)
    except SQLAlchemyError:
        logging.getLogger("library").exception("failed")
    said = json.loads(written.getvalue())
    assert kept in said["exception"]
    assert "sqlalche.me" in said["exception"]
    assert "QX1" not in said["exception"]


def test_scrub_leaves_ordinary_words_alone() -> None:
    sentence = "3 rows of areas.csv: the key to it is the column name"
    assert scrub(sentence) == sentence
