"""`hereabouts db`: its schema, a shell, dump and restore."""

import signal
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from app.cli.process import read_settings
from app.core import backup
from app.core.database_server import open_database_server
from app.core.schema import migrate, prepare_database

db = typer.Typer(help="The database: its schema, a shell, dump and restore.", no_args_is_help=True)


@db.command("migrate")
def db_migrate(
    revision: Annotated[str, typer.Argument(help="head, base, or the id of a revision.")] = "head",
) -> None:
    """Create the database if it is missing and bring its schema to the newest revision."""
    with open_database_server(read_settings()) as address:
        if revision == "head":
            prepare_database(address)
        else:
            migrate(address, revision)
    typer.echo(f"The schema is at {revision}.")


@db.command("shell")
def db_shell() -> None:
    """Open psql on the database; the private one is started for as long as it takes."""
    with open_database_server(read_settings()) as address:
        program = backup.find_client("psql", backup.read_server_version(address))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is psql's
        subprocess.run([program], env=backup.client_environment(address), check=False)  # noqa: S603 - psql itself


@db.command("dump")
def db_dump(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write the whole database to one file, while the service runs or not."""
    with open_database_server(read_settings()) as address:
        backup.dump(address, file)
    typer.echo(f"The database is in {file}.")


@db.command("restore")
def db_restore(file: Annotated[Path, typer.Argument(help="What `db dump` wrote.")]) -> None:
    """Replace the database with the one in a file. Stop the service first."""
    with open_database_server(read_settings()) as address:
        backup.restore(address, file)
        prepare_database(address)
    typer.echo(f"The database is that of {file}, at the newest revision.")
