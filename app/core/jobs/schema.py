"""The tables of the queue: the library's own, in a schema of their own, kept up to date.

The library ships its whole schema as one file, and a folder of numbered files that bring an older
one up to date. We run them as they are and keep a list of those that a database has.
"""

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, column, insert, select, table, text

_APPLIED = table("applied_files", column("name"), schema="jobs")

# The library's functions name its tables without a schema. Given a search path of their own they
# work in any session, so that a request can defer a job in its own transaction.
_PIN_SEARCH_PATH = """
DO $$
DECLARE
    routine regprocedure;
BEGIN
    FOR routine IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'jobs'::regnamespace AND prokind = 'f'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_temp', routine);
    END LOOP;
END
$$
"""


def install_schema(connection: Connection) -> None:
    """Create the queue's schema and tables as this version of the library wants them.

    Args:
        connection: One made by psycopg, in a transaction that the caller commits.
    """
    connection.execute(text("CREATE SCHEMA jobs"))
    connection.execute(
        text(
            "CREATE TABLE jobs.applied_files "
            "(name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
    )
    _run_script(connection, SchemaManager.get_schema())
    for file in _list_files():
        _note(connection, file)


def upgrade_schema(connection: Connection, folder: Path | None = None) -> list[str]:
    """Run the library's files that this database does not have yet, in their order.

    Call it after Alembic at every start that migrates; usually there is nothing to do.

    Args:
        connection: One made by psycopg, in a transaction that the caller commits.
        folder: Where the files are; the library's own by default.

    Returns:
        The names of the files that ran.
    """
    installed = text("SELECT to_regclass('jobs.applied_files') IS NOT NULL")
    if not connection.execute(installed).scalar_one():
        return []  # migrated down to a revision without a queue
    known = set(connection.execute(select(_APPLIED.c.name)).scalars())
    missing = [file for file in _list_files(folder) if file.name not in known]
    for file in missing:
        _run_script(connection, file.read_text(encoding="utf-8"))
        _note(connection, file)
    return [file.name for file in missing]


def drop_schema(connection: Connection) -> None:
    """Remove the queue with every job in it."""
    connection.execute(text("DROP SCHEMA jobs CASCADE"))


def _list_files(folder: Path | None = None) -> list[Path]:
    """Return the library's upgrade files, oldest first: their names begin with the version."""
    return sorted((folder or Path(SchemaManager.get_migrations_path())).glob("*.sql"))


def _run_script(connection: Connection, script: str) -> None:
    """Run several statements inside the queue's schema and put the search path back."""
    before = connection.execute(text("SELECT current_setting('search_path')")).scalar_one()
    _set_search_path(connection, "jobs, public")
    # Without parameters psycopg sends the text as it is, several statements and % signs included.
    connection.execution_options(no_parameters=True).exec_driver_sql(script)
    _set_search_path(connection, before)
    connection.execution_options(no_parameters=True).exec_driver_sql(_PIN_SEARCH_PATH)


def _set_search_path(connection: Connection, path: str) -> None:
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})


def _note(connection: Connection, file: Path) -> None:
    connection.execute(insert(_APPLIED).values(name=file.name))
