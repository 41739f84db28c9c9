"""The command `hereabouts`: what an operator does with the service."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Annotated, NoReturn

import typer
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from uvicorn.supervisors import ChangeReload

from app import __version__
from app.core import backup
from app.core.backup import BackupError
from app.core.database import Database, DatabaseAddress
from app.core.database_server import named_database, open_database_server, private_cluster
from app.core.errors import UnavailableError
from app.core.jobs import run_worker_process
from app.core.lifeline import end_with, signals_held, treat_every_ending_as_interrupt
from app.core.local_postgres import LocalPostgresError
from app.core.logging import configure_logging, scrub
from app.core.postgres_programs import say_first_line
from app.core.run_lock import AlreadyRunningError, RunLock
from app.core.schema import SchemaError, migrate, prepare_database
from app.core.server import PortError, describe_address, server_options, take_port
from app.core.server import serve as serve_application
from app.core.settings import Settings
from app.core.terminal import Step, Steps
from app.main import create_app
from app.packs.finding import find_shelves
from app.packs.manifest import MANIFEST, PackProblem
from app.packs.report import LoadReport
from app.packs.service import check_pack, find_pack, get_current_pack, list_packs, load_pack
from app.packs.status import write_status
from app.tasks import open_queue

INTERRUPTED = 130
STOP_SECONDS = 10
SENTENCES = (
    AlreadyRunningError,
    BackupError,
    LocalPostgresError,
    PackProblem,
    PortError,
    SchemaError,
    UnavailableError,
)
"""Errors whose message is a sentence for the operator."""

cli = typer.Typer(
    help="Hereabouts: community asset mapping. Settings are environment variables, or lines of "
    "the file .env; docs/operators.md lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database: its schema, a shell, dump and restore.", no_args_is_help=True)
packs = typer.Typer(help="The place that the service is about.", no_args_is_help=True)
cli.add_typer(db, name="db")
cli.add_typer(packs, name="pack")


def main() -> None:
    """Run the command; what goes wrong is a sentence on standard error, and exit code 1."""
    try:
        cli()
    except SENTENCES as error:
        _fail(str(error))
    except SQLAlchemyError as error:
        said = scrub(say_first_line(error))
        _fail(f"The database failed ({said}). Nothing half-done was kept; try again.")
    except OSError as error:
        _fail(f"{error.strerror or error}: {error.filename or 'no file named'}. Mend that first.")


def _fail(sentence: str) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.write(f"\n{sentence}\n")
    sys.exit(1)


def read_settings() -> Settings:
    """Return the settings of this process; a wrong one ends it with a sentence."""
    try:
        settings = Settings()
        named_database(settings)
    except ValidationError as error:
        problems = ", ".join(
            f"{'.'.join(map(str, part['loc'])).upper()} ({part['msg']})" for part in error.errors()
        )
        _fail(f"A setting is wrong: {problems}. docs/operators.md lists the settings.")
    except ValueError as error:
        _fail(str(error))
    return settings


def _create_app(settings: Settings, address: DatabaseAddress | None = None) -> FastAPI:
    if address:
        settings = _with_database(settings, address)
    try:
        return create_app(settings)
    except ValueError as error:
        _fail(str(error))


def _with_database(settings: Settings, address: DatabaseAddress) -> Settings:
    return settings.model_copy(update={"database_url": SecretStr(address.for_libpq)})


@cli.command()
def up(
    *,
    reload: Annotated[
        bool, typer.Option("--reload", help="Restart when a Python file changes.")
    ] = False,
) -> None:
    """Set everything up and serve: private database, migrations, pack, server, worker."""
    treat_every_ending_as_interrupt()
    settings = read_settings()
    configure_logging(settings.log_format, "WARNING")
    steps = Steps()
    lock = RunLock(settings.var_dir)
    lock.acquire()
    ready = False

    def announce() -> None:
        nonlocal ready
        ready = True
        address = settings.base_url or describe_address(settings.host, settings.port)
        lock.announce(address)
        configure_logging(settings.log_format, settings.log_level)
        steps.say(f"\nHereabouts is ready at {address} (Ctrl-C stops it)")

    try:
        with (
            take_port(settings.host, settings.port) as port,
            _open_database(settings, steps) as (address, watch),
        ):
            _prepare(settings, address, steps)
            if reload:
                announce()
                _serve_reloading(address, port)
            else:
                app = _create_app(settings, address)
                serve_application(app, port, announce, watch=watch, stop_seconds=STOP_SECONDS)
    except KeyboardInterrupt:
        steps.say("\nStopped.")
        raise typer.Exit(0 if ready else INTERRUPTED) from None
    finally:
        lock.release()


@contextmanager
def _open_database(
    settings: Settings, steps: Steps
) -> Iterator[tuple[DatabaseAddress, Callable[[], None]]]:
    """Yield the database, and what is to be called now and then so that it stays.

    The run lock is ours, so the private one is ours to start and stop.
    """
    if named := named_database(settings):
        steps.note("Database", f"{named.name!r}, named by DATABASE_URL")
        yield named, lambda: None
        return
    cluster = private_cluster(settings)
    with steps.step("Database") as step:
        step.report("making it" if not cluster.is_made() else "starting it")
        cluster.start()
        step.outcome = f"private, in {cluster.folder}"
    try:
        yield cluster.address, cluster.keep_running
    finally:
        cluster.stop()


def _prepare(settings: Settings, address: DatabaseAddress, steps: Steps) -> None:
    with steps.step("Migrations") as step:
        prepare_database(address)
        step.outcome = "at the newest revision"
    with asyncio.Runner() as runner:
        with signals_held():
            runner.get_loop()
        with steps.step("Pack") as step:
            step.outcome = runner.run(_load_chosen_pack(settings, address, step))
    if not settings.frontend_dir.is_dir():
        steps.note("Frontend", "not built: pages work, maps do not. `make run` builds it")


async def _load_chosen_pack(settings: Settings, address: DatabaseAddress, step: Step) -> str:
    """Load the pack of the settings, unless the operator loaded another one by hand."""
    database = Database(address, pool_size=0)
    try:
        loaded = await _current_pack(database)
        if loaded not in (None, settings.pack) and "pack" not in settings.model_fields_set:
            return f"{loaded}, already there"
        report = await _load(database, settings, find_pack(settings, settings.pack), step)
        return f"{report.pack}, {'already there' if report.is_unchanged else 'loaded'}"
    finally:
        await database.close()


async def _current_pack(database: Database) -> str | None:
    async with database.sessions() as session:
        try:
            return (await get_current_pack(session)).name
        except UnavailableError:
            return None


async def _load(
    database: Database, settings: Settings, folder: Path, step: Step, *, force: bool = False
) -> LoadReport:
    async def show(text: str, done: int, total: int | None) -> None:
        step.report(text, done, total)

    async def tick() -> None:
        while True:
            step.tick()
            await asyncio.sleep(0.2)

    ticking = asyncio.create_task(tick())
    try:
        return await load_pack(database, folder, show, find_shelves(settings), force=force)
    finally:
        ticking.cancel()


def _serve_reloading(address: DatabaseAddress, port: socket) -> None:
    """Serve in a child process that is started anew when a Python file changes."""
    os.environ["DATABASE_URL"] = address.for_libpq  # the child reads its settings itself
    os.environ["HEREABOUTS_PARENT"] = str(os.getpid())
    config = uvicorn.Config(
        "app.cli:create_reloaded_app", factory=True, reload=True, reload_dirs=["app"],
        **server_options(),
    )  # fmt: skip
    ChangeReload(config, target=uvicorn.Server(config).run, sockets=[port]).run()
    raise KeyboardInterrupt


def create_reloaded_app() -> FastAPI:
    """Return the application inside the child of `up --reload`."""
    if not end_with(int(os.environ["HEREABOUTS_PARENT"]), signal.SIGKILL):
        _fail("The process that watches the files is gone.")
    settings = read_settings()
    configure_logging(settings.log_format, settings.log_level)
    return _create_app(settings)


@cli.command()
def serve() -> None:
    """Serve only: for production, where the database at DATABASE_URL is set up already."""
    treat_every_ending_as_interrupt()
    settings = read_settings()
    configure_logging(settings.log_format, settings.log_level)
    address = describe_address(settings.host, settings.port)
    with take_port(settings.host, settings.port) as port:
        app = _create_app(settings)
        try:
            serve_application(app, port, lambda: typer.echo(f"Hereabouts is ready at {address}"))
        except KeyboardInterrupt:
            raise typer.Exit(0) from None


@cli.command()
def worker() -> None:
    """Do background jobs only: beside servers that run with RUN_WORKER=false."""
    settings = read_settings()
    configure_logging(settings.log_format, settings.log_level)

    async def work(address: DatabaseAddress) -> None:
        database = Database(address, pool_size=0)
        try:
            await run_worker_process(open_queue(database), database)
        finally:
            await database.close()

    with open_database_server(settings) as address:
        asyncio.run(work(address))


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


@packs.command("load")
def pack_load(
    name: Annotated[str, typer.Argument(help="The name of a pack, or the path of its folder.")],
    *,
    force: Annotated[bool, typer.Option(help="Load it again though nothing changed.")] = False,
) -> None:
    """Load a pack in place of the one that is loaded; a failed load changes nothing."""
    settings = read_settings()
    steps = Steps()

    async def load(address: DatabaseAddress, step: Step) -> LoadReport:
        database = Database(address, pool_size=0)
        try:
            folder = _find_folder(settings, name)
            return await _load(database, settings, folder, step, force=force)
        finally:
            await database.close()

    with open_database_server(settings) as address:
        prepare_database(address)
        with steps.step("Pack") as step:
            report = asyncio.run(load(address, step))
            step.outcome = f"{report.pack}, {'unchanged' if report.is_unchanged else 'loaded'}"
    for line in report.summarise():
        typer.echo(line)


def _find_folder(settings: Settings, name: str) -> Path:
    return Path(name) if (Path(name) / MANIFEST).is_file() else find_pack(settings, name)


@packs.command("check")
def pack_check(
    name: Annotated[str, typer.Argument(help="The name of a pack, or the path of its folder.")],
) -> None:
    """Check a pack's manifest and the checksums of its files; no database is needed."""
    settings = read_settings()
    check = check_pack(_find_folder(settings, name), find_shelves(settings))
    held = f"the manifest and {check.held} sources are in order."
    typer.echo(f"{check.manifest.title}: {held}")
    for sentence in check.to_fetch:
        typer.echo(sentence)


@packs.command("list")
def pack_list() -> None:
    """List the packs there are."""
    for name, title in list_packs(read_settings()):
        typer.echo(f"{name:<20} {title}")


@packs.command("status")
def pack_status() -> None:
    """Say which pack is loaded, since when, and how far a load is."""
    with open_database_server(read_settings()) as address:
        prepare_database(address)
        for line in asyncio.run(write_status(address)):
            typer.echo(line)


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


if __name__ == "__main__":
    main()
