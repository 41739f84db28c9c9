"""The command `hereabouts`: what an operator does with the service."""

import typer
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.cli.analysing import analyse
from app.cli.database import db
from app.cli.packs import packs
from app.cli.process import fail
from app.cli.serving import serve, up, worker
from app.cli.users import users
from app.core.backup import BackupError
from app.core.errors import HereaboutsError
from app.core.local_postgres import LocalPostgresError
from app.core.logging import scrub
from app.core.postgres_programs import say_first_line
from app.core.run_lock import AlreadyRunningError
from app.core.schema import SchemaError
from app.core.server import PortError
from app.packs.manifest import PackProblem

SENTENCES = (
    AlreadyRunningError,
    BackupError,
    HereaboutsError,
    LocalPostgresError,
    PackProblem,
    PortError,
    SchemaError,
)
"""Errors whose message is a sentence for the operator."""

cli = typer.Typer(
    help="Hereabouts: community asset mapping. Settings are environment variables, or lines of "
    "the file .env; docs/operators.md lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command()(up)
cli.command()(serve)
cli.command()(worker)
cli.command()(analyse)
cli.add_typer(db, name="db")
cli.add_typer(packs, name="pack")
cli.add_typer(users, name="user")


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Run the command; what goes wrong is a sentence on standard error, and exit code 1."""
    try:
        cli()
    except SENTENCES as error:
        fail(str(error))
    except SQLAlchemyError as error:
        said = scrub(say_first_line(error))
        fail(f"The database failed ({said}). Nothing half-done was kept; try again.")
    except OSError as error:
        fail(f"{error.strerror or error}: {error.filename or 'no file named'}. Mend that first.")
