"""Bring a database to what this version of the service expects."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import geoalchemy2.alembic_helpers as spatial
import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import DatabaseAddress
from app.core.jobs import upgrade_schema
from app.core.postgres_programs import OLDEST_POSTGIS, OLDEST_POSTGRES, say_first_line
from app.core.public_reads import PUBLIC_ROLE, make_public_role

PROJECT = Path(__file__).parents[2]
EXTENSIONS = {
    "postgis": "postgis",
    "btree_gist": "contrib",  # a category and a point in one index
    "pg_trgm": "contrib",  # words with a slip in them
    "unaccent": "contrib",  # words typed without their accents
}
"""Extensions of the database and the packages they come in."""

MIGRATION_LOCK = 4_815_162_342  # any number, the same in every process that migrates


class SchemaError(Exception):
    """The database cannot be used as it is; the message says why and what to do."""


def prepare_database(address: DatabaseAddress) -> None:
    """Create the database if it is missing, with PostGIS, and migrate it to the newest revision.

    Raises:
        SchemaError: The server cannot be reached, is too old, has no PostGIS, or holds a
            revision this version of the service does not know; or the role of strangers is
            missing and we may not make it.
    """
    _create_if_missing(address)
    _check_server(address)
    _prepare_public_role(address)
    migrate(address, "head")


def migrate(address: DatabaseAddress, revision: str) -> None:
    """Move the schema to `revision` (`head`, `base` or an id), one process at a time.

    Everything runs in one transaction: a migration that fails leaves the schema as it was.

    Raises:
        SchemaError: The database was migrated by a newer version of the service.
    """
    engine = create_engine(address.for_sqlalchemy_sync)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            config = read_alembic_config()
            config.attributes["connection"] = connection
            _refuse_unknown(connection, config)
            current = MigrationContext.configure(connection).get_current_heads()
            scripts = ScriptDirectory.from_config(config)
            target = scripts.get_heads() if revision == "head" else []
            if set(current) != set(target):
                applied = {each.revision for each in scripts.iterate_revisions(current, "base")}
                is_earlier = revision == "base" or revision in applied
                (command.downgrade if is_earlier else command.upgrade)(config, revision)
            if revision == "head":
                upgrade_schema(connection)
    finally:
        engine.dispose()


def read_alembic_config() -> Config:
    """Return Alembic's configuration from pyproject.toml, whatever folder we were started in."""
    config = Config(toml_file=PROJECT / "pyproject.toml")
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    return config


def is_ours(item: Any, name: str | None, kind: Any, *rest: Any) -> bool:  # noqa: ANN401
    """Leave the tables of PostGIS out when models and database are compared."""
    is_postgis = name == "spatial_ref_sys" or not spatial.include_object(item, name, kind, *rest)  # type: ignore[no-untyped-call]
    return not is_postgis


@lru_cache(maxsize=1)
def find_newest_revision() -> str:
    """Return the id of the newest migration of this version of the service."""
    return ScriptDirectory.from_config(read_alembic_config()).get_current_head() or ""


async def is_migrated(session: AsyncSession) -> bool:
    """Whether the schema stands at the newest revision of this version of the service."""
    exists = await session.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
    if not exists:
        return False
    found = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return bool(found == find_newest_revision())


def _refuse_unknown(connection: Connection, config: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    for revision in MigrationContext.configure(connection).get_current_heads():
        if revision not in known:
            raise SchemaError(
                f"The database {address_name(connection)} was last used by a newer version of "
                f"Hereabouts (its revision {revision} is unknown here). Update this copy, or use "
                "another database."
            )


def address_name(connection: Connection) -> str:
    """Return the name of the database behind `connection`, for sentences."""
    return str(connection.engine.url.database)


def _create_if_missing(address: DatabaseAddress) -> None:
    try:
        psycopg.connect(address.for_libpq, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        if f'database "{address.name}" does not exist' not in str(error):
            raise SchemaError(_say_unreachable(error)) from None
    else:
        return
    maintenance = address.with_name("postgres").for_libpq
    try:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(address.name)
                )
            )
    except psycopg.errors.DuplicateDatabase:
        return  # another process was quicker
    except psycopg.Error as error:
        raise SchemaError(
            f"The database {address.name} does not exist and could not be created "
            f"({say_first_line(error)}). Create it, or name another in DATABASE_URL."
        ) from None


def _check_server(address: DatabaseAddress) -> None:
    with psycopg.connect(address.for_libpq, autocommit=True) as connection:
        version = connection.info.server_version // 10000
        if version < OLDEST_POSTGRES:
            raise SchemaError(
                f"PostgreSQL {version} is too old: {OLDEST_POSTGRES} or newer is needed. "
                "Name a newer server in DATABASE_URL."
            )
        for extension, package in EXTENSIONS.items():
            try:
                connection.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                )
            except psycopg.Error as error:
                raise SchemaError(
                    f"{extension} is not available in this database "
                    f"({say_first_line(error)}). Install the {package} package of the server's "
                    f"PostgreSQL, and let an administrator run: CREATE EXTENSION {extension}"
                ) from None
        row = connection.execute("SELECT postgis_lib_version()").fetchone()
    postgis = str(row[0]) if row else "0.0"
    if tuple(int(part) for part in re.findall(r"\d+", postgis)[:2]) < OLDEST_POSTGIS:
        oldest = ".".join(map(str, OLDEST_POSTGIS))
        raise SchemaError(f"PostGIS {postgis} is too old: {oldest} or newer is needed.")


def _prepare_public_role(address: DatabaseAddress) -> None:
    with psycopg.connect(address.for_libpq, autocommit=True) as connection:
        try:
            make_public_role(connection)
        except psycopg.Error as error:
            raise SchemaError(
                f"The role {PUBLIC_ROLE}, with which strangers' questions are answered, is missing "
                f"and could not be made ({say_first_line(error)}). Let an administrator run: "
                f"CREATE ROLE {PUBLIC_ROLE} NOLOGIN; GRANT {PUBLIC_ROLE} TO "
                f"{connection.info.user};"
            ) from None


def _say_unreachable(error: psycopg.OperationalError) -> str:
    return (
        f"The database cannot be reached ({say_first_line(error)}). "
        "Check that it runs and that DATABASE_URL is right."
    )
