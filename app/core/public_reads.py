"""Reading for strangers: connections whose role has no right to anything private."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Annotated, Any

import asyncpg
import psycopg
from asyncpg.connection import Connection
from fastapi import Depends
from psycopg import sql
from starlette.requests import HTTPConnection

from app.core.errors import BUSY, UnavailableError

PUBLIC_ROLE = "hereabouts_public"
"""The role that may read the public views, and nothing else."""

NO_ROLE = (
    f"The database has no role {PUBLIC_ROLE} that this service may take, so nothing public can be "
    f"read. Let an administrator run: CREATE ROLE {PUBLIC_ROLE} NOLOGIN; and grant it to the role "
    "that the service connects as."
)

SIMILAR_WORDS = "0.4"
"""How alike a word and a part of a name must be to be taken for a slip: "libary" for "library"."""

_AWAY = ("08", "53", "57")
"""Classes of SQLSTATE that say the database is away, full, or cut a statement short."""
_REFUSED = ("22023", "42501")
"""What PostgreSQL says at the start of a session whose role is unknown or not to be taken."""

_NEVER = 2**62
"""Statements after which a connection would be opened anew, and prepare everything again."""

Record = Any  # asyncpg is untyped
Reader = Any


class _ReadingConnection(Connection):  # type: ignore[misc]
    """A connection that is handed on as it is: reading leaves nothing to clear away.

    The usual clearing would cost every request a round trip.
    """

    __slots__ = ()

    def get_reset_query(self) -> str:
        return ""


class PublicReads:
    """What strangers' answers are read through.

    The role is a setting of the connection itself, so a statement that names a private table
    fails, whatever code it comes from. Statements are prepared once for each connection.

    Args:
        dsn: Where the database is, as libpq writes it.
        pool_size: How many connections are kept, opened as they are needed; 0 keeps none.
        statement_s: Seconds after which the server ends a statement.
        wait_s: Seconds that a reader waits for a free connection.
    """

    def __init__(self, dsn: str, pool_size: int, statement_s: float, wait_s: float) -> None:
        self._dsn = dsn
        self._pool_size = pool_size
        self._wait_s = wait_s
        self._settings = {
            "role": PUBLIC_ROLE,
            "statement_timeout": str(round(statement_s * 1000)),
            "default_transaction_read_only": "on",
            "jit": "off",  # short statements; compiling them takes longer than running them
            "pg_trgm.word_similarity_threshold": SIMILAR_WORDS,
            # Planning the longer statements takes as long as running them, so `fetch` plans once.
            "plan_cache_mode": "force_generic_plan",
            "random_page_cost": "1.1",  # what is asked for often is in memory
            "application_name": "hereabouts public",
        }
        self._pool: Any = None
        self._opening = asyncio.Lock()
        self._kept: dict[str, tuple[str, Sequence[Record]]] = {}
        self._keeps = False
        self._forgotten = 0

    def keep_what_is_told(self) -> None:
        """Keep the answers of `fetch_kept` from now on: somebody will call `forget`."""
        self._keeps = True

    def forget(self, topic: str | None) -> None:
        """Drop what was kept of a topic because it has changed; None: of all of them."""
        self._forgotten += 1
        self._kept = {
            statement: (of, rows)
            for statement, (of, rows) in self._kept.items()
            if topic is not None and of != topic
        }

    async def fetch_kept(self, topic: str, statement: str) -> Sequence[Record]:
        """Return the rows of a small table that seldom changes, kept until its topic does.

        Args:
            topic: The topic whose version is raised whenever the rows change.
            statement: Without values.

        Raises:
            UnavailableError: As for `fetch`.
        """
        if statement in self._kept:
            return self._kept[statement][1]
        forgotten = self._forgotten
        rows = await self.fetch(statement)
        # Rows read before a change that was told meanwhile are those of yesterday.
        if self._keeps and forgotten == self._forgotten:
            self._kept[statement] = (topic, rows)
        return rows

    async def fetch(self, statement: str, *values: object) -> Sequence[Record]:
        """Return the rows of one statement, in a transaction of its own.

        Raises:
            UnavailableError: The database is away, busy, or lacks the role.
        """
        async with self._take() as connection:
            return await connection.fetch(statement, *values)  # type: ignore[no-any-return]

    async def fetch_row(self, statement: str, *values: object) -> Record:
        """Return the first row of one statement, or None.

        Raises:
            UnavailableError: As for `fetch`.
        """
        async with self._take() as connection:
            return await connection.fetchrow(statement, *values)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Reader]:
        """Yield a connection on which several statements see the same state of everything.

        Each statement is planned for the values it is run with: what is right for a rare word is
        wrong for a common one.

        Raises:
            UnavailableError: As for `fetch`.
        """
        async with (
            self._take() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            yield connection

    async def close(self) -> None:
        """Close every connection kept."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    @asynccontextmanager
    async def _take(self) -> AsyncIterator[Reader]:
        try:
            async with await self._open() as connection:
                yield connection
        except asyncpg.PostgresError as error:
            state = str(error.sqlstate or "")
            if state in _REFUSED and PUBLIC_ROLE in str(error):
                raise UnavailableError(NO_ROLE) from error
            if state.startswith(_AWAY):
                raise UnavailableError(BUSY) from error
            raise
        except (OSError, TimeoutError, asyncpg.InterfaceError) as error:
            raise UnavailableError(BUSY) from error

    async def _open(self) -> AbstractAsyncContextManager[Reader]:
        if not self._pool_size:
            return self._connect_once()
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    self._pool = await asyncpg.create_pool(
                        self._dsn,
                        min_size=0,
                        max_size=self._pool_size,
                        max_inactive_connection_lifetime=0,
                        max_queries=_NEVER,
                        max_cached_statement_lifetime=0,
                        connection_class=_ReadingConnection,
                        server_settings=self._settings,
                    )
        return self._pool.acquire(timeout=self._wait_s)  # type: ignore[no-any-return]

    @asynccontextmanager
    async def _connect_once(self) -> AsyncIterator[Reader]:
        connection = await asyncpg.connect(
            self._dsn, server_settings=self._settings, timeout=self._wait_s
        )
        try:
            yield connection
        finally:
            await connection.close()


async def get_public_reads(connection: HTTPConnection) -> PublicReads:
    """Return what strangers' answers are read through."""
    # Were it no coroutine, it would be run in a thread, which takes longer than all of it.
    reads: PublicReads = connection.app.state.database.public
    return reads


PublicReadsDep = Annotated[PublicReads, Depends(get_public_reads)]


def make_public_role(connection: psycopg.Connection) -> None:
    """Make sure that the server knows the role, and that the service may take it.

    A role belongs to the whole server, so neither a migration nor a dump brings it along.

    Args:
        connection: One that commits each statement by itself.

    Raises:
        psycopg.Error: It does not, and we may not create roles.
    """
    role = sql.Identifier(PUBLIC_ROLE)
    known = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    if connection.execute(known, [PUBLIC_ROLE]).fetchone() is None:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
    member = "SELECT pg_has_role(current_user, %s, 'MEMBER')"
    if connection.execute(member, [PUBLIC_ROLE]).fetchone() != (True,):
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
