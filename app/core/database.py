"""The database: its address in the forms each driver wants, and one transaction a request."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import MetaData, event
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import NullPool
from starlette.requests import HTTPConnection

from app.core.public_reads import PublicReads

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table; constraint names are predictable so that migrations can say them."""

    metadata = MetaData(naming_convention=NAMING)


class DatabaseAddress:
    """Where the database is, written for each of the programs that connect to it.

    Args:
        url: Any usual spelling (`postgres://`, `postgresql://`, with or without a driver). A unix
            socket is `postgresql://user@/name?host=/folder`.

    Raises:
        ValueError: The address is not one of PostgreSQL; the sentence does not repeat it,
            because it may hold a password.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except Exception as error:
            raise ValueError(_NOT_AN_ADDRESS) from error
        if parsed.drivername.split("+")[0] not in {"postgres", "postgresql"}:
            raise ValueError(_NOT_AN_ADDRESS)
        self._url = parsed.set(drivername="postgresql")

    @property
    def for_sqlalchemy(self) -> URL:
        """The address for SQLAlchemy over asyncpg."""
        return self._url.set(drivername="postgresql+asyncpg")

    @property
    def for_sqlalchemy_sync(self) -> URL:
        """The address for SQLAlchemy over psycopg, for migrations."""
        return self._url.set(drivername="postgresql+psycopg")

    @property
    def for_libpq(self) -> str:
        """The address for asyncpg itself, psycopg, psql and GDAL."""
        return self._url.render_as_string(hide_password=False)

    @property
    def name(self) -> str:
        """The name of the database."""
        return self._url.database or ""

    def with_name(self, name: str) -> "DatabaseAddress":
        """Return the address of another database on the same server."""
        return DatabaseAddress(self._url.set(database=name).render_as_string(hide_password=False))

    def __repr__(self) -> str:
        return f"DatabaseAddress({self._url.render_as_string(hide_password=True)!r})"


_NOT_AN_ADDRESS = (
    "DATABASE_URL is not the address of a PostgreSQL database. "
    "Write it as postgresql://user:password@host:5432/name."
)


STATEMENT_SECONDS = 15.0
POOL_SECONDS = 5.0


class Database:
    """A pool of connections to one database and the sessions made from it.

    A pool is for answering visitors, so its statements have a time limit: a few that never end
    would otherwise hold every connection. Loads, jobs and commands take as long as they take;
    they have a `Database` without a pool, which knows no limit and costs visitors no connection.
    The limit is a setting of the connection, because `SET LOCAL` would cost each request a round
    trip.

    Args:
        address: Where the database is.
        pool_size: How many connections are kept; 0 keeps none (tests, jobs, one-off commands).
        statement_s: Seconds after which the server ends a statement of a kept connection.

    Attributes:
        public: Reading for strangers, over connections of its own that see nothing private.
    """

    def __init__(
        self, address: DatabaseAddress, pool_size: int, statement_s: float = STATEMENT_SECONDS
    ) -> None:
        self.address = address
        pool: dict[str, Any] = {"poolclass": NullPool}
        if pool_size:
            limits = {"statement_timeout": str(round(statement_s * 1000))}
            pool = {
                "pool_size": pool_size,
                "max_overflow": 0,
                "pool_pre_ping": True,
                "pool_timeout": POOL_SECONDS,
                "connect_args": {"server_settings": limits},
            }
        # hide_parameters keeps values out of error messages, and so out of logs.
        self.engine: AsyncEngine = create_async_engine(
            address.for_sqlalchemy, hide_parameters=True, **pool
        )
        event.listen(self.engine.sync_engine, "do_connect", _connect)
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self.public = PublicReads(address.for_libpq, pool_size, statement_s, POOL_SECONDS)

    async def close(self) -> None:
        """Close every connection of the pool, and those of public reading."""
        await self.public.close()
        await self.engine.dispose()


def _connect(
    dialect: Dialect, _record: object, args: tuple[Any, ...], parameters: dict[str, Any]
) -> object:
    """Connect; whatever keeps the server from being reached is told in one way.

    A socket whose file is gone while the server restarts, or a name that nothing answers to, is
    no refused connection to Python; to visitors it is.
    """
    try:
        return dialect.connect(*args, **parameters)
    except ConnectionError:
        raise
    except OSError as error:
        raise ConnectionError(f"The database cannot be reached: {error}") from error


async def get_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Yield the session of one request: one transaction, rolled back on any error."""
    database: Database = connection.app.state.database
    async with database.sessions.begin() as session:
        yield session


async def get_sessions(connection: HTTPConnection) -> async_sessionmaker[AsyncSession]:
    """Return what sessions are made with, for answers that need one only now and then."""
    database: Database = connection.app.state.database
    return database.sessions


SessionsDep = Annotated[async_sessionmaker[AsyncSession], Depends(get_sessions)]

# scope="function" commits before the response is sent, so that a failed commit is an error
# to the caller and never a success that did not happen.
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
