"""One file with the whole database, and the way back from it."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from app.core.database import DatabaseAddress
from app.core.postgres_programs import list_programs, say_first_line
from app.core.public_reads import make_public_role

_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}

_DISCONNECT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
_LONGEST_NAME = 63 - len("_restored")  # PostgreSQL would cut a longer one: it may be another's


class BackupError(Exception):
    """A dump was not written or not restored; the message says why and what to do."""


def client_environment(address: DatabaseAddress) -> dict[str, str]:
    """Return an environment in which PostgreSQL's programs connect to `address`.

    A password on a command line could be read by everybody on the machine.
    """
    given = conninfo_to_dict(address.for_libpq)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {
        variable: str(given[name]) for name, variable in _VARIABLES.items() if given.get(name)
    }


def find_client(name: str, server_version: int) -> str:
    """Return the path of a client program that is not older than the server.

    Raises:
        BackupError: There is none on this machine.
    """
    for programs in list_programs():
        if programs.version >= server_version and (programs.folder / name).exists():
            return str(programs.folder / name)
    # Machines without a server have the clients where Debian's wrapper finds them.
    if found := shutil.which(name):
        return found
    raise BackupError(
        f"{name} is not installed. On Debian or Ubuntu: sudo apt-get install postgresql-client"
    )


def read_server_version(address: DatabaseAddress) -> int:
    """Return the major version of the server.

    Raises:
        BackupError: It cannot be reached.
    """
    try:
        with psycopg.connect(address.for_libpq, connect_timeout=10) as connection:
            return connection.info.server_version // 10000
    except psycopg.OperationalError as error:
        raise BackupError(
            f"The database cannot be reached ({say_first_line(error)}). "
            "Check that it runs and that DATABASE_URL is right."
        ) from None


def dump(address: DatabaseAddress, file: Path) -> None:
    """Write the database to `file`, which appears only once it is complete.

    Raises:
        BackupError: The dump failed; `file` is as it was.
    """
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.touch(mode=0o600)  # contact details may be in it
    try:
        _run(address, "pg_dump", "--format=custom", "--no-owner", f"--file={unfinished}")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(address: DatabaseAddress, file: Path) -> None:
    """Replace the database with the one in `file`: beside it first, then in its place.

    Raises:
        BackupError: The file is no dump, or the server does not let us; nothing has changed.
    """
    if not file.is_file():
        raise BackupError(f"{file} is not there. Name a file that `hereabouts db dump` wrote.")
    if len(address.name.encode()) > _LONGEST_NAME:
        raise BackupError(
            f"The name {address.name} is too long to restore beside it. Give the database one of "
            f"at most {_LONGEST_NAME} letters."
        )
    beside = address.with_name(f"{address.name}_restored")
    maintenance = address.with_name("postgres").for_libpq
    read_server_version(address.with_name("postgres"))
    try:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            make_public_role(connection)
            _drop(connection, beside.name)
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(beside.name)
                )
            )
            try:
                _run(beside, "pg_restore", "--no-owner", "--exit-on-error",
                     f"--dbname={beside.name}", str(file.resolve()))  # fmt: skip
            except BackupError:
                _drop(connection, beside.name)
                raise
            _put_in_place(connection, beside.name, address.name)
    except psycopg.Error as error:
        raise BackupError(
            f"The database was not replaced ({say_first_line(error)}). "
            "The role needs the right to create databases; stop the service while restoring."
        ) from None


def _put_in_place(connection: psycopg.Connection, restored: str, name: str) -> None:
    """Give `restored` the name of the database it replaces, and only then drop that one.

    Both names change in one transaction: interrupted anywhere, one of the two has the name.
    """
    before = f"{name}_before"
    exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if exists:
        _drop(connection, before)
        connection.execute(_DISCONNECT, [name])  # a database in use cannot be renamed
    with connection.transaction():
        if exists:
            _rename(connection, name, before)
        _rename(connection, restored, name)
    if exists:
        _drop(connection, before)


def _rename(connection: psycopg.Connection, name: str, to: str) -> None:
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to))
    )


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _run(address: DatabaseAddress, name: str, *arguments: str) -> None:
    program = find_client(name, read_server_version(address))
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL
        [program, *arguments],
        env=client_environment(address),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip()}")
