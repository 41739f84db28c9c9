"""Measure on a throwaway cluster and print the report."""

import asyncio
import os
import platform
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import text

from app.areas.queries import select_areas_at
from app.core.database import Database, DatabaseAddress
from app.core.local_postgres import LocalPostgres
from app.core.postgres_programs import find_programs
from app.core.schema import prepare_database
from app.packs.service import load_pack
from benchmarks.load import Load, put_load, wait_until_ready
from benchmarks.place import find_place

CONNECTIONS = 8
SECONDS = 10.0
POINTS = 4000
PORT = 8977

Box = tuple[float, float, float, float]


async def ignore(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far a load is."""


async def load_place(address: DatabaseAddress, folder: Path) -> Box:
    """Load the pack, print how long it took, and return the box around it."""
    database = Database(address, pool_size=0)
    began = time.perf_counter()
    await load_pack(database, folder, ignore)
    seconds = time.perf_counter() - began
    async with database.sessions() as session:
        count = (await session.scalars(text("SELECT count(*) FROM areas"))).one()
        extent = "ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
        query = text(f"SELECT {extent} FROM (SELECT ST_Extent(boundary) AS e FROM areas) AS x")  # noqa: S608
        west, south, east, north = (await session.execute(query)).one()
    await database.close()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"Load {count} areas: {seconds:.1f} s, peak memory {peak_mb} MB")
    return west, south, east, north


def run_pgbench(address: DatabaseAddress, folder: Path, box: Box) -> float:
    """Return how many times a second the database itself answers the API's own statement."""
    west, south, east, north = box
    database = Database(address, pool_size=0)
    plain = str(
        select_areas_at(by_year=False)
        .params(lon=12345.5, lat=54321.5)
        .compile(database.engine.sync_engine, compile_kwargs={"literal_binds": True})
    )
    statement = plain.replace("12345.5", ":lon / 1e6").replace("54321.5", ":lat / 1e6")
    script = folder / "at.sql"
    script.write_text(
        f"\\set lon random({int(west * 1e6)}, {int(east * 1e6)})\n"
        f"\\set lat random({int(south * 1e6)}, {int(north * 1e6)})\n"
        f"{' '.join(statement.split())};\n"
    )
    programs = find_programs()
    if programs is None:
        raise RuntimeError("No PostgreSQL here is new enough.")
    command: list[str | Path] = [
        programs.folder / "pgbench", "-n", "-M", "prepared", "-f", script, "-c", str(CONNECTIONS),
        "-j", "2", "-T", str(int(SECONDS)), address.for_libpq,
    ]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    found = re.search(r"tps = ([\d.]+)", said)
    if not found:
        raise RuntimeError(said)
    return float(found.group(1))


def load_server(address: DatabaseAddress, var_dir: Path, box: Box) -> Load:
    """Start the service and return how it answers the same question by HTTP."""
    west, south, east, north = box
    chance = random.Random(1)  # noqa: S311 - points, not secrets
    paths = [
        f"/api/v1/areas/at?lon={chance.uniform(west, east):.5f}"
        f"&lat={chance.uniform(south, north):.5f}"
        for _ in range(POINTS)
    ]
    environment = os.environ | {
        "DATABASE_URL": address.for_libpq, "PORT": str(PORT), "RUN_WORKER": "false",
        "LOG_LEVEL": "WARNING", "VAR_DIR": str(var_dir),
    }  # fmt: skip
    command = [sys.executable, "-m", "app.cli", "serve"]
    with subprocess.Popen(command, env=environment) as server:  # noqa: S603
        try:
            asyncio.run(wait_until_ready(PORT))
            asyncio.run(put_load(PORT, paths, CONNECTIONS, 2.0))
            return asyncio.run(put_load(PORT, paths, CONNECTIONS, SECONDS))
        finally:
            server.terminate()


def describe_machine() -> str:
    """Return what the figures were taken on."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores, {memory_gb:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; client, server and database share them"
    )


def main() -> None:
    """Run every measurement."""
    print(describe_machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "place").mkdir()
        with LocalPostgres(folder / "postgres", durable=False).running() as cluster:
            prepare_database(cluster.address)
            box = asyncio.run(load_place(cluster.address, find_place(folder / "place")))
            raw = run_pgbench(cluster.address, folder, box)
            load = load_server(cluster.address, folder / "var", box)
    print(f"Areas at a point, pgbench: {raw:.0f}/s")
    print(
        f"Areas at a point, HTTP:    {load.per_second:.0f}/s, median {load.median_ms:.1f} ms, "
        f"95 % within {load.p95_ms:.1f} ms: {load.per_second / raw:.0%} of pgbench"
    )


if __name__ == "__main__":
    main()
