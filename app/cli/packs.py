"""`hereabouts pack`: the place that the service is about."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli.process import read_settings
from app.core.database import Database, DatabaseAddress
from app.core.database_server import open_database_server
from app.core.schema import prepare_database
from app.core.settings import Settings
from app.core.terminal import Step, Steps
from app.packs.finding import find_shelves
from app.packs.manifest import MANIFEST
from app.packs.report import LoadReport
from app.packs.service import check_pack, find_pack, list_packs, load_pack
from app.packs.status import write_status

packs = typer.Typer(help="The place that the service is about.", no_args_is_help=True)


async def load_into(
    database: Database, settings: Settings, folder: Path, step: Step, *, force: bool = False
) -> LoadReport:
    """Load the pack in `folder` and show on the terminal how far it is."""

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
            return await load_into(database, settings, folder, step, force=force)
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
