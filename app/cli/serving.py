"""`hereabouts up`, `serve` and `worker`: what runs for as long as somebody lets it."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import socket
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from uvicorn.supervisors import ChangeReload

from app.cli.packs import load_into
from app.cli.process import fail, read_settings
from app.core.database import Database, DatabaseAddress
from app.core.database_server import named_database, open_database_server, private_cluster
from app.core.errors import UnavailableError
from app.core.jobs import run_worker_process
from app.core.lifeline import end_with, signals_held, treat_every_ending_as_interrupt
from app.core.logging import configure_logging
from app.core.run_lock import RunLock
from app.core.schema import prepare_database
from app.core.server import describe_address, server_options, take_port
from app.core.server import serve as serve_application
from app.core.settings import Settings
from app.core.terminal import Step, Steps
from app.main import create_app
from app.packs.service import find_pack, get_current_pack
from app.tasks import open_queue

INTERRUPTED = 130
STOP_SECONDS = 10


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


def worker() -> None:
    """Do background jobs only: beside servers that run with RUN_WORKER=false."""
    settings = read_settings()
    configure_logging(settings.log_format, settings.log_level)

    async def work(address: DatabaseAddress) -> None:
        database = Database(address, pool_size=0)
        try:
            await run_worker_process(open_queue(database, settings), database)
        finally:
            await database.close()

    with open_database_server(settings) as address:
        asyncio.run(work(address))


def _create_app(settings: Settings, address: DatabaseAddress | None = None) -> FastAPI:
    if address:
        settings = _with_database(settings, address)
    try:
        return create_app(settings)
    except ValueError as error:
        fail(str(error))


def _with_database(settings: Settings, address: DatabaseAddress) -> Settings:
    return settings.model_copy(update={"database_url": SecretStr(address.for_libpq)})


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
        report = await load_into(database, settings, find_pack(settings, settings.pack), step)
        return f"{report.pack}, {'already there' if report.is_unchanged else 'loaded'}"
    finally:
        await database.close()


async def _current_pack(database: Database) -> str | None:
    async with database.sessions() as session:
        try:
            return (await get_current_pack(session)).name
        except UnavailableError:
            return None


def _serve_reloading(address: DatabaseAddress, port: socket) -> None:
    """Serve in a child process that is started anew when a Python file changes."""
    os.environ["DATABASE_URL"] = address.for_libpq  # the child reads its settings itself
    os.environ["HEREABOUTS_PARENT"] = str(os.getpid())
    config = uvicorn.Config(
        "app.cli.serving:create_reloaded_app", factory=True, reload=True, reload_dirs=["app"],
        **server_options(),
    )  # fmt: skip
    ChangeReload(config, target=uvicorn.Server(config).run, sockets=[port]).run()
    raise KeyboardInterrupt


def create_reloaded_app() -> FastAPI:
    """Return the application inside the child of `up --reload`."""
    if not end_with(int(os.environ["HEREABOUTS_PARENT"]), signal.SIGKILL):
        fail("The process that watches the files is gone.")
    settings = read_settings()
    configure_logging(settings.log_format, settings.log_level)
    return _create_app(settings)
