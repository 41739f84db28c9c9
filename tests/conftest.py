"""What every test may ask for: a real PostGIS, the application, and the demonstration place.

One throwaway cluster serves the whole run. It holds two templates, one migrated and empty, one
with the demonstration pack loaded. A test gets a clone of its own; those marked `reads` share one
in each process, in which PostgreSQL refuses every write.
"""

import asyncio
import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, ExceptionContext, event

from app.core.database import Database, DatabaseAddress
from app.core.local_postgres import LocalPostgres
from app.core.logging import configure_logging
from app.core.schema import prepare_database
from app.core.settings import Settings
from app.main import create_app
from app.packs.service import load_pack

PROJECT = Path(__file__).parents[1]
EMPTY = "template_empty"
DEMO = "template_demo"
KEPT_CONNECTIONS = 5
READ_ONLY = "read-only transaction"
WRITES_ALTHOUGH_READS = (
    "This test is marked `reads`, itself or by its file, so it shares its database and may not "
    "write. Mark it `@pytest.mark.writes`: it will get a clone of its own."
)
SERVER_KEY = pytest.StashKey[DatabaseAddress]()
CLUSTER_KEY = pytest.StashKey[tuple[LocalPostgres, Path]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the cluster once, in the process that hands out the tests, and migrate the template."""
    config = session.config
    configure_logging("json", "WARNING")
    if worker_input := getattr(config, "workerinput", None):
        config.stash[SERVER_KEY] = DatabaseAddress(worker_input["server"])
        return
    folder = Path(tempfile.mkdtemp(prefix="hereabouts-test-"))
    cluster = LocalPostgres(folder / "postgres", durable=False)
    cluster.start()
    config.stash[CLUSTER_KEY] = (cluster, folder)
    config.stash[SERVER_KEY] = cluster.address
    prepare_database(cluster.address.with_name(EMPTY))


def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - an object of pytest-xdist
    """Tell a worker where the cluster is."""
    node.workerinput["server"] = node.config.stash[SERVER_KEY].for_libpq


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster and remove it."""
    if found := config.stash.get(CLUSTER_KEY, None):
        cluster, folder = found
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the open data, with the reason, where REALDATA names no folder."""
    if os.environ.get("REALDATA"):
        return
    missing = pytest.mark.skip(reason="REALDATA does not name the folder of open data")
    for item in items:
        if item.get_closest_marker("realdata"):
            item.add_marker(missing)


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real open data; only for tests marked `realdata`."""
    return Path(os.environ["REALDATA"]).resolve()


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> DatabaseAddress:
    """The address of the throwaway cluster."""
    return pytestconfig.stash[SERVER_KEY]


def clone(server: DatabaseAddress, template: str, name: str) -> DatabaseAddress:
    """Make the database `name` as a copy of `template`."""
    with psycopg.connect(server.with_name("postgres").for_libpq, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return server.with_name(name)


def drop(server: DatabaseAddress, name: str) -> None:
    """Remove the database `name`, whoever is still connected."""
    with psycopg.connect(server.with_name("postgres").for_libpq, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


@contextmanager
def cloned(server: DatabaseAddress, template: str) -> Iterator[DatabaseAddress]:
    """Yield a copy of `template`, dropped at the end."""
    name = f"test_{uuid.uuid4().hex}"
    yield clone(server, template, name)
    drop(server, name)


@contextmanager
def cloned_for_reading(server: DatabaseAddress, template: str) -> Iterator[DatabaseAddress]:
    """Yield a copy of `template` in which nothing can be written."""
    with cloned(server, template) as address:
        with psycopg.connect(server.with_name("postgres").for_libpq, autocommit=True) as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(
                    sql.Identifier(address.name)
                )
            )
        yield address


refused_writes: list[str] = []
"""What the running test tried to write through SQLAlchemy and PostgreSQL refused."""


@event.listens_for(Engine, "handle_error")
def note_refused_write(context: ExceptionContext) -> None:
    """Remember a refused write, because an answer with status 500 does not say that it was one."""
    if READ_ONLY in str(context.original_exception):
        refused_writes.append(str(context.statement))


def only_reads(test: pytest.Item) -> bool:
    """Whether a test is marked `reads`; its own mark counts before that of its file."""
    marks = (mark.name for mark in test.iter_markers() if mark.name in {"reads", "writes"})
    return next(marks, "writes") == "reads"


@contextmanager
def lend(
    request: pytest.FixtureRequest, template: str, for_reading: str
) -> Iterator[DatabaseAddress]:
    """Yield the database for one test: a clone of its own, or that of all tests that only read."""
    if not only_reads(request.node):
        with cloned(request.getfixturevalue("server"), template) as address:
            yield address
        return
    refused_writes.clear()
    yield request.getfixturevalue(for_reading)
    if refused_writes:
        pytest.fail(f"{WRITES_ALTHOUGH_READS} It wrote: {refused_writes[0]}")


@pytest.fixture(scope="session")
def empty_for_reading(server: DatabaseAddress) -> Iterator[DatabaseAddress]:
    """A migrated, empty database for all tests of this process that only read."""
    with cloned_for_reading(server, EMPTY) as address:
        yield address


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[DatabaseAddress]:
    """A migrated, empty database: this test's own, unless it is marked `reads`."""
    with lend(request, EMPTY, "empty_for_reading") as lent:
        yield lent


@pytest.fixture
async def database(address: DatabaseAddress) -> AsyncIterator[Database]:
    """A migrated, empty database, opened as for loads; unordered queries come back shuffled."""
    opened = open_shuffled(address)
    yield opened
    await opened.close()


def open_shuffled(address: DatabaseAddress, pool_size: int = 0) -> Database:
    """Open a database whose SELECTs without an order return their rows in random order.

    A test that passes only because rows happened to come in a certain order fails here.

    Args:
        address: Where it is.
        pool_size: How many connections are kept; a new one for each request takes longer than most
            requests.
    """
    opened = Database(address, pool_size)

    @event.listens_for(opened.engine.sync_engine, "before_cursor_execute", retval=True)
    def shuffle(
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: object,
        _context: object,
        _executemany: object,
    ) -> tuple[str, object]:
        plain = statement.strip().upper()
        is_query = plain.startswith("SELECT") and " FOR UPDATE" not in plain
        if is_query and "ORDER BY" not in plain and "FROM" in plain:
            statement = f"SELECT * FROM ({statement}) AS shuffled ORDER BY random()"  # noqa: S608
        return statement, parameters

    return opened


@pytest.fixture(scope="session")
def demo_template(server: DatabaseAddress, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the demonstration pack; made once a run, whoever asks first."""
    lock = tmp_path_factory.getbasetemp().parent / "demo-template.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with psycopg.connect(server.with_name("postgres").for_libpq) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            made = connection.execute(query, [DEMO]).fetchone()
        if not made:
            unfinished = clone(server, EMPTY, f"{DEMO}_{uuid.uuid4().hex}")
            asyncio.run(_load_demo(unfinished))
            clone(server, unfinished.name, DEMO)
            drop(server, unfinished.name)
    return DEMO


async def ignore_progress(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far a load is."""


async def _load_demo(address: DatabaseAddress) -> None:
    database = Database(address, pool_size=0)
    try:
        await load_pack(database, PROJECT / "data/packs/demo", ignore_progress)
    finally:
        await database.close()


@pytest.fixture(scope="session")
def demo_for_reading(server: DatabaseAddress, demo_template: str) -> Iterator[DatabaseAddress]:
    """A database with the demonstration pack for all tests of this process that only read."""
    with cloned_for_reading(server, demo_template) as address:
        yield address


@pytest.fixture
def demo_address(request: pytest.FixtureRequest, demo_template: str) -> Iterator[DatabaseAddress]:
    """A database with the demonstration pack: this test's own, unless it is marked `reads`."""
    with lend(request, demo_template, "demo_for_reading") as lent:
        yield lent


@pytest.fixture
async def demo_database(demo_address: DatabaseAddress) -> AsyncIterator[Database]:
    """A database with the demonstration pack, opened as for visitors; queries are shuffled too."""
    opened = open_shuffled(demo_address, KEPT_CONNECTIONS)
    yield opened
    await opened.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings for one test: its own folder for state, no worker, nothing from the environment."""
    return Settings(_env_file=None, var_dir=tmp_path / "var", run_worker=False)


@pytest.fixture
async def client(demo_database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application, with the demonstration pack loaded."""
    async with open_client(demo_database, settings) as opened:
        yield opened


@pytest.fixture
async def empty_client(database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application before any pack is loaded."""
    async with open_client(database, settings) as opened:
        yield opened


def open_client(database: Database, settings: Settings) -> httpx.AsyncClient:
    """Return a client that calls the application directly, on `database`."""
    app = create_app(settings, database=database)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://hereabouts.test")
