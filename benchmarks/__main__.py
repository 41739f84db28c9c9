"""Measure on a throwaway cluster and print the report."""

import argparse
import asyncio
import os
import platform
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from app.areas.queries import select_areas_at
from app.core.database import Database, DatabaseAddress
from app.core.local_postgres import LocalPostgres
from app.core.schema import prepare_database
from app.indicators.queries import select_packed
from app.packs.service import load_pack
from benchmarks.analysis import measure_catchments, measure_questions
from benchmarks.assets import SIZES, seed, write_questions
from benchmarks.browser import measure_browser
from benchmarks.load import Load, put_load
from benchmarks.place import Measured, find_places
from benchmarks.raw import CONNECTIONS, SECONDS, run_pgbench
from benchmarks.residents import measure_residents
from benchmarks.service import run_service
from benchmarks.tiles import measure_tiles

POINTS = 4000
Box = tuple[float, float, float, float]


async def ignore(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far a load is."""


async def load_places(address: DatabaseAddress, measured: Measured) -> Box:
    """Load the packs, print how long each took, and return the box around the last."""
    database = Database(address, pool_size=0)
    for folder in measured.folders:
        report = await load_pack(database, folder, ignore, measured.shelves)
        counts = ", ".join(f"{count:,} {name}" for name, count in report.counts.items() if count)
        print(
            f"Load {report.pack}: {report.took_s:.1f} s, of it {report.swap_s:.1f} s putting in "
            f"place, peak memory {report.peak_mb:.0f} MB: {counts}"
        )
    async with database.sessions() as session:
        extent = "ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
        query = text(f"SELECT {extent} FROM (SELECT ST_Extent(boundary) AS e FROM areas) AS x")  # noqa: S608
        west, south, east, north = (await session.execute(query)).one()
    await database.close()
    return west, south, east, north


def write_points_script(address: DatabaseAddress, box: Box) -> str:
    """Return the API's own statement for the areas at a point, for pgbench."""
    west, south, east, north = box
    database = Database(address, pool_size=0)
    plain = str(
        select_areas_at(by_year=False)
        .params(lon=12345.5, lat=54321.5)
        .compile(database.engine.sync_engine, compile_kwargs={"literal_binds": True})
    )
    statement = plain.replace("12345.5", ":lon / 1e6").replace("54321.5", ":lat / 1e6")
    return (
        f"\\set lon random({int(west * 1e6)}, {int(east * 1e6)})\n"
        f"\\set lat random({int(south * 1e6)}, {int(north * 1e6)})\n"
        f"{' '.join(statement.split())};\n"
    )


async def write_values_script(address: DatabaseAddress, measured: Measured) -> str:
    """Return the API's own statement for the values of an indicator, for pgbench."""
    database = Database(address, pool_size=0)
    find = text("""
        SELECT s.id FROM indicator_series AS s JOIN indicators AS i ON i.id = s.indicator_id
        JOIN boundary_sets AS b ON b.id = s.boundary_set_id
        WHERE i.code = :code AND b.area_type = :area_type ORDER BY b.boundary_year DESC LIMIT 1
    """)
    async with database.sessions() as session:
        wanted = {"code": measured.indicator, "area_type": measured.area_type}
        series_id = (await session.scalars(find, wanted)).one()
    plain = str(
        select_packed()
        .params(series_id=series_id, last_gid=1_000_000)
        .compile(database.engine.sync_engine, compile_kwargs={"literal_binds": True})
    )
    await database.close()
    return f"{' '.join(plain.split())};\n"


def write_paths(box: Box, measured: Measured) -> dict[str, list[str]]:
    """Return the addresses that are asked for, by what they are."""
    west, south, east, north = box
    chance = random.Random(1)  # noqa: S311 - points, not secrets
    points = [
        f"/api/v1/areas/at?lon={chance.uniform(west, east):.5f}"
        f"&lat={chance.uniform(south, north):.5f}"
        for _ in range(POINTS)
    ]
    values = f"/api/v1/indicators/{measured.indicator}/values?area_type={measured.area_type}"
    return {"Areas at a point": points, "Values of an indicator": [values] * CONNECTIONS}


def load_server(
    address: DatabaseAddress,
    var_dir: Path,
    paths: dict[str, list[str]],
    seconds: float = SECONDS,
) -> dict[str, Load]:
    """Start the service and return how it answers by HTTP."""
    loads = {}
    with run_service(address, var_dir) as port:
        for name, asked in paths.items():
            asyncio.run(put_load(port, asked, CONNECTIONS, 2.0))
            loads[name] = asyncio.run(put_load(port, asked, CONNECTIONS, seconds))
    return loads


def describe_machine() -> str:
    """Return what the figures were taken on."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores, {memory_gb:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; client, server and database share them"
    )


def measure_areas(address: DatabaseAddress, folder: Path, measured: Measured, box: Box) -> None:
    """Measure areas at a point and the values of an indicator."""
    scripts = {
        "Areas at a point": write_points_script(address, box),
        "Values of an indicator": asyncio.run(write_values_script(address, measured)),
    }
    raw = {name: run_pgbench(address, folder, script) for name, script in scripts.items()}
    loads = load_server(address, folder / "var", write_paths(box, measured))
    for name, load in loads.items():
        print(describe_load(name, load, raw[name]))


def measure_assets(
    address: DatabaseAddress, folder: Path, sizes: Sequence[int], seconds: float
) -> None:
    """Measure near me and search at each of `sizes`, beside the same statements in pgbench."""
    before = 0
    for size in sizes:
        took = asyncio.run(seed(address, before, size))
        print(f"{size:,} assets; {took:.0f} s for the last {size - before:,} of them")
        before = size
        questions = asyncio.run(write_questions(address))
        raw = {
            name: run_pgbench(address, folder, question.script, question.options, seconds)
            for name, question in questions.items()
        }
        paths = {name: question.paths for name, question in questions.items()}
        loads = load_server(address, folder / "var", paths, seconds)
        for name, load in loads.items():
            print(describe_load(f"{name}, {size:,} assets", load, raw[name]))


def describe_load(name: str, load: Load, raw: float) -> str:
    """Return one line of the report."""
    return (
        f"{name}: {load.per_second:.0f}/s by HTTP, median {load.median_ms:.1f} ms, 95 % within "
        f"{load.p95_ms:.1f} ms; {raw:.0f}/s in pgbench: {load.per_second / raw:.0%}"
    )


def main() -> None:
    """Run every measurement, or those named: `areas`, `assets` with how many, and seconds."""
    asked = argparse.ArgumentParser(prog="benchmarks")
    parts = ["all", "areas", "assets", "tiles", "browser", "residents", "analysis"]
    asked.add_argument("part", nargs="?", choices=parts, default="all")
    asked.add_argument("--assets", type=int, nargs="+", default=list(SIZES))
    asked.add_argument("--seconds", type=float, default=SECONDS)
    given = asked.parse_args()
    print(describe_machine())
    measured = find_places()
    if given.part in {"all", "areas"}:
        with open_places(measured) as (address, folder, box):
            measure_areas(address, folder, measured, box)
    if given.part in {"all", "tiles"}:
        for each in measured.folders:
            with open_places(measured._replace(folders=[each])) as (address, folder, _):
                before = 0
                for size in given.assets:
                    asyncio.run(seed(address, before, size))
                    before = size
                    print(f"{each.name}, {size:,} assets")
                    measure_tiles(address, folder, given.seconds)
    if given.part in {"all", "browser"}:
        first = measured._replace(folders=measured.folders[:1])
        with open_places(first) as (address, folder, _):
            measure_browser(address, folder)
    if given.part in {"all", "residents"}:
        first = measured._replace(folders=measured.folders[:1])
        with open_places(first) as (address, folder, _):
            measure_residents(address, folder)
    if given.part in {"all", "analysis"}:
        for each in measured.folders:
            with open_places(measured._replace(folders=[each])) as (address, folder, _):
                asyncio.run(seed(address, 0, given.assets[0]))
                print(f"{each.name}, {given.assets[0]:,} assets")
                measure_catchments(address, folder)
                measure_questions(address, folder, given.seconds)
    if given.part in {"all", "assets"}:
        # The first has postcodes, which the assets are spread by.
        first = measured._replace(folders=measured.folders[:1])
        with open_places(first) as (address, folder, _):
            measure_assets(address, folder, given.assets, given.seconds)


@contextmanager
def open_places(measured: Measured) -> Iterator[tuple[DatabaseAddress, Path, Box]]:
    """Load places on a throwaway cluster and yield its address, a folder, and the box around."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with LocalPostgres(folder / "postgres", durable=False).running() as cluster:
            prepare_database(cluster.address)
            yield cluster.address, folder, asyncio.run(load_places(cluster.address, measured))


if __name__ == "__main__":
    main()
